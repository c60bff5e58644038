"""How a ring is cited: by its id, or by its id and one of its versions; reads no text of others."""

from __future__ import annotations

from graphsvc.errors import UsageError


def cited(text: str) -> tuple[str, int | None]:
    """Return the ring and version of `id@version` or of `id`; raises UsageError."""
    ring, at, version = text.partition("@")
    if not at:
        return ring, None
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise UsageError(f"a ring is cited as id@version, not {text}")
    return ring, int(version)
