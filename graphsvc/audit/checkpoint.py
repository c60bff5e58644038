"""Signed tree heads: how long the journal was at a moment, and the root over it (Ed25519)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from graphsvc.audit.events import canonical
from graphsvc.audit.merkle import HASH_BYTES
from graphsvc.errors import InputRefused, KeyRefused
from graphsvc.store.place import make_once

# No signature of this key can be taken for one of anything else.
CONTEXT = b"graphsvc journal checkpoint v1\n"
KEY_FILE = "signing.key"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A journal's size, its root, when that was, and who signed it (the public key, 32 bytes)."""

    size: int
    root: bytes
    at: str
    key: bytes
    signature: bytes

    def as_json(self) -> dict[str, Any]:
        """Return it as it is handed out."""
        told = {"size": self.size, "root": self.root.hex(), "at": self.at, "key": self.key.hex()}
        return {**told, "signature": b64encode(self.signature).decode("ascii")}

    def is_signed(self) -> bool:
        """Tell whether the signature is the key's, over this size, root and time."""
        try:
            signer = Ed25519PublicKey.from_public_bytes(self.key)
            signer.verify(self.signature, signed_text(self.size, self.root, self.at))
        except (InvalidSignature, ValueError):
            return False
        return True


def signed_text(size: int, root: bytes, at: str) -> bytes:
    """Return the bytes that a checkpoint's signature is over."""
    return CONTEXT + canonical({"at": at, "root": root.hex(), "size": size})


class Signer:
    """The journal's private key."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    @classmethod
    def of(cls, folder: Path, *, fresh: bool) -> Signer:
        """Return the key of a journal's folder, made (mode 600) for a fresh one.

        Raises NotWritable, or KeyRefused where the file does not hold 64 hexadecimal digits.
        """
        file = folder / KEY_FILE
        if fresh:
            make_once(file, Ed25519PrivateKey.generate().private_bytes_raw().hex() + "\n")
        try:
            return cls(bytes.fromhex(file.read_text("ascii").strip()))
        except (OSError, ValueError):
            raise KeyRefused(
                f"{file} is missing or does not hold {2 * HASH_BYTES} hexadecimal digits"
            ) from None

    def sign(self, size: int, root: bytes, at: str) -> Checkpoint:
        """Return the checkpoint of a size and its root."""
        return Checkpoint(size, root, at, self.public, self._key.sign(signed_text(size, root, at)))


def read_checkpoint(value: object, where: str) -> Checkpoint:
    """Return the checkpoint that JSON holds; raises InputRefused where it holds none."""
    try:
        return _read(value)
    except (KeyError, TypeError, ValueError):
        raise InputRefused(f"{where}: no checkpoint of a journal") from None


def _read(value: Any) -> Checkpoint:
    root, key = bytes.fromhex(value["root"]), bytes.fromhex(value["key"])
    signature = b64decode(value["signature"], validate=True)
    size, at = value["size"], value["at"]
    if type(size) is not int or size < 0 or not isinstance(at, str):
        raise ValueError
    if len(root) != HASH_BYTES:
        raise ValueError
    return Checkpoint(size, root, at, key, signature)
