"""Keyed tokens: a secret value becomes an HMAC that only the holder of the key can make again.

HMAC-SHA256 (RFC 2104) over the kind and the canonical value; the key is never shown or stored here.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from hashlib import sha256

from ingest.errors import ValueRefused

_KEY = re.compile(r"[0-9a-fA-F]{64}")
_NAMING = b"graphsvc/token-key-id"


def parse_key(text: str) -> bytes:
    """Return the 32 bytes that 64 hexadecimal digits stand for; raises ValueRefused."""
    if not _KEY.fullmatch(text):
        raise ValueRefused(
            f"a token key is 64 hexadecimal digits, this has {len(text)} characters",
            "make one with `graphsvc tokens create`",
        )
    return bytes.fromhex(text)


@dataclass(frozen=True, slots=True)
class Tokeniser:
    """Makes tokens under one key; `key_id` names the key in public and tells nothing of it."""

    key: bytes = field(repr=False)
    key_id: str = field(init=False)
    _keyed: hmac.HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive the public name of the key."""
        named = hmac.digest(self.key, _NAMING, sha256).hex()[:8]
        object.__setattr__(self, "key_id", named)
        object.__setattr__(self, "_keyed", hmac.new(self.key, digestmod=sha256))

    def __reduce__(self) -> tuple[type[Tokeniser], tuple[bytes]]:
        """Let another process make it anew from its key."""
        return Tokeniser, (self.key,)

    def token(self, kind: str, canonical: str) -> str:
        """Return `key_id:` and 64 hexadecimal digits; kinds never meet, whatever their values."""
        made = self._keyed.copy()  # the key is hashed once, not with every value
        made.update(f"{kind}\x1f{canonical}".encode())
        return f"{self.key_id}:{made.hexdigest()}"
