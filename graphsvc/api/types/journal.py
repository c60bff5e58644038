"""Entries of the journal, as an auditor reads them."""

from __future__ import annotations

from typing import Any

import strawberry

from graphsvc.api.types.node import Long


@strawberry.type
class JournalEntry:
    """What was done, by whom, on whose grant, and what became of it; `hash` binds all before it.

    `intent` is the number of the entry whose outcome this one tells.
    """

    seq: Long
    at: str
    action: str
    principal: str
    role: str
    officer: str | None
    case: str | None
    purpose: str | None
    grant: str | None
    subject: str | None
    detail: str | None
    intent: Long | None
    outcome: str | None
    hash: str


def entry(told: dict[str, Any]) -> JournalEntry:
    """Return an entry as the API shows it."""
    body = told["body"]
    texts = ("officer", "case", "purpose", "grant", "subject", "outcome")
    detail = body.get("detail")
    return JournalEntry(
        seq=told["seq"],
        at=body["at"],
        action=body["action"],
        principal=body["principal"],
        role=body["role"],
        **{name: body.get(name) for name in texts},
        detail=None if detail is None else str(detail),
        intent=body.get("intent"),
        hash=told["hash"],
    )
