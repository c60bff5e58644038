"""What people and programs are let in with: API keys. Only the digest of a key is here."""

from __future__ import annotations

from queries.schema.declare import Keep, Sensitivity, node, prop


@node(domain=False)
class ApiKey:
    """An API key by its public prefix; `digest` is the SHA-256 of the key that was shown once."""

    id: str
    name: str | None = prop(keep=Keep.BOOKED)
    role: str | None = prop(keep=Keep.BOOKED)
    digest: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.SECRET)
    created_at: str | None = prop(keep=Keep.BOOKED)
    expires_at: str | None = prop(keep=Keep.BOOKED)
    revoked_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class TokenKey:
    """Which token key this graph was loaded with: its id, never the key."""

    id: str
    created_at: str | None = prop(keep=Keep.BOOKED)
