"""What the journal records: who did what to what, why and by whose grant; never a clear secret.

A text that a person wrote, or a value of the graph's sellers, stands here as its digest alone:
an entry can never be deleted.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from hashlib import sha256

LONGEST = 2_000  # characters of one text


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done, about to be done, or refused.

    `principal` is who did it by the public id of a key or token, `officer` the person behind it,
    `subject` the id of what it was done to. An event with `intent`, the number of an entry before
    it, tells what became of that one: `outcome` is `done` or the code of the error.
    """

    action: str
    principal: str
    role: str
    officer: str | None = None
    case: str | None = None
    purpose: str | None = None
    grant: str | None = None
    subject: str | None = None
    detail: str | int | None = None
    intent: int | None = None
    outcome: str | None = None


_NAMES = tuple(field.name for field in fields(Event))


def body_of(event: Event, at: str) -> bytes:
    """Return the canonical JSON of an event: ASCII, keys sorted, no space, nothing that is None.

    Raises ValueError for a text of more than 2,000 characters.
    """
    told: dict[str, str | int] = {"at": at}
    for name in _NAMES:
        value = getattr(event, name)
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValueError(f"{name} has more than {LONGEST:,} characters")
        if value is not None:
            told[name] = value
    return canonical(told)


def canonical(told: Mapping[str, str | int]) -> bytes:
    """Return the one way to write a body: ASCII, keys sorted, no space."""
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")


def digest(text: str) -> str:
    """Return what the journal holds of a text that may be personal: its SHA-256."""
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
