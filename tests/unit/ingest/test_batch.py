"""A batch settles what its rows say of one key: the same record whatever their order."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from itertools import permutations

import pytest

from ingest.batch import Lost, Settler, Table, contradiction, masked
from ingest.records import Facts, Stamp, canonical, content_digest
from queries.merge import columns
from queries.schema import EDGES, NODES
from queries.schema.actors import Platform, Seller
from queries.schema.goods import Image
from queries.schema.links import UsesDevice

STAMP = Stamp("rows.csv", "ab" * 32, "sellers/1")
JANUARY, MAY = "2024-01-01T00:00:00Z", "2024-05-01T00:00:00Z"


def seller(handle: str | None, name: str = "p:s-1") -> Seller:
    return Seller(id=name, platform="p", handle=handle)


def settled(*rows: tuple[int, str, object]) -> tuple[dict[type, Table], list[Lost]]:
    """Return the tables of rows of (line, seen at, record) by class, and who lost."""
    settler = Settler()
    for line, seen, record in rows:
        settler.add(line, Facts(seen, (record,)))
    return {table.shape.spec.row: table for table in settler.tables(STAMP.source)}, settler.lost


def only(*rows: tuple[int, str, object]) -> tuple[object, str, int]:
    """Return the one record that is left, when it was seen, and the line that it came from."""
    tables, _ = settled(*rows)
    [table] = tables.values()
    [line] = table.lines
    entry = table.entry(0)
    assert line == entry.line
    return entry.record, entry.seen_at, entry.line


def in_any_order(rows: Sequence[tuple[int, str, object]]) -> set[str]:
    """Return the records that are left, for every order of the rows."""
    return {repr(only(*order)[0]) for order in permutations(rows)}


def test_the_row_seen_last_wins_in_any_order() -> None:
    rows = [(2, MAY, seller("birch")), (3, JANUARY, seller("cedar")), (4, "", seller("zinc"))]
    assert in_any_order(rows) == {repr(seller("birch"))}
    assert settled(*rows)[1] == []


def test_on_a_tie_the_greatest_row_wins_and_each_other_is_lost() -> None:
    rows = [(n, MAY, seller(name)) for n, name in ((2, "amber"), (3, "cedar"), (4, "birch"))]
    assert in_any_order(rows) == {repr(seller("cedar"))}
    for order in permutations(rows):
        assert sorted(lost.line for lost in settled(*order)[1]) == [2, 4]


def test_rows_that_agree_are_one_and_were_seen_when_the_last_was() -> None:
    record, seen, line = only((2, JANUARY, seller("a")), (3, MAY, seller("a")))
    assert (record, seen, line) == (seller("a"), MAY, 2)
    assert settled((2, "", seller("a")), (3, "", seller("a")))[1] == []


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_least_and_greatest_are_taken_over_all_rows(order: tuple[int, ...]) -> None:
    seen = [(None, None), (JANUARY, JANUARY), (MAY, MAY)]
    rows = [
        (n, "", UsesDevice(start="p:s-1", end="d", first_seen=seen[n][0], last_seen=seen[n][1]))
        for n in order
    ]
    record, _, _ = only(*rows)
    assert isinstance(record, UsesDevice)
    assert (record.first_seen, record.last_seen) == (JANUARY, MAY)
    assert settled(*rows)[1] == [], "an assertion of dates alone is contradicted by none"


def test_texts_are_least_by_the_order_of_the_graph() -> None:
    # By code points U+FF5E is less than U+1F600; by UTF-16 code units, as in Neo4j, it is greater.
    rows = [
        (2, "", Image(sha256="a", media_type="\uff5e")),
        (3, "", Image(sha256="a", media_type="\U0001f600")),
    ]
    assert in_any_order(rows) == {repr(Image(sha256="a", media_type="\U0001f600"))}


def test_the_roles_of_an_assertion_are_apart() -> None:
    tables, _ = settled(
        (2, "", UsesDevice(start="p:s-1", end="d")),
        (3, "", UsesDevice(start="p:s-1", end="d", source_system="other")),
        (4, "", UsesDevice(start="p:s-1", end="d", asserted_by="self_declared")),
        (5, "", UsesDevice(start="p:s-1", end="d", role="return")),
        (6, "", UsesDevice(start="p:s-1", end="d")),
    )
    assert len(tables[UsesDevice].keys) == 4


def test_columns_stand_in_key_order_under_the_names_of_the_merge() -> None:
    tables, _ = settled(
        (2, MAY, seller("b", "p:s-2")), (3, "", seller("a")), (4, "", Platform(id="p", name=None))
    )
    table = tables[Seller]
    assert table.keys == ["p:s-1", "p:s-2"]
    assert tuple(table.columns) == columns(NODES[Seller])
    assert table.columns["id"] == table.keys
    assert table.columns["handle"] == ["a", "b"]
    assert table.columns["seen_at"] == [None, MAY]
    assert table.columns["source"] == [f"{'ab' * 8}:3", f"{'ab' * 8}:2"]
    values = table.shape.winner(seller("a"))
    assert table.columns["digest"][0] == content_digest(canonical(values))


def test_an_assertion_has_both_ends_and_a_key_in_its_columns() -> None:
    tables, _ = settled((2, "", UsesDevice(start="p:s-1", end="d")))
    table = tables[UsesDevice]
    assert tuple(table.columns) == columns(EDGES[UsesDevice])
    assert (table.columns["start"], table.columns["end"]) == (["p:s-1"], ["d"])
    assert table.columns["key"] == table.keys
    assert "digest" not in table.columns


def test_a_batch_of_nothing_has_no_table() -> None:
    assert settled() == ({}, [])


def test_a_contradiction_names_both_lines_and_hides_secrets() -> None:
    row = {"seller_id": "s-1", "account": "12345678", "holder": ""}
    issue = contradiction("rows.csv", Lost(3, 2), row, secret=frozenset({"account", "holder"}))
    assert (issue.file, issue.line, issue.column) == ("rows.csv", 3, "")
    assert "line 3 contradicts line 2" in issue.reason
    assert "seen_at" in issue.remedy
    assert issue.row == {"seller_id": "s-1", "account": "***", "holder": ""}


def test_a_mask_says_nothing_of_the_value() -> None:
    assert masked({"a": "1", "b": "22"}, frozenset({"b"})) == {"a": "1", "b": "***"}


def test_a_table_that_another_process_made_is_the_same() -> None:
    tables, _ = settled(
        (2, MAY, seller("b", "p:s-2")),
        (3, "", seller("a")),
        (4, JANUARY, UsesDevice(start="p:s-1", end="d", first_seen=JANUARY, last_seen=MAY)),
    )
    for table in tables.values():
        copied = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
        assert copied == table


def test_a_record_is_what_its_row_said() -> None:
    rows: list[tuple[int, str, object]] = [
        (2, MAY, seller("b", "p:s-2")),
        (3, "", seller("a")),
        (4, JANUARY, UsesDevice(start="p:s-1", end="d", first_seen=JANUARY, last_seen=MAY)),
    ]
    tables, _ = settled(*rows)
    found = [t.entry(place) for t in tables.values() for place in range(len(t.lines))]
    assert sorted((entry.line, entry.seen_at, entry.record) for entry in found) == rows


def test_the_same_record_again_is_seen_when_the_later_row_was() -> None:
    platform = Platform(id="p", name=None)
    for rows in permutations([(2, "", platform), (3, MAY, platform), (4, JANUARY, platform)]):
        _, seen, line = only(*rows)
        assert (seen, line) == (MAY, rows[0][0])
