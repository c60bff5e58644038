"""What verbs print: ids whole, markup and control characters harmless, JSON exact."""

from __future__ import annotations

import json

import pytest

from graphsvc.cli.output import lines, rows, show

LONG = "shopnest:" + "s-204" * 60


def test_a_table_never_cuts_an_id(capsys: pytest.CaptureFixture[str]) -> None:
    rows([{"id": LONG, "state": None}], ["id", "state"], as_json=False, title="sellers")
    show({"id": LONG}, as_json=False)
    captured = capsys.readouterr().out
    assert captured.count(LONG) == 2
    assert "None" not in captured


def test_outside_text_gives_no_orders_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    rows([{"handle": "[red]a[/red]\x1b[2J\u202eb\n"}], ["handle"], as_json=False)
    captured = capsys.readouterr().out
    assert "[red]a[/red]" in captured
    assert not {"\x1b", "\u202e"} & set(captured)


def test_json_is_one_object_with_the_values_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    rows([{"id": LONG, "name": "Lübeck\x1b"}], ["id"], as_json=True, title="unseen")
    assert json.loads(capsys.readouterr().out) == {"items": [{"id": LONG, "name": "Lübeck\x1b"}]}
    show({"managed": True, "pid": None}, as_json=True, title="unseen")
    assert capsys.readouterr().out == '{"managed": true, "pid": null}\n'


def test_lines_are_one_object_each(capsys: pytest.CaptureFixture[str]) -> None:
    lines({"n": number} for number in range(3))
    assert [json.loads(line)["n"] for line in capsys.readouterr().out.splitlines()] == [0, 1, 2]


def test_a_table_says_lists_and_truth_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    show({"made": ["a", "b"], "done": False, "by": {"x": 1}}, as_json=False)
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert printed == [["made", "a,", "b"], ["done", "no"], ["by", "x=1"]]
