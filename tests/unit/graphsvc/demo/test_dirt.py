"""Bad rows: found where they are said to be, and the good ones untouched."""

from __future__ import annotations

import pytest

from graphsvc.demo.dice import Dice
from graphsvc.demo.dirt import DIRT, spoil
from graphsvc.demo.tables import COLUMNS, Table


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_good_rows_stay_in_order_and_bad_ones_stand_where_listed(kind: str) -> None:
    columns = COLUMNS[kind]
    good = [tuple(f"{name} {row}" for name in columns) for row in range(50)]
    table = Table(kind, columns, list(good))
    found = spoil(Dice(1, kind), table, times=3)
    assert len(found) == 3 * len(DIRT[kind])
    places = {bad.row - 1 for bad in found}
    assert len(places) == len(found)
    assert [row for at, row in enumerate(table.rows) if at not in places] == good
    for bad in found:
        row = table.rows[bad.row - 1]
        assert row not in good
        assert len(row) == len(columns)
        assert bad.column in columns


def test_every_kind_has_its_dirt() -> None:
    assert DIRT.keys() == COLUMNS.keys()
    assert all(len(ways) >= 2 for ways in DIRT.values())
