"""The server's files: fetched once a version into the user's cache, each held against a lock.

The committed lock names every jar by coordinates and SHA-256. Nothing that differs, is missing or
was added is ever run; nothing is fetched that the lock does not name.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from graphsvc.errors import JarRefused
from graphsvc.store.place import folder, held

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Jar:
    """One file of the server: its coordinates and the SHA-256 of its bytes."""

    group: str
    artifact: str
    version: str
    classifier: str
    packaging: str
    sha256: str

    @property
    def name(self) -> str:
        """Return its file name."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.{self.packaging}"


@dataclass(frozen=True, slots=True)
class Lock:
    """The server's version, all its files, and a digest that names this very set."""

    version: str
    jars: tuple[Jar, ...]
    digest: str


@cache
def committed_lock() -> Lock:
    """Return the lock that is part of this package."""
    return lock_of((files("graphsvc.store") / "neo4j.lock.toml").read_bytes())


def lock_of(source: bytes) -> Lock:
    """Return the lock that is written in a file."""
    read = tomllib.loads(source.decode())
    jars = tuple(
        Jar(
            group=row["groupId"],
            artifact=row["artifactId"],
            version=row["version"],
            classifier=row.get("classifier", ""),
            packaging=row["packaging"],
            sha256=row["sha256"],
        )
        for row in read["jars"]
    )
    return Lock(read["version"], jars, hashlib.sha256(source).hexdigest())


def assemble(cache_folder: Path, tell: Tell) -> Path:
    """Return the folder of the server's jars, fetched if need be and verified at every call.

    Raises AssemblyFailed where the fetch fails, JarRefused where a file is not that of the lock.
    """
    lock = committed_lock()
    return fetched(lock, folder(cache_folder / "neo4j"), f"Neo4j {lock.version} (126 MB)", tell)


def fetched(lock: Lock, root: Path, title: str, tell: Tell) -> Path:
    """Return the folder below `root` that holds exactly the files of a lock; raises as `assemble`.

    `title` is what a user is told is fetched.
    """
    ready = root / f"{lock.version}-{lock.digest[:12]}"
    with held(root / "lock", lambda: tell(f"waiting for another process that fetches {title}")):
        if not ready.is_dir():
            tell(f"fetching {title}: {len(lock.jars)} files, this once")
            # The library is slow to load, and not needed again.
            from graphsvc.store.fetch import fetch_all

            fetch_all(lock, root, ready, tell)
    verify(ready, lock.jars)
    return ready


def verify(found: Path, jars: Sequence[Jar]) -> None:
    """Raise JarRefused unless the folder holds exactly these jars, byte for byte."""
    wanted = {jar.name: jar.sha256 for jar in jars}
    present = {path.name for path in found.iterdir()}
    if extra := sorted(present - wanted.keys()):
        raise JarRefused(f"{found}: {extra[0]} is not in the lock")
    if missing := sorted(wanted.keys() - present):
        raise JarRefused(f"{found}: {missing[0]} is missing")
    for name, sha256 in wanted.items():
        if digest(found / name) != sha256:
            raise JarRefused(f"{found}: {name} differs from the lock")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
