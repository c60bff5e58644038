"""The benchmark's disguises and traps: seeded, what they say they are, and survived."""

from __future__ import annotations

import random
from itertools import product

import pytest

from benchmarks.address_corpus import disguised, read
from benchmarks.address_disguises import (
    DISGUISES,
    Real,
    elsewhere,
    neighbour,
    other_street,
    other_unit,
    unnumbered,
)
from benchmarks.addresses import counted
from ingest.match.addresses import alike
from ingest.match.likeness import shipped

STREETS = ("Marwick Street", "Thornaby Lane", "Orvane Avenue", "Quillon Gardens", "Tavira Road")
TOWNS = (("Kestleford", "MK40 1LR"), ("Villanora", "CM10 2AB"), ("Ostrava Nova", "IP20 7QH"))
HOME = Real("Flat 4, 10 Marwick Street", "Kestleford", "MK40 1LR", "United Kingdom")


def town_of(number: int, street: int) -> Real:
    town, code = TOWNS[(number + street) % len(TOWNS)]
    own = f"{code[:-2]}{'ABDEF'[street]}{'GHJLN'[number % 5]}"
    return Real(f"{number} {STREETS[street]}", town, own, "United Kingdom")


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_is_seeded_and_changes_the_text(name: str) -> None:
    texts = {DISGUISES[name](HOME, random.Random(seed)) for seed in range(20)}
    assert texts == {DISGUISES[name](HOME, random.Random(seed)) for seed in range(20)}
    assert texts - {None, HOME.text}


def test_traps_are_other_places() -> None:
    other = Real("7 Thornaby Lane", "Villanora", "CM10 2AB", "United Kingdom")
    next_door = neighbour(HOME, 2)
    assert next_door is not None
    assert next_door.street == "Flat 4, 12 Marwick Street"
    assert neighbour(HOME, -10) is None
    moved = elsewhere(HOME, other, random.Random(1))
    assert moved is not None
    assert (moved.street, moved.town) == (HOME.street, "Villanora")
    assert elsewhere(HOME, HOME, random.Random(1)) is None
    turned = other_street(HOME, other)
    assert turned is not None
    assert (turned.street, turned.postcode) == ("10 Thornaby Lane", "")
    british = Real(HOME.street, HOME.town, HOME.postcode, "")
    bare = unnumbered(british, random.Random(2))
    assert bare is not None
    assert "10" not in bare.street
    assert bare.postcode != HOME.postcode
    assert other_unit(HOME, random.Random(1)) is None, "a flat does not stand for the house"


@pytest.mark.parametrize("name", DISGUISES)
def test_each_disguise_is_survived_beside_its_neighbours(name: str) -> None:
    places = product((10, 40, 110, 160), range(len(STREETS)))
    corpus = disguised([town_of(number, street) for number, street in places], name, seed=3)
    assert len(corpus.disguised) >= 5
    held = read(corpus)
    told = counted(corpus, held, alike(held.columns, shipped()), shipped().review)
    assert told.recall >= 0.95
    assert told.precision >= 0.92
