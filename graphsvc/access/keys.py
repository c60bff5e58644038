"""API keys: made, verified, listed, revoked. A key is shown once; the graph holds its SHA-256."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from graphsvc import clock
from graphsvc.access.policy import check_standing, scopes_held, scopes_of
from graphsvc.access.principal import NOBODY, Principal, Role, Standing
from graphsvc.errors import Conflict, NotFound, Unauthenticated, UsageError
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.keys import API_KEY, API_KEYS, REVOKE_API_KEY, SAVE_API_KEY, KeyRow
from queries.schema.casework import ApiKey

KEY = re.compile(r"gs_([0-9a-f]{8})_([0-9a-f]{64})", re.ASCII)
MOST_DAYS = 3650
MOST_NAME = 200
# One text for every reason: who tries keys learns nothing of which part was wrong.
REFUSED = "the key is unknown, expired or revoked"


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key: its public id, and the key itself, which nobody can show again."""

    id: str
    key: str = field(repr=False)


def digest_of(key: str) -> str:
    """Return what the graph holds of a key: SHA-256 in hexadecimal.

    A key of 256 random bits cannot be guessed from its digest, so a slow hash would buy nothing.
    """
    return sha256(key.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made: whose, for what role and scopes (None: the usual), for how many days."""

    name: str
    role: str
    days: int
    scopes: Sequence[str] | None = None
    standing: Standing = NOBODY


async def create_key(writer: Writer, wanted: NewKey) -> CreatedKey:
    """Make a key of 256 random bits for a role and write its digest.

    Raises UsageError for an unknown role or scope, an empty name, days outside 1 to 3650, or a
    role that does not name whom it speaks for.
    """
    _check(wanted)
    role = Role(wanted.role)
    key_id = secrets.token_hex(4)
    key = f"gs_{key_id}_{secrets.token_hex(32)}"
    now = clock.now()
    properties = {
        "name": wanted.name.strip(),
        "role": role.value,
        "scopes": sorted(scopes_of(role, wanted.scopes)),
        **asdict(wanted.standing),
        "digest": digest_of(key),
        "created_at": now.strftime(clock.FORMAT),
        "expires_at": (now + timedelta(days=wanted.days)).strftime(clock.FORMAT),
    }
    if not await writer.command(SAVE_API_KEY, id=key_id, properties=properties):
        raise Conflict(f"the key id {key_id} is taken")
    return CreatedKey(key_id, key)


async def verify_key(reader: Reader, key: str) -> Principal:
    """Return whom a key stands for; raises Unauthenticated, always with the same words."""
    match = KEY.fullmatch(key)
    found = await reader.rows(API_KEY, id=match[1]) if match else []
    for held in found:
        if is_good(held, key, clock.now()):
            return _holder(held)
    raise Unauthenticated(REFUSED)


def _holder(held: ApiKey) -> Principal:
    """Return whom a good key stands for; one from before there were scopes has the usual ones."""
    role = Role(held.role or "")
    standing = Standing(held.agency, held.officer, held.platform)
    return Principal(held.id, held.name or "", role, scopes_held(role, held.scopes), standing)


def is_good(held: ApiKey, key: str, now: datetime) -> bool:
    """Tell whether `key` is the key whose digest is held, not revoked, and not expired at `now`."""
    same = hmac.compare_digest(digest_of(key), held.digest or "")
    known = held.role in set(Role)
    return (
        same
        and known
        and not held.revoked_at
        and now.strftime(clock.FORMAT) < (held.expires_at or "")
    )


async def list_keys(reader: Reader, *, first: int) -> list[KeyRow]:
    """Return up to `first` keys, newest first."""
    return await reader.rows(API_KEYS, limit=first)


async def revoke_key(writer: Writer, key_id: str) -> KeyRow:
    """Revoke a key by its public id, again without effect; raises NotFound."""
    rows = await writer.command(REVOKE_API_KEY, id=key_id, now=clock.stamp())
    if not rows:
        raise NotFound(f"no API key {key_id}")
    return KeyRow(**rows[0])


def _check(wanted: NewKey) -> None:
    name = wanted.name
    if wanted.role not in set(Role):
        raise UsageError(f"no role {wanted.role}; there is {', '.join(Role)}")
    if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise UsageError(f"a key's name has 1 to {MOST_NAME} printable characters")
    if not 1 <= wanted.days <= MOST_DAYS:
        raise UsageError(f"a key lives 1 to {MOST_DAYS} days, not {wanted.days}")
    check_standing(Role(wanted.role), wanted.standing)
