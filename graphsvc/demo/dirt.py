"""Rows that a careful loader must refuse, put between good ones and listed in the truth; no I/O."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphsvc.demo import money
from graphsvc.demo.dice import Dice
from graphsvc.demo.tables import Table

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Dirt:
    """One way to spoil a good row: the column at fault and what is wrong with it."""

    column: str
    why: str
    change: Callable[[Dice, Row], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Spoilt:
    """Where a bad row stands: its place among the data rows of its table, counted from 1."""

    kind: str
    row: int
    column: str
    why: str


def _put(**values: str) -> Callable[[Dice, Row], Mapping[str, str]]:
    return lambda dice, row: values


def _wrong_iban(dice: Dice, row: Row) -> Mapping[str, str]:
    bad = money.spoil(money.iban(dice, dice.pick(("GB", "DE", "NL"))))
    return {"account": bad, "account_kind": "iban", "processor": ""}


DIRT: Mapping[str, tuple[Dirt, ...]] = {
    "sellers": (
        Dirt("registered_at", "impossible date", _put(registered_at="2024-02-31")),
        Dirt("risk", "outside 0–1", _put(risk="1.7")),
        Dirt("country", "no such country", _put(country="Atlantis")),
        Dirt("seller_id", "empty", _put(seller_id="")),
    ),
    "listings": (
        Dirt("price", "not a number", _put(price="12,3x")),
        Dirt("currency", "price without currency", _put(currency="")),
        Dirt("title", "empty", _put(title="")),
    ),
    "addresses": (
        Dirt("address", "empty", _put(address="")),
        Dirt("role", "unknown role", _put(role="attic")),
        Dirt("asserted_by", "unknown source", _put(asserted_by="rumour")),
    ),
    "payment_accounts": (
        Dirt("account", "wrong IBAN check digits", _wrong_iban),
        Dirt("account", "empty", _put(account="")),
        Dirt("seen_at", "impossible date", _put(seen_at="2024-13-01")),
    ),
    "contacts": (
        Dirt("phone", "neither phone nor email", _put(phone="", email="")),
        Dirt("phone", "too short", _put(phone="+44 12", email="")),
        Dirt("email", "no mailbox", _put(phone="", email="nobody at home")),
    ),
    "devices": (
        Dirt("device", "empty", _put(device="")),
        Dirt("seen_at", "not a date", _put(seen_at="yesterday")),
    ),
    "images": (
        Dirt("path", "leaves the folder", _put(path="../outside.jpg", sha256="", pdq="")),
        Dirt("path", "no such file", _put(path="pictures/gone.jpg", sha256="", pdq="")),
        Dirt("sha256", "too short", _put(path="", sha256="abc123", pdq="0" * 64)),
    ),
    "reports": (
        Dirt("verdict", "unknown verdict", _put(verdict="dodgy")),
        Dirt("at", "impossible date", _put(at="2025-13-40")),
        Dirt("reporter", "empty", _put(reporter="")),
    ),
}


def spoil(dice: Dice, table: Table, *, times: int) -> list[Spoilt]:
    """Put each bad row of the table's kind into it `times` times; return where they stand."""
    good = list(table.rows)
    bad = [dirt for dirt in DIRT[table.kind] for _ in range(times)]
    spots = sorted(dice.numpy.integers(0, len(good) + 1, size=len(bad)).tolist())
    found, rows, done = [], [], 0
    for spot, dirt in zip(spots, dice.sample(bad, len(bad)), strict=True):
        rows += good[done:spot]
        done = spot
        row = dict(zip(table.columns, dice.pick(good), strict=True))
        row.update(dirt.change(dice, row))
        rows.append(tuple(row.values()))
        found.append(Spoilt(table.kind, len(rows), dirt.column, dirt.why))
    table.rows[:] = rows + good[done:]
    return found


def write_dirt(path: Path, spoilt: list[Spoilt], names: Mapping[str, str]) -> None:
    """Write the list of bad rows; `names` gives the file of each kind."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("file", "row", "column", "why"))
        writer.writerows((names[bad.kind], bad.row, bad.column, bad.why) for bad in spoilt)
