"""The calendar of the invented market: days are counted from its first; the clock is never read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from graphsvc.demo.dice import Dice

FIRST = datetime(2023, 1, 1, tzinfo=UTC)
LAST_DAY = 1095


def date(day: int) -> str:
    """Return the ISO date of a day number (0 = the market's first day)."""
    return (FIRST + timedelta(days=day)).date().isoformat()


def moment(dice: Dice, day: int) -> str:
    """Return an ISO 8601 UTC time on a day, to the second."""
    at = FIRST + timedelta(days=day, seconds=dice.between(0, 86_399))
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
