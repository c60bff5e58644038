"""Time and fresh ids: the only module that asks the machine for either, so that tests can."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def now() -> datetime:
    """Return the present time, aware, in UTC."""
    return datetime.now(UTC)


def stamp() -> str:
    """Return the present time as the graph writes it: ISO 8601, UTC, whole seconds, fixed width."""
    return now().strftime(FORMAT)


def new_id(prefix: str) -> str:
    """Return a fresh id `prefix-YYYYMMDDTHHMMSS-uuuuuxxxxxxxx`, which sorts by time.

    The microsecond in five hexadecimal digits is followed by 32 random bits.
    """
    moment = now()
    tail = f"{moment.microsecond:05x}{secrets.token_hex(4)}"
    return f"{prefix}-{moment.strftime('%Y%m%dT%H%M%S')}-{tail}"
