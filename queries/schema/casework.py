"""What people and programs are let in with: API keys. Only the digest of a key is here."""

from __future__ import annotations

from queries.schema.declare import Keep, Sensitivity, node, prop


@node(domain=False)
class ApiKey:
    """An API key by its public prefix; `digest` is the SHA-256 of the key that was shown once.

    `scopes` narrow what its role may do; `agency` and `officer` are a partner's, `platform` that
    of a platform.
    """

    id: str
    name: str | None = prop(keep=Keep.BOOKED)
    role: str | None = prop(keep=Keep.BOOKED)
    scopes: list[str] | None = prop(keep=Keep.BOOKED)
    agency: str | None = prop(keep=Keep.BOOKED)
    officer: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.PERSONAL)
    platform: str | None = prop(keep=Keep.BOOKED)
    digest: str | None = prop(keep=Keep.BOOKED, sensitivity=Sensitivity.SECRET)
    created_at: str | None = prop(keep=Keep.BOOKED)
    expires_at: str | None = prop(keep=Keep.BOOKED)
    revoked_at: str | None = prop(keep=Keep.BOOKED)


@node(domain=False)
class TokenKey:
    """Which token key this graph was loaded with: its id, never the key."""

    id: str
    created_at: str | None = prop(keep=Keep.BOOKED)
