"""The benchmarks' Neo4j started again with Graph Data Science in it, which most people would use.

Open edition, GPLv3: only here, in a process of its own, never linked and never shipped.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from neo4j import GraphDatabase, NotificationMinimumSeverity

from benchmarks.ground import Ground
from graphsvc.store import local
from graphsvc.store.assemble import assemble, fetched, lock_of
from graphsvc.store.place import folder

LOCK = Path(__file__).with_name("gds.lock.toml")
HEAP = "3g"  # the peer keeps its graphs there


@contextmanager
def with_gds(ground: Ground) -> Iterator[Ground]:
    """Yield the same ground on a server that has the procedures `gds.*`; it stays so to its end."""
    settings = ground.settings
    lock, cache = lock_of(LOCK.read_bytes()), settings.cache.absolute()
    jars = assemble(cache, _silent)
    plugins = fetched(lock, folder(cache / "gds"), f"Graph Data Science {lock.version}", _silent)
    # Of two class paths the last holds: what the server lacks must stand in the one it starts with.
    both = shlex.quote(f"{plugins}/*:{jars}/*")
    settings = settings.model_copy(update={"neo4j_java": f"-cp {both}", "neo4j_heap": HEAP})
    local.stop(settings)
    more = {
        "server.directories.plugins": str(plugins),
        "dbms.security.procedures.unrestricted": "gds.*",
    }
    server = local.launch(settings, local.place_of(settings), jars, more)
    with GraphDatabase.driver(
        server.uri,
        auth=(server.user, server.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
    ) as driver:
        yield replace(ground, settings=settings, server=server, driver=driver)


def _silent(_: str) -> None:
    """Tell nobody."""
