"""Where files go that were taken in: done/ or failed/, their report and rejects beside them.

Nothing there is ever written over.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graphsvc.errors import NotWritable
from graphsvc.store import place

REPORT, REJECTS = ".report.json", ".rejects.ndjson"


def free_place(folder: Path, name: str) -> Path:
    """Return a path in the folder that neither a file nor what is kept beside one has."""
    stem, dot, suffixes = name.partition(".")
    number, found = 1, folder / name
    while any(beside(found, suffix).exists() for suffix in ("", REPORT, REJECTS)):
        number += 1
        found = folder / f"{stem}~{number}{dot}{suffixes}"
    return found


def beside(path: Path, suffix: str) -> Path:
    """Return the path of what is kept beside a file."""
    return path.with_name(path.name + suffix)


def move(file: Path, to: Path) -> None:
    """Move a file; raises NotWritable."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, to)
    except OSError as error:
        raise NotWritable(f"{file} cannot be moved to {to}: {error.strerror}") from None


def write_report(to: Path, told: Mapping[str, Any]) -> None:
    """Write the report of a file beside it; raises NotWritable."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotWritable(f"{to.parent}: {error.strerror}") from None
    place.write(beside(to, REPORT), json.dumps(told, ensure_ascii=False, indent=2) + "\n")
