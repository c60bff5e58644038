"""How far a load is said to be: rows, rows/s, time left; to a terminal and to nobody else."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from graphsvc.cli import progress as module
from graphsvc.cli.progress import left, progress
from graphsvc.loading.report import Counts


@pytest.mark.parametrize(
    ("seconds", "done", "rest", "text"),
    [
        (1.0, 0.5, 0.5, ""),
        (10.0, 0.5, 0.5, "0:10 left"),
        (60.0, 0.01, 0.99, "1:39:00 left"),
        (10.0, 0.0, 1.0, ""),
        (10.0, 1.0, 0.0, ""),
    ],
)
def test_the_time_left_goes_by_what_was_read(
    seconds: float, done: float, rest: float, text: str
) -> None:
    assert left(seconds, done, rest) == text


@pytest.mark.parametrize(
    ("terminal", "quiet", "seen"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_only_a_terminal_is_told(
    monkeypatch: pytest.MonkeyPatch, *, terminal: bool, quiet: bool, seen: bool
) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=terminal, width=120)
    monkeypatch.setattr(module, "notes", console)
    now = iter([100.0, 110.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(now))
    with progress("in/sellers.csv", quiet=quiet) as bar:
        shares = iter([0.0, 0.25])
        bar.share = lambda: next(shares)
        bar(Counts())
        bar(Counts(rows_in=5_000))
    assert ("5,000 rows, 500 rows/s" in out.getvalue()) is seen
    assert ("0:30 left" in out.getvalue()) is seen
