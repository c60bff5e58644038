"""CSV: every way to be bad costs its own row, and no other."""

from __future__ import annotations

import csv
import io
import random
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from ingest.errors import (
    ColumnsRefused,
    MappingRefused,
    RowIssue,
    SourceEmpty,
    SourceUnreadable,
)
from ingest.sources import Item, Source, delimited, lines

Opening = Callable[..., Source]


def issue(item: Item) -> RowIssue:
    assert isinstance(item, RowIssue), f"taken for good: {item}"
    return item


def rows(items: Iterator[Item]) -> list[tuple[int, dict[str, str]]]:
    return [item for item in items if not isinstance(item, RowIssue)]


def test_plain_rows_with_their_lines(opening: Opening) -> None:
    source = opening("s.csv", b"id,name\r\n1,x\r\n\r\n 2 ,\n")

    assert source.header == ("id", "name")
    assert list(source.rows()) == [(2, {"id": "1", "name": "x"}), (4, {"id": " 2 ", "name": ""})]
    assert list(source.rows()) == list(source.rows()), "a source can be read again"


def test_a_quoted_field_over_lines_keeps_the_count(opening: Opening) -> None:
    source = opening("s.csv", b'id,t\n1,"a\r\n\nb ""q"", c"\n2,x\n')

    assert list(source.rows()) == [
        (2, {"id": "1", "t": 'a\r\n\nb "q", c'}),
        (5, {"id": "2", "t": "x"}),
    ]


def test_header_only_is_no_error(opening: Opening) -> None:
    assert list(opening("s.csv", b"id,name\n").rows()) == []


@pytest.mark.parametrize("data", [b"", b"\n\r\n\n", b"\xef\xbb\xbf"])
def test_nothing_is_refused(opening: Opening, data: bytes) -> None:
    with pytest.raises(SourceEmpty, match="empty"):
        opening("s.csv", data)


@pytest.mark.parametrize("header", [b"id,name", b'"id","name"'])
def test_a_byte_order_mark_is_dropped(opening: Opening, header: bytes) -> None:
    source = opening("s.csv", b"\xef\xbb\xbf" + header + b"\n1,x\n")

    assert source.header == ("id", "name")
    assert list(source.rows()) == [(2, {"id": "1", "name": "x"})]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_refused_with_a_remedy_and_read_when_named(
    opening: Opening, encoding: str
) -> None:
    data = ("" if encoding in ("utf-16", "utf-32") else "\ufeff") + "id,t\n1,a\u2028\x85é\n2,b\n"

    with pytest.raises(SourceUnreadable, match="UTF-16") as caught:
        opening("s.csv", data.encode(encoding))
    assert "encoding: utf-16" in caught.value.remedy
    source = opening("s.csv", data.encode(encoding), encoding=encoding.replace("-", "_").upper())
    assert list(source.rows()) == [
        (2, {"id": "1", "t": "a\u2028\x85é"}),
        (3, {"id": "2", "t": "b"}),
    ]


def test_utf_16_that_breaks_off_names_the_line_reached(opening: Opening) -> None:
    source = opening("s.csv", "id\n1\n2\n3".encode("utf-16")[:-1], encoding="utf-16")
    found = source.rows()

    assert [next(found)[0] for _ in range(2)] == [2, 3]
    with pytest.raises(SourceUnreadable) as caught:
        next(found)
    assert caught.value.line == 3


def test_half_a_surrogate_pair_costs_its_row(opening: Opening) -> None:
    data = "id\n".encode("utf-16-le") + b"\x00\xd8\n\x00" + "2\n".encode("utf-16-le")
    first, second = opening("s.csv", data, encoding="utf-16-le").rows()

    assert issue(first).line == 2
    assert second == (3, {"id": "2"})


