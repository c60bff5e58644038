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
    try:
        return Tokeniser(parse_key(text.strip()))
    except ValueRefused as refused:
        raise KeyRefused(f"{where}: {refused.reason}") from None


def create_token_key(settings: Settings) -> Tokeniser:
    """Make a key of 256 random bits in a file that only its owner reads; never replaces one."""
    path = key_file(settings)
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
    return load_tokeniser(settings)
