"""The token key: made once, kept in the key folder or the environment, never in the graph."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from graphsvc.errors import Conflict, KeyMissing, KeyRefused, NotWritable
from graphsvc.settings import Settings
from ingest.errors import ValueRefused
from ingest.fold.token import Tokeniser, parse_key


def key_file(settings: Settings) -> Path:
    """Return where the token key is kept when the environment does not give one."""
    return settings.keys_folder / "token.key"


def load_tokeniser(settings: Settings) -> Tokeniser:
    """Return the tokeniser of the configured key; raises KeyMissing, KeyRefused."""
    if settings.token_key is not None:
        text, where = settings.token_key.get_secret_value(), "GRAPHSVC_TOKEN_KEY"
    elif key_file(settings).is_file():
        text, where = key_file(settings).read_text("ascii", "replace"), str(key_file(settings))
    else:
        raise KeyMissing("there is no token key; payment and contact values need one")
    return _read(text, where)


def _read(text: str, where: str) -> Tokeniser:
    try:
        return Tokeniser(parse_key(text.strip()))
    except ValueRefused as refused:
        raise KeyRefused(f"{where}: {refused.reason}") from None


def create_token_key(settings: Settings) -> Tokeniser:
    """Make a key of 256 random bits in a file that only its owner reads; never replaces one."""
    _create(key_file(settings))
    return load_tokeniser(settings)


def next_key_file(settings: Settings) -> Path:
    """Return where the next token key is kept while the graph is taken from one to the other."""
    return key_file(settings).with_name("token.key.next")


def next_tokeniser(settings: Settings) -> Tokeniser:
    """Return the tokeniser of the next key, made if need be; raises Conflict, NotWritable.

    The key takes its place in the key folder: another one that is there would be lost.
    """
    path = next_key_file(settings)
    if settings.token_key is not None and key_file(settings).exists():
        reason = f"the key is from GRAPHSVC_TOKEN_KEY, and {key_file(settings)} holds another"
        raise Conflict(f"{reason}: the next one would replace it")
    if not path.exists():
        _create(path)
    return _read(path.read_text("ascii", "replace"), str(path))


def put_next_key(settings: Settings) -> Path:
    """Let the next key take the place of the present one, and return where that is."""
    try:
        return next_key_file(settings).replace(key_file(settings))
    except OSError as error:
        raise NotWritable(f"{key_file(settings)}: {error.strerror}") from None


def _create(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(f"{path} exists; a new key would orphan every stored token") from None
    except OSError as error:
        raise NotWritable(f"{path}: {error.strerror}") from None
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())
