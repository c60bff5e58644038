"""The product's own jobs read a world: every good row is taken, every listed bad one refused."""

from __future__ import annotations

from collections import defaultdict

import pytest

from graphsvc.demo import money, people, places
from graphsvc.demo.dice import Dice
from graphsvc.demo.generate import Summary
from graphsvc.demo.tables import COLUMNS
from ingest.fold import address, email, payment, phone
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context, FieldRefused
from ingest.pipeline import transformed
from tests.unit.graphsvc.demo.world_files import dirty, rows_of


@pytest.fixture
def context(world: Summary) -> Context:
    """Return what holds for the load of every file of the world."""
    return Context(source="", tokens=Tokeniser(bytes(range(32))), pictures=world.out)


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_the_listed_rows_are_refused_and_no_other(
    world: Summary, context: Context, kind: str
) -> None:
    job = JOBS[kind]
    assert set(COLUMNS[kind]) <= set(job.columns)
    refused = {}
    for at, row in enumerate(rows_of(world.out, kind), start=1):
        found = transformed(row, job, context)
        if isinstance(found, FieldRefused):
            refused[at] = found.column
    assert refused == dirty(world.out, kind)


def test_however_an_account_is_written_it_folds_to_one() -> None:
    dice = Dice(1, "fold accounts")
    for _ in range(200):
        paid = money.account(dice, dice.pick(("GB", "DE", "US", "NL", "ES")))
        folded = {payment.fold(money.write(dice, paid), payment.kind_of(paid.kind)) for _ in "abcd"}
        assert len({found.canonical for found in folded}) == 1


def test_however_a_contact_is_written_it_folds_to_one() -> None:
    dice = Dice(1, "fold contacts")
    for _ in range(200):
        number = people.phone(dice, dice.pick(("GB", "DE", "US", "NL", "ES")))
        mailbox = people.email(dice, people.person(dice))
        phones = {phone.fold(people.write_phone(dice, number), None).canonical for _ in "abcd"}
        mails = {email.fold(people.write_email(dice, mailbox)).canonical for _ in "abcd"}
        assert (len(phones), len(mails)) == (1, 1)


def test_most_writings_of_a_door_fold_to_one_key_and_doors_stay_apart() -> None:
    dice = Dice(1, "fold addresses")
    keys: dict[str, set[int]] = defaultdict(set)
    same = 0
    for number in range(200):
        where = places.place(dice, places.country(dice))
        one, other = (
            address.fold(places.write(dice, where), country=where.country).key for _ in "ab"
        )
        same += one == other
        keys[one].add(number)
        keys[other].add(number)
    assert same >= 180
    assert all(len(doors) == 1 for doors in keys.values())
