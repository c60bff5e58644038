"""The managed server's database as one file, and back (neo4j-admin dump and load).

Neo4j Community dumps a database that no server has open, so the server stops meanwhile.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphsvc.errors import DatabaseAway, OutsideServer
from graphsvc.settings import Settings
from graphsvc.store import configure, process
from graphsvc.store.assemble import Tell, assemble
from graphsvc.store.local import launch, place_of, running_in
from graphsvc.store.place import folder, held

DATABASE = "neo4j"
FILE = f"{DATABASE}.dump"


@contextmanager
def stopped(settings: Settings, tell: Tell) -> Iterator[None]:
    """Keep the managed server stopped, and start it again at the end if it ran.

    Until then nobody else starts or stops it. Raises OutsideServer, DatabaseAway.
    """
    if settings.neo4j_uri:
        raise OutsideServer("only the files of the managed server can be dumped")
    place, jars = place_of(settings), assemble(settings.cache.absolute(), tell)
    with held(place / "lock", lambda: tell("waiting for another process that has Neo4j's files")):
        running = running_in(place)
        if running:
            process.end(running.pid)
        try:
            yield
        finally:
            if running:
                tell("starting Neo4j")
                launch(settings, place, jars)


def dump(settings: Settings, into: Path, tell: Tell) -> Path:
    """Write the database into a folder and return its file; the server is `stopped`.

    Raises DatabaseAway.
    """
    tell("dumping the graph")
    _run(settings, "dump", f"--to-path={into}", tell)
    return into / FILE


def load(settings: Settings, source: Path, tell: Tell) -> None:
    """Make a database out of the dump in a folder, where there was none; raises DatabaseAway."""
    tell("loading the graph")
    folder(place_of(settings))
    _run(settings, "load", f"--from-path={source}", tell)


def _run(settings: Settings, verb: str, path: str, tell: Tell) -> None:
    place, jars = place_of(settings), assemble(settings.cache.absolute(), tell)
    command = configure.database_command(
        place, jars=jars, heap=settings.neo4j_heap, words=(verb, DATABASE, path)
    )
    environment = configure.server_environment(place)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise DatabaseAway(f"neo4j-admin database {verb} fails: {done.stderr.strip()[-300:]}")
