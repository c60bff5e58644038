"""Time in UTC, ids that sort by it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from graphsvc import clock


def test_now_is_aware_and_stamps_are_of_fixed_width() -> None:
    before = datetime.now(UTC)
    found = clock.now()
    assert found.utcoffset() == timedelta(0)
    assert before <= found <= datetime.now(UTC)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", clock.stamp())


def test_ids_sort_by_time_and_never_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    step = timedelta(seconds=0.3)
    moments = [datetime(2024, 3, 9, tzinfo=UTC) + step * n for n in range(50)]
    made = []
    for moment in moments:
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        made.append(clock.new_id("run"))
        assert clock.stamp() == moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert made == sorted(made)
    assert re.fullmatch(r"run-20240309t000000-00000[0-9a-f]{8}", made[0])
    assert len({clock.new_id("run") for _ in range(1_000)}) == 1_000