def test_a_line_in_another_encoding_costs_its_row(opening: Opening) -> None:
    data = "id,town\n1,Köln\n2,Bonn\n".encode("cp1252")
    first, second = opening("s.csv", data).rows()

    assert (issue(first).line, issue(first).column) == (2, "town")
    assert "encoding: cp1252" in issue(first).remedy
    assert second == (3, {"id": "2", "town": "Bonn"})
    named = opening("s.csv", data, encoding="cp1252").rows()
    assert next(named) == (2, {"id": "1", "town": "Köln"})


def test_a_header_in_another_encoding_is_refused(opening: Opening) -> None:
    with pytest.raises(SourceUnreadable) as caught:
        opening("s.csv", "größe\n1\n".encode("cp1252"))
    assert caught.value.line == 1
    assert "encoding: cp1252" in caught.value.remedy


def test_a_nul_byte_costs_its_record_once(opening: Opening) -> None:
    first, second = opening("s.csv", b'id,t\n1,"a\nb\x00c\nd"\n2,x\n').rows()

    assert (issue(first).line, issue(first).column) == (2, "t")
    assert "NUL" in issue(first).reason
    assert second == (5, {"id": "2", "t": "x"})


def test_the_last_line_is_refused_too_where_no_line_feed_ends_it(opening: Opening) -> None:
    found = list(opening("s.csv", b"id,t\n1,x\n2,\xff").rows())

    assert [item.line for item in found if isinstance(item, RowIssue)] == [3]


def test_ragged_rows_say_how_many_columns_and_hide_the_cells(opening: Opening) -> None:
    short, long, good = opening("s.csv", b"id,iban\n1\n2,x,SECRET\n3,y\n").rows()

    assert (issue(short).line, issue(short).column) == (2, "iban")
    assert issue(short).reason == "columns: 1 here, 2 in the header"
    assert issue(long).reason == "columns: 3 here, 2 in the header"
    assert "x" not in issue(long).row.values()
    assert good == (4, {"id": "3", "iban": "y"})


def test_a_quote_that_never_closes_costs_the_line_where_it_began(opening: Opening) -> None:
    broken, *others = opening("s.csv", b'id,t\n1,"a\n2,b\n3,c\n').rows()

    assert issue(broken).line == 2
    assert "never closed" in issue(broken).reason
    assert others == [(3, {"id": "2", "t": "b"}), (4, {"id": "3", "t": "c"})]


def test_a_stray_quote_costs_its_row(opening: Opening) -> None:
    broken, good = opening("s.csv", b'id,t\n1,"a"b\n2,b\n').rows()

    assert issue(broken).line == 2
    assert good == (3, {"id": "2", "t": "b"})


def test_a_field_of_a_hundred_megabytes_costs_its_row_and_little_memory(opening: Opening) -> None:
    source = opening("s.csv", b"id,t\n1," + b"y" * 100_000_000 + b"\n2,x\n")
    tracemalloc.start()
    huge, good = source.rows()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (issue(huge).line, issue(huge).column) == (2, "t")
    assert "1,000,000 characters" in issue(huge).reason
    assert good == (3, {"id": "2", "t": "x"})
    assert peak < 50_000_000, "that of what is kept of the line, not of the line"


def test_a_field_of_ten_megabytes_costs_its_row(opening: Opening) -> None:
    huge, good = opening("s.csv", b"t,id\n" + b"y" * 10_000_000 + b",1\nx,2\n").rows()

    assert (issue(huge).line, issue(huge).column) == (2, "t")
    assert good == (3, {"t": "x", "id": "2"})


def test_a_long_quoted_field_is_named_too(opening: Opening) -> None:
    data = b'id,a,t\n1,"x,""y""","' + b"y," * 600_000 + b'"\n2,,x\n'
    huge, good = opening("s.csv", data).rows()

    assert (issue(huge).line, issue(huge).column) == (2, "t")
    assert good == (3, {"id": "2", "a": "", "t": "x"})


