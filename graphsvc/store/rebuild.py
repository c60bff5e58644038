"""Replace the database of the managed server as a whole: imported beside it, then switched.

Whatever ends it in the middle, one whole database is left: the old one, or the new one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graphsvc.errors import DatabaseAway, OutsideServer
from graphsvc.settings import Settings
from graphsvc.store import configure, process
from graphsvc.store.assemble import Tell, assemble
from graphsvc.store.local import Server, launch, place_of, resolve, running_in
from graphsvc.store.place import draft_of, folder, held, mend, switch, write
from graphsvc.store.sheets import Sheets

# The database's own files; all others of the data folder are the system's and stay as they are.
DATABASE = "neo4j"
OPTIONS = (
    "--id-type=string",
    "--multiline-fields=true",
    "--legacy-style-quoting=false",
    "--ignore-empty-strings=false",
    "--bad-tolerance=0",
    "--report-file=import.report",
)


@contextmanager
def drafting(settings: Settings, tell: Tell) -> Iterator[Sheets]:
    """Yield empty sheets; until they are done with, nobody else starts or stops the server.

    Raises OutsideServer, DatabaseAway where no managed server runs.
    """
    if settings.neo4j_uri:
        raise OutsideServer("a bulk load writes the files of the managed server only")
    resolve(settings)
    place = place_of(settings)
    with held(place / "lock", lambda: tell("waiting for another process that has Neo4j's files")):
        process.end_imports(place)
        mend(place)
        sheets = Sheets(folder(draft_of(place)))
        try:
            yield sheets
        finally:
            sheets.close()
            mend(place)


def replace(settings: Settings, sheets: Sheets, tell: Tell) -> Server:
    """Put what the sheets hold in the place of the database and return the server, started again.

    The caller is `drafting`. Raises DatabaseAway; then the old database is in its place.
    """
    place, jars = place_of(settings), assemble(settings.cache.absolute(), tell)
    sheets.close()
    if running := running_in(place):
        process.end(running.pid)
    try:
        tell(f"importing {sheets.rows:,} nodes and relations")
        _import(settings, sheets, jars)
        switch(place)
    finally:
        mend(place)
        tell("starting Neo4j")
        server = launch(settings, place, jars)
    return server


def _import(settings: Settings, sheets: Sheets, jars: Path) -> None:
    draft = sheets.folder
    skip = shutil.ignore_patterns(DATABASE)
    # Links: neither the system's database nor its log is written before the switch.
    shutil.copytree(place_of(settings) / "data", draft / "data", ignore=skip, copy_function=os.link)
    folder(draft / "conf")
    write(draft / "conf" / "neo4j.conf", "dbms.usage_report.enabled=false\n")
    memory = f"--max-off-heap-memory={settings.neo4j_pagecache}"
    words = [*OPTIONS, memory, *sheets.arguments(), DATABASE]
    write(draft / "arguments", "\n".join(words) + "\n")
    command = configure.import_command(
        draft, jars=jars, heap=settings.neo4j_heap, arguments=draft / "arguments"
    )
    done = subprocess.run(  # noqa: S603
        command,
        cwd=draft,
        env=configure.server_environment(draft),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise DatabaseAway(f"neo4j-admin imports nothing: {done.stderr.strip()[-300:]}")
