"""The log: one JSON object a line on standard error, from the level that was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import structlog

from graphsvc import log


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str], level: str) -> list[dict[str, object]]:
    """Log an event of each level, and return what was written of them."""
    log.configure(level)
    logger = structlog.get_logger()
    for name in ("debug", "info", "warning", "error"):
        getattr(logger, name)("happened", ring="ring-1", text="two\nlines \x1b[2J")
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


@pytest.mark.parametrize(
    ("level", "events"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]
)
def test_events_of_the_level_and_above(
    capsys: pytest.CaptureFixture[str], level: str, events: int
) -> None:
    found = written(capsys, level)
    assert len(found) == events
    assert found[0]["level"] == level
    assert {line["event"] for line in found} == {"happened"}


def test_a_line_is_one_object_with_its_time_and_its_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    [line] = written(capsys, "error")
    assert line["ring"] == "ring-1"
    assert line["text"] == "two\nlines \x1b[2J"
    assert str(line["timestamp"]).endswith("Z")


def test_bound_values_are_on_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    with structlog.contextvars.bound_contextvars(request="r-1"):
        [line] = written(capsys, "error")
    assert line["request"] == "r-1"
