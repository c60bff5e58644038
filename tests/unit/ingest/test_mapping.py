"""Mapping files and what they do to rows: each fault names its key, each row keeps its sense."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import ColumnsRefused, MappingRefused
from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context, FieldRefused
from ingest.mapping import Mapping, load_mapping
from ingest.pipeline import batches
from ingest.reading import Reading, reading_of
from ingest.sources import open_source

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
Loading = Callable[[str], Mapping]


@pytest.fixture
def loading(tmp_path: Path) -> Loading:
    """A function that writes YAML to a file and loads it."""

    def made(text: str) -> Mapping:
        path = tmp_path / "mapping.yml"
        path.write_text(text, "utf-8")
        return load_mapping(path)

    return made


@pytest.fixture
def reads(tmp_path: Path) -> Callable[..., Reading]:
    """A function that binds a mapping to a kind and to a file with that header."""

    def made(kind: str, header: str, mapping: Mapping | None = None, **more: Any) -> Reading:
        path = tmp_path / "rows.csv"
        path.write_text(header + "\n", "utf-8")
        return reading_of(JOBS[kind], open_source(path), mapping or Mapping(), **more)

    return made


def test_every_key(loading: Loading) -> None:
    found = loading(
        """
        kind: addresses
        platform: shopnest
        source: feed a
        columns:
          seller_id: {template: "{shop}-{nr}"}
          address: {from: [street, town], join: ", "}
          country: {const: "NO"}
          seen_at: when
        empty: ["", "-0-"]
        dates: "%d %b %Y"
        decimal: ","
        delimiter: "\\t"
        encoding: cp1252
        ignore: [remark]
        skip: {shop: shop}
        where: {state: [on, "off"]}
        """.replace("on, ", '"on", ')
    )

    assert (found.kind, found.platform, found.source) == ("addresses", "shopnest", "feed a")
    assert (found.dates, found.decimal, found.delimiter) == ("%d %b %Y", ",", "\t")
    assert (found.ignore, found.skip) == (["remark"], {"shop": "shop"})
    assert found.where == {"state": ["on", "off"]}


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeffkind: sellers"])
def test_everything_may_be_left_out(loading: Loading, text: str) -> None:
    assert loading(text).columns == {}


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yml")), ids=lambda path: path.name)
def test_the_examples_are_good(path: Path) -> None:
    assert load_mapping(path).kind in JOBS


@pytest.mark.parametrize(
    ("text", "key", "hint"),
    [
        ("platfrom: x", "platfrom", "platform"),
        ("kind: seller", "kind", "sellers"),
        ("platform: NO", "platform", "quotes"),
        ('platform: "a:b"', "platform", "colon"),
        ('source: "  "', "source", ""),
        ("columns: [a]", "columns", "dictionary"),
        ("columns: {a: }", "columns.a", "{const: x}"),
        ('columns: {a: ""}', "columns.a", "at least 1"),
        ("columns: {1: a}", "columns.1", "quotes"),
        ("columns: {a: {templat: x}}", "columns.a", "{template: x}"),
        ("columns: {a: {from: b}}", "columns.a.from", "list"),
        ("columns: {a: {from: []}}", "columns.a.from", "at least 1"),
        ("columns: {a: {from: [b], const: x}}", "columns.a.const", "from and join"),
        ("columns: {a: {const: NO}}", "columns.a.const", "quotes"),
        ("columns: {a: {const: 2024-01-01}}", "columns.a.const", "quotes"),
        ("columns: {a: {const: .nan}}", "columns.a.const", "finite"),
        ('columns: {a: {template: "{"}}', "columns.a.template", "'{'"),
        ('columns: {a: {template: "{}"}}', "columns.a.template", "a column's name"),
        ('columns: {a: {template: "{0}"}}', "columns.a.template", "a column's name"),
        ('columns: {a: {template: "{b.__class__}"}}', "columns.a.template", "a column's name"),
        ('columns: {a: {template: "{b!r}"}}', "columns.a.template", "a column's name"),
        ('columns: {a: {template: "{b:>9999999}"}}', "columns.a.template", "a column's name"),
        ('empty: ""', "empty", "list"),
        ("empty: [0]", "empty.0", "quotes"),
        ('dates: "%Q"', "dates", "'Q'"),
        ('dates: "%d %b"', "dates", "with the year"),
        ('decimal: ";"', "decimal", "'.' or ','"),
        ("region: Atlantis", "region", "ISO 3166"),
        ("delimiter: ;;", "delimiter", "one character"),
        ("delimiter: '\\t'", "delimiter", "double quotes"),
        ("encoding: klingon", "encoding", "cp1252"),
        ("ignore: all", "ignore", "`rest`"),
        ("skip: {status: 0}", "skip: status", "quotes"),
        ("skip: status", "skip", "column: value"),
        ("where: {active: [yes]}", "where: active", "quotes"),
    ],
)
def test_a_fault_names_its_key_and_what_would_do(
    loading: Loading, text: str, key: str, hint: str
) -> None:
    with pytest.raises(MappingRefused) as caught:
        loading(text)
    assert key in caught.value.reason
    assert hint in caught.value.reason + caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "platform: a\nplatform: b",
        "columns:\n  a: b\n  a: c",
        "a: [",
        "? [1, 2]\n: 3",
        "dates: 2024-99-99",
        "!!python/object/apply:os.getcwd []",
        "\x00",
        "[1, 2]",
        "text",
        "&a [*a]",
        "[" * 5000,
        "platform: " + "x" * 1_000_001,
    ],
)
def test_what_is_no_mapping_of_keys_is_refused(loading: Loading, text: str) -> None:
    with pytest.raises(MappingRefused):
        loading(text)


def test_a_mapping_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MappingRefused, match="No such file"):
        load_mapping(tmp_path / "gone.yml")
    with pytest.raises(MappingRefused, match="directory"):
        load_mapping(tmp_path)
    (tmp_path / "latin.yml").write_bytes("platform: größe".encode("cp1252"))
    with pytest.raises(MappingRefused, match="utf-8"):
        load_mapping(tmp_path / "latin.yml")


def test_rows_become_ours(loading: Loading, reads: Callable[..., Reading]) -> None:
    mapping = loading(
        """
        columns:
          seller_id: {template: "{shop}-{nr}"}
          address: {from: [street, unit, town], join: ", "}
          country: {const: "NO"}
        empty: ["-0-"]
        ignore: rest
        """
    )
    reading = reads("addresses", "shop,nr,street,unit,town,x", mapping, platform="shopnest")
    row = {"shop": "a", "nr": " 7 ", "street": "High St 1", "unit": " -0- ", "town": "Leeds"}

    assert reading.apply(row | {"x": "y"}) == {
        "seller_id": "a-7",
        "address": "High St 1, Leeds",
        "country": "NO",
        "platform": "shopnest",
    }
    emptied = reading.apply(row | {"nr": "-0-", "town": "", "street": "-0-"})
    assert emptied is not None
    assert (emptied["seller_id"], emptied["address"]) == ("", "")


def test_skip_and_where_pass_over_rows(loading: Loading, reads: Callable[..., Reading]) -> None:
    mapping = loading('skip: {seller_id: seller_id}\nwhere: {state: ["on", new]}')
    reading = reads("sellers", "seller_id,state", mapping)

    assert reading.apply({"seller_id": "seller_id", "state": "on"}) is None
    assert reading.apply({"seller_id": "s", "state": "off"}) is None
    assert reading.apply({"seller_id": "s", "state": " new "}) == {"seller_id": "s"}


def test_the_platform_of_a_row_comes_first(loading: Loading, reads: Callable[..., Reading]) -> None:
    mapping = loading("platform: mapped")
    own = reads("sellers", "seller_id,platform", mapping, platform="asked")
    plain = reads("sellers", "seller_id", mapping, platform="asked")

    assert own.names_platform
    assert own.apply({"seller_id": "1", "platform": "own"}) == {"seller_id": "1", "platform": "own"}
    assert own.apply({"seller_id": "1", "platform": " "}) == {
        "seller_id": "1",
        "platform": "mapped",
    }
    assert plain.apply({"seller_id": "1"}) == {"seller_id": "1", "platform": "mapped"}
    assert reads("sellers", "seller_id", platform="asked").platform == "asked"
    assert reads("sellers", "seller_id").platform is None


@pytest.mark.parametrize(
    ("kind", "header", "named", "remedy"),
    [
        ("sellers", "seller_id,handel", "handel", "handle"),
        ("sellers", "handle", "seller_id", "--mapping"),
        ("listings", "listing_id,seller_id", "title", "--mapping"),
        ("sellers", "seller_id,shoe_size", "shoe_size", "ignore"),
        ("contacts", "seller_id", "phone or email", "add one"),
        ("addresses", "seller_id,street", "address or street+city", "add one"),
    ],
)
def test_columns_that_do_not_fit(
    reads: Callable[..., Reading], kind: str, header: str, named: str, remedy: str
) -> None:
    with pytest.raises(ColumnsRefused) as caught:
        reads(kind, header)
    assert named in caught.value.reason
    assert remedy in caught.value.remedy


def test_a_mapping_that_speaks_of_other_columns(
    loading: Loading, reads: Callable[..., Reading]
) -> None:
    with pytest.raises(ColumnsRefused, match=r"columns\.seler_id") as caught:
        reads("sellers", "id", loading("columns: {seler_id: id}"))
    assert "seller_id" in caught.value.remedy
    with pytest.raises(ColumnsRefused, match="reads nr") as caught:
        reads("sellers", "id", loading("columns: {seller_id: nr}\nignore: rest"))
    assert "the file has: id" in caught.value.remedy


def test_without_a_header_each_row_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"seller_id": "1"}\n{"seller_id": "2", "shoe": "9"}\n{"handle": "x"}\n')
    source = open_source(path)
    reading = reading_of(JOBS["sellers"], source, Mapping(), platform="shopnest")
    with pytest.raises(FieldRefused) as caught:
        reading.apply({"seller_id": "2", "shoe": "9"})
    assert caught.value.column == "shoe"

    context = Context(source="", tokens=Tokeniser(b"k" * 32))
    (batch,) = batches(source, JOBS["sellers"], reading=reading, context=context, size=10)
    assert [(issue.line, issue.column) for issue in batch.issues] == [(2, "shoe"), (3, "seller_id")]
    assert list(batch.accepted) == [1]


def test_a_missing_value_of_a_required_column_costs_its_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("listing_id,seller_id,title\nl-1,s-1,lamp\nl-2,,lamp\nl-3,s-1, \n")
    source, job = open_source(path), JOBS["listings"]
    reading = reading_of(job, source, Mapping(), platform="shopnest")
    context = Context(source="", tokens=Tokeniser(b"k" * 32))
    (batch,) = batches(source, job, reading=reading, context=context, size=10)

    assert [(issue.line, issue.column) for issue in batch.issues] == [
        (3, "seller_id"),
        (4, "title"),
    ]
    assert (batch.rows, list(batch.accepted)) == (3, [2])
