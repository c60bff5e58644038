"""What a backup holds: each of its files by SHA-256, and what the graph and the journal were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from graphsvc.errors import InputRefused, NotWritable
from graphsvc.store.place import write

FILE = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup: when it was made, of what, and the SHA-256 of each file by its path in it."""

    made_at: str
    version: str
    graph: str
    entries: int
    journal: str
    files: Mapping[str, str]

    def text(self) -> str:
        """Return it as it is written."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2, sort_keys=True) + "\n"


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the manifest; raises NotWritable."""
    return {
        path.relative_to(folder).as_posix(): _digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / FILE
    }


def save(folder: Path, manifest: Manifest) -> str:
    """Write the manifest, last of all, and return its own SHA-256; raises NotWritable."""
    write(folder / FILE, manifest.text())
    return _digest(folder / FILE)


def read(folder: Path) -> tuple[Manifest, str]:
    """Return a backup's manifest and its SHA-256; raises InputRefused where it is none of ours."""
    file = folder / FILE
    try:
        told: dict[str, Any] = json.loads(file.read_text("utf-8"))
        if told.pop("format") != FORMAT:
            raise InputRefused(f"{file}: made by another version of graphsvc")
        return Manifest(**told), _digest(file)
    except OSError as error:
        raise InputRefused(f"{file}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise InputRefused(f"{file}: no manifest of a backup") from None


def changed(folder: Path, manifest: Manifest) -> list[str]:
    """Return the files that are not as they were backed up: changed, gone or added."""
    now, then = digests(folder), manifest.files
    return sorted(name for name in {*now, *then} if now.get(name) != then.get(name))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NotWritable(f"{path}: {error.strerror}") from None
