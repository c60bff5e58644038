"""API keys: make one, find one by its public id, list and revoke. Never a key, only its digest."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load
from queries.schema.casework import ApiKey


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key as it may be shown."""

    id: str
    name: str
    role: str
    scopes: list[str] | None
    agency: str | None
    officer: str | None
    platform: str | None
    created_at: str
    expires_at: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class SavedKey:
    """The id of a key that was written."""

    id: str


SAVE_API_KEY = load(__package__, "save_api_key", SavedKey)
API_KEY = load(__package__, "api_key", ApiKey)
API_KEYS = load(__package__, "api_keys", KeyRow)
REVOKE_API_KEY = load(__package__, "revoke_api_key", KeyRow)
