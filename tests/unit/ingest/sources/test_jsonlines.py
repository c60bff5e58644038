"""JSON Lines: one flat object a line, values as they are written."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.errors import RowIssue, SourceEmpty, SourceUnreadable
from ingest.sources import Source

Opening = Callable[..., Source]


def test_values_become_text_as_they_are_written(opening: Opening) -> None:
    line = '{"id": 7, "price": 19.90, "n": null, "t": true, "f": false, "big": 12345678901234567}'
    source = opening("s.jsonl", line.encode())

    assert list(source.rows()) == [
        (
            1,
            {
                "id": "7",
                "price": "19.90",
                "n": "",
                "t": "true",
                "f": "false",
                "big": "12345678901234567",
            },
        )
    ]
    assert source.header == ("id", "price", "n", "t", "f", "big")
    assert not source.complete


def test_blank_lines_and_a_byte_order_mark_are_passed_over(opening: Opening) -> None:
    source = opening("s.ndjson", b'\xef\xbb\xbf{"a": "x"}\n\n  \r\n{"b": "y"}\r\n')

    assert list(source.rows()) == [(1, {"a": "x"}), (4, {"b": "y"})]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (b'{"a": [1]}', "a", "list or an object"),
        (b'{"a": {"b": 1}}', "a", "list or an object"),
        (b'{"a": "\\u0000"}', "a", "NUL"),
        (b'{"\\u0000": "a"}', "", "NUL"),
        (b'{"a": "\x00"}', "", "not JSON"),
        (b'{"a": "\\ud800"}', "a", "surrogate"),
        (b'{"a": NaN}', "", "NaN"),
        (b'{"a": -Infinity}', "", "Infinity"),
        (b'{"a": 1, "a": 2}', "", "'a' stands there twice"),
        (b'{"a": "\xe9"}', "", "UTF-8"),
        (b'{"a": 1', "", "not JSON"),
        (b"[1]", "", "not an object"),
        (b"7", "", "not an object"),
        (b"[" * 100_000, "", "not JSON"),
        (b'{"a": "' + b"y" * 1_000_001 + b'"}', "a", "1,000,000 characters"),
        (b'{"a": "' + b"y" * 10_000_000 + b'"}', "", "4,000,000 bytes"),
    ],
)
def test_a_bad_line_costs_itself(opening: Opening, line: bytes, column: str, reason: str) -> None:
    first, bad, last = opening("s.jsonl", b'{"a": 1}\n' + line + b'\n{"a": 3}\n').rows()

    assert isinstance(bad, RowIssue)
    assert (bad.line, bad.column) == (2, column)
    assert reason in bad.reason
    assert (first, last) == ((1, {"a": "1"}), (3, {"a": "3"}))


def test_a_whole_surrogate_pair_is_a_character(opening: Opening) -> None:
    assert list(opening("s.jsonl", b'{"a": "\\ud83d\\ude00"}').rows()) == [(1, {"a": "😀"})]


@pytest.mark.parametrize("data", [b'[{"a": 1}]', b'[\n{"a": 1}\n]'])
def test_a_list_of_objects_is_told_apart(opening: Opening, data: bytes) -> None:
    for name in ("s.jsonl", "s.json"):
        with pytest.raises(SourceUnreadable, match="JSON list") as caught:
            opening(name, data)
        assert "one object a line" in caught.value.remedy


def test_wide_text_and_nothing_are_refused(opening: Opening) -> None:
    with pytest.raises(SourceUnreadable, match="UTF-16"):
        opening("s.jsonl", '{"a": 1}'.encode("utf-16"))
    with pytest.raises(SourceEmpty):
        opening("s.jsonl", b"\n\n")


def test_a_file_of_bad_lines_only_is_read_to_its_end(opening: Opening) -> None:
    source = opening("s.jsonl", b"x\ny\n")

    assert source.header == ()
    assert [item.line for item in source.rows() if isinstance(item, RowIssue)] == [1, 2]