def test_a_long_line_inside_an_open_quote_swallows_no_line(opening: Opening) -> None:
    data = b'id,t\n"x,1\n' + b"y" * 5_000_000 + b",2\n3,4\n5,6\n"
    found = list(opening("s.csv", data).rows())

    assert [item.line for item in found if isinstance(item, RowIssue)] == [2, 3]
    assert rows(iter(found)) == [(4, {"id": "3", "t": "4"}), (5, {"id": "5", "t": "6"})]


def test_a_file_of_quotes_that_never_close_is_read_in_bounded_work(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0
    step = lines.Lines.__next__

    def counted(self: lines.Lines) -> str:
        nonlocal read
        read += 1
        return step(self)

    monkeypatch.setattr(lines.Lines, "__next__", counted)
    # Each line closes the quote of the one before and opens its own.
    found = list(opening("s.csv", b"id,t\n" + b'b","\n' * 15_000).rows())

    assert len(found) == 15_000
    assert all(isinstance(item, RowIssue) for item in found)
    assert read < 15_000 * (lines.MOST_LINES_AGAIN + 3)


def test_old_line_ends_are_told(opening: Opening) -> None:
    with pytest.raises(SourceUnreadable, match="carriage return") as caught:
        opening("s.csv", b"id,t\r1,x\r")
    assert "LF or CRLF" in caught.value.remedy


def test_column_names_must_differ(opening: Opening) -> None:
    with pytest.raises(ColumnsRefused, match="names id more than once") as caught:
        opening("s.csv", b"id,t, id\n")
    assert caught.value.line == 1


def test_a_nameless_column_is_known_by_its_place(opening: Opening) -> None:
    assert opening("s.csv", b"id,,\n1,2,3\n").header == ("id", "column_2", "column_3")


def test_delimiters(opening: Opening) -> None:
    assert list(opening("s.csv", b"a;b\n1;2,3\n", delimiter=";").rows()) == [
        (2, {"a": "1", "b": "2,3"})
    ]
    assert opening("s.tsv", b"a\tb\n").header == ("a", "b")
    assert opening("s.txt", b"a^b\n", delimiter="^").header == ("a", "b")


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n", "\x00"])
def test_a_delimiter_that_cannot_be(opening: Opening, delimiter: str) -> None:
    with pytest.raises(MappingRefused, match="delimiter"):
        opening("s.csv", b"a\n", delimiter=delimiter)


@pytest.mark.parametrize(
    "encoding", ["klingon", "hex", "rot13", "undefined", "unicode_escape", "cp037", "idna\x00"]
)
def test_an_encoding_that_cannot_be(opening: Opening, encoding: str) -> None:
    with pytest.raises(MappingRefused, match="encoding"):
        opening("s.csv", b"a\n", encoding=encoding)


PIECES = (
    b"a,b\n",
    b'"x\ny",z\n',
    b'"a""b",c\r\n',
    b"\n",
    b'1,"2\r3"\n',
    b'w,"u"',
    b'"',
    b"\xc3\x00",
)


def test_fast_and_slow_reading_agree_and_are_what_the_library_reads(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(20)
    compared = 0
    for _ in range(400):
        data = b"a,b\n" + b"".join(dice.choice(PIECES) for _ in range(dice.randrange(9)))
        with monkeypatch.context() as patch:
            fast = list(opening("s.csv", data).rows())
            patch.setattr(lines, "BLOCK", 7)
            assert list(opening("s.csv", data).rows()) == fast
            patch.setattr(delimited, "_at_once", _never)
            assert list(opening("s.csv", data).rows()) == fast
        if len(rows(iter(fast))) == len(fast):
            text = io.StringIO(data.decode(), newline="")
            wanted = [cells for cells in csv.reader(text, strict=True) if cells][1:]
            assert [list(row.values()) for _, row in rows(iter(fast))] == wanted
            compared += 1
    assert compared > 50


def _never(block: bytes, held: lines.Lines, dialect: object) -> Iterator[delimited.Record]:
    held.again.extend(line + b"\n" for line in block.removesuffix(b"\n").split(b"\n"))
    if not block.endswith(b"\n"):
        held.again.append(held.again.pop()[:-1])
    return iter(())
