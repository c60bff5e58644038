"""How a refusal is told: what went wrong, what to do, and nothing that a terminal would obey."""

from __future__ import annotations

import pytest

from graphsvc.cli.main import refuse


def test_a_refusal_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    refuse("x" * 400, "Do this.")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"error: {'x' * 400}\n  do: Do this.\n"


def test_outside_text_gives_no_orders_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    refuse("unknown columns: [bold]a[/]\x1b[2J\u202eb\r\nc", "[red]do[/red]\x07")
    printed = capsys.readouterr().err
    assert "[bold]a[/]" in printed
    assert "[red]do[/red]" in printed
    assert printed.count("\n") == 2
    assert not {"\x1b", "\u202e", "\r", "\x07"} & set(printed)
