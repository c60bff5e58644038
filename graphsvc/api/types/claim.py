"""A claim: one source's word that a seller uses an identifier."""

from __future__ import annotations

import strawberry

from graphsvc.investigate import kinds


@strawberry.type
class Claim:
    """One standing assertion: who says it, from which row, since when, and as spelt there."""

    role: str | None
    source_system: str | None
    source: str | None
    asserted_by: str | None
    first_seen: str | None
    last_seen: str | None
    written: str | None


def claims(found: tuple[kinds.Claim, ...]) -> list[Claim]:
    """Return a service's claims as the API shows them."""
    return [
        Claim(
            role=each.role,
            source_system=each.source_system,
            source=each.source,
            asserted_by=each.asserted_by,
            first_seen=each.first_seen,
            last_seen=each.last_seen,
            written=each.written,
        )
        for each in found
    ]
