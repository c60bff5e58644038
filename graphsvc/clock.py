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
    """Return a fresh id `prefix-YYYYMMDDtHHMMSS-uuuuuxxxxxxxx`, which sorts by time.

    The microsecond in five hexadecimal digits is followed by 32 random bits. The small t lets
    Neo4j keep the id inside the record of what bears it: a capital one costs 128 bytes each.
    """
    moment = now()
    tail = f"{moment.microsecond:05x}{secrets.token_hex(4)}"
    return f"{prefix}-{moment.strftime('%Y%m%dt%H%M%S')}-{tail}"


def seconds_between(started: str | None, ended: str | None) -> float:
    """Return the seconds from one stamp to another, 0 where one of them is not there."""
    if not started or not ended:
        return 0.0
    first, last = (datetime.strptime(text, FORMAT).replace(tzinfo=UTC) for text in (started, ended))
    return (last - first).total_seconds()
