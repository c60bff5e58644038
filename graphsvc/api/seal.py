"""Sealed ids and cursors: opaque, typed, always the same for the same thing, and not forgeable.

The id of a payment account or a contact is a keyed token that must not leave in clear; so every
node id and cursor is encrypted (AES-SIV, RFC 5297) under a key of this installation's own, which
is in the key folder and nowhere else. Never gives back what it did not seal.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from graphsvc.api.errors import CursorRefused
from graphsvc.errors import KeyRefused
from graphsvc.investigate.kinds import Ref
from graphsvc.settings import Settings
from graphsvc.store.place import folder, make_once

KEY_BYTES = 32
LONGEST = 4096
_NODE = b"node"


class Seal:
    """Seals and opens under one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)
        self._key = key

    def secret(self, purpose: bytes) -> bytes:
        """Return another key of 32 bytes, for one purpose, that tells nothing of this one."""
        return hmac.new(self._key, purpose, sha256).digest()

    def node(self, kind: str, identifier: str) -> str:
        """Return the node id of a thing by its kind and its id in the graph."""
        return self._seal(f"{kind} {identifier}", _NODE)

    def ref(self, node_id: str) -> Ref | None:
        """Return what a node id stands for; None for any text that is no node id of ours."""
        text = self._open(node_id, _NODE)
        if text is None:
            return None
        kind, _, identifier = text.partition(" ")
        return Ref(kind, identifier)

    def cursor(self, field: str, text: str) -> str:
        """Return the cursor of a place in the answers of a field."""
        return self._seal(text, field.encode())

    def place(self, field: str, cursor: str | None) -> str:
        """Return the place that a cursor of this field stands for, '' for None.

        Raises CursorRefused for any text that is no cursor of this field.
        """
        if cursor is None:
            return ""
        text = self._open(cursor, field.encode())
        if text is None:
            raise CursorRefused("`after` is not a cursor of this field")
        return text

    def _seal(self, text: str, purpose: bytes) -> str:
        sealed = self._cipher.encrypt(text.encode("utf-8"), [purpose])
        return _written(sealed)

    def _open(self, sealed: str, purpose: bytes) -> str | None:
        if len(sealed) > LONGEST or not sealed.isascii():
            return None
        try:
            data = urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            if _written(data) != sealed:
                return None  # decoding skips letters that are not of base64
            return self._cipher.decrypt(data, [purpose]).decode("utf-8")
        except (InvalidTag, ValueError):
            return None


def _written(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def seal_file(settings: Settings) -> Path:
    """Return where the key of node ids and cursors is kept."""
    return settings.keys_folder / "ids.key"


def load_seal(settings: Settings) -> Seal:
    """Return the seal of this installation; makes its key the first time.

    Raises NotWritable, or KeyRefused where the file does not hold 64 hexadecimal digits.
    """
    path = seal_file(settings)
    folder(path.parent)
    make_once(path, secrets.token_hex(KEY_BYTES) + "\n")
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyRefused(f"{path} does not hold {2 * KEY_BYTES} hexadecimal digits")
    return Seal(key)
