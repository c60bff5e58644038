"""The managed local Neo4j: start, stop, find again; or the outside server that NEO4J_URI names.

Never touches a database that it did not create, never ends a process that is not its own.
"""

from __future__ import annotations

import json
import secrets
import shlex
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType

from neo4j import GraphDatabase, NotificationMinimumSeverity
from neo4j.exceptions import AuthError, ConfigurationError, DriverError, Neo4jError

from graphsvc.errors import DatabaseAway, DatabaseRefused
from graphsvc.settings import Settings
from graphsvc.store import archive, configure, process
from graphsvc.store.assemble import Tell, assemble
from graphsvc.store.place import folder, held, mend, write
from queries.server import COMPONENTS

START_SECONDS = 180.0
PORT_TRIES = 3
PORT_TAKEN = "Address already in use"
USER = "neo4j"


@dataclass(frozen=True, slots=True)
class Server:
    """A Neo4j that can be connected to; `pid` and `home` are known of a managed one only."""

    uri: str
    user: str
    password: str = field(repr=False)
    version: str
    edition: str
    pid: int | None
    home: Path | None
    managed: bool


@dataclass(frozen=True, slots=True)
class _Note:
    """What a start leaves beside the database; version and edition are empty until it answers."""

    pid: int
    port: int
    version: str = ""
    edition: str = ""


def _silent(_: str) -> None:
    """Tell nobody."""


def start(settings: Settings, tell: Tell = _silent) -> Server:
    """Return a Neo4j that answers: the outside one, the one that runs already, or a fresh one.

    Raises AssemblyFailed, JarRefused, NotWritable, DatabaseAway, DatabaseRefused.
    """
    if settings.neo4j_uri:
        return _outside(settings, ask=True)
    place = place_of(settings)
    folder(place)
    with held(place / "lock", lambda: tell("waiting for another process that starts Neo4j")):
        if running := running_in(place):
            return _reached(place, running)
        process.end_strays(place)
        process.end_imports(place)
        mend(place)
        _make_folders(place)
        jars = assemble(settings.cache.absolute(), tell)
        archive.make(jars, partial(_run_once, settings, jars), tell)
        _set_password(place, jars)
        tell("starting Neo4j")
        return launch(settings, place, jars)


def stop(settings: Settings) -> bool:
    """End the managed server and wait until it is gone; False where none runs."""
    place = place_of(settings)
    if settings.neo4j_uri or not place.is_dir():
        return False
    with held(place / "lock", lambda: None):
        running = running_in(place)
        if running:
            process.end(running.pid)
        (place / "server.json").unlink(missing_ok=True)
        return running is not None


def status(settings: Settings) -> Server | None:
    """Return the server that answers now, or None; starts and changes nothing.

    Raises DatabaseRefused where it answers and refuses the credentials.
    """
    try:
        if settings.neo4j_uri:
            return _outside(settings, ask=True)
        server = resolve(settings)
        _components(server.uri, server.user, server.password)
    except DatabaseRefused:
        raise
    except DatabaseAway:
        return None
    return server


def resolve(settings: Settings) -> Server:
    """Return the server to connect to, without connecting; raises DatabaseAway where none runs.

    Of an outside server the version and the edition stay empty: `status` asks for them.
    """
    if settings.neo4j_uri:
        return _outside(settings, ask=False)
    place = place_of(settings)
    running = running_in(place)
    if not running:
        raise DatabaseAway(f"no Neo4j runs in {place}; start one with `graphsvc neo4j start`")
    if not running.version:
        raise DatabaseAway(f"the Neo4j in {place} is still starting; `graphsvc neo4j start` waits")
    return _server(place, running)


def place_of(settings: Settings) -> Path:
    """Return the folder of the managed server."""
    return settings.home.resolve() / "neo4j"


def _outside(settings: Settings, *, ask: bool) -> Server:
    uri = settings.neo4j_uri or ""
    password = settings.neo4j_password.get_secret_value() if settings.neo4j_password else ""
    version, edition = _components(uri, settings.neo4j_user, password) if ask else ("", "")
    return Server(uri, settings.neo4j_user, password, version, edition, None, None, False)


def _components(uri: str, user: str, password: str) -> tuple[str, str]:
    """Return version and edition over Bolt; raises DatabaseAway or DatabaseRefused."""
    try:
        with (
            GraphDatabase.driver(
                uri,
                auth=(user, password),
                connection_timeout=3.0,
                connection_acquisition_timeout=5.0,
                max_transaction_retry_time=0.0,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
                telemetry_disabled=True,
                user_agent="graphsvc",
            ) as driver,
            driver.session() as session,
        ):
            row = session.run(COMPONENTS.text).single(strict=True)
            return row["version"], row["edition"]
    except AuthError:
        raise DatabaseRefused("Neo4j refuses the user name or password") from None
    except (ConfigurationError, ValueError) as error:
        raise DatabaseRefused(f"NEO4J_URI cannot be used: {error}") from None
    except (DriverError, Neo4jError, OSError) as error:
        raise DatabaseAway(f"Neo4j does not answer: {type(error).__name__}") from None


def running_in(place: Path) -> _Note | None:
    """Return the note of a start whose process still runs and is that of this home."""
    try:
        note = _Note(**json.loads((place / "server.json").read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return note if process.is_ours(note.pid, place) else None


def _server(place: Path, note: _Note) -> Server:
    password = (place / "password").read_text("ascii").strip()
    uri = f"bolt://127.0.0.1:{note.port}"
    return Server(uri, USER, password, note.version, note.edition, note.pid, place, True)


def _make_folders(place: Path) -> None:
    for part in (place / "conf", place / "data", place / "logs"):
        folder(part)


def _run_once(settings: Settings, jars: Path, home: Path, java: Sequence[str]) -> None:
    """Start a server in a fresh folder, with further options of Java, and end it."""
    place = home / "neo4j"
    process.end_strays(place)
    _make_folders(place)
    _set_password(place, jars)
    options = shlex.join([*shlex.split(settings.neo4j_java), *java])
    server = launch(settings.model_copy(update={"neo4j_java": options}), place, jars)
    if server.pid is not None:
        process.end(server.pid)


def _set_password(place: Path, jars: Path) -> None:
    """Give a fresh database its password; raises DatabaseRefused for a foreign database."""
    file = place / "password"
    created = (place / "data" / "databases" / "system").exists()
    if created and not file.exists():
        raise DatabaseRefused(f"{place / 'data'} holds a database whose password is not in {file}")
    if created:
        return
    write(file, secrets.token_hex(24) + "\n")
    command = configure.password_command(place, jars=jars, arguments=file)
    environment = configure.server_environment(place)
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise DatabaseAway(f"Neo4j takes no password: {_reason(done.stderr)}")


def launch(
    settings: Settings, place: Path, jars: Path, more: Mapping[str, str] = MappingProxyType({})
) -> Server:
    """Start the process on a free port; a port that another takes meanwhile is chosen anew.

    `more` are settings of Neo4j for this start only.
    """
    command = configure.server_command(
        place, jars=jars, heap=settings.neo4j_heap, java=shlex.split(settings.neo4j_java)
    )
    for attempt in range(1, PORT_TRIES + 1):
        port = process.free_port()
        text = configure.config_text(port=port, pagecache=settings.neo4j_pagecache, more=more)
        write(place / "conf" / "neo4j.conf", text)
        pid = process.spawn(
            command, configure.server_environment(place), place / "logs" / "console.log"
        )
        note = _Note(pid, port)
        _save(place, note)
        try:
            return _reached(place, note)
        except DatabaseAway:
            if attempt == PORT_TRIES or PORT_TAKEN not in _console(place):
                raise
    raise AssertionError("unreachable")


def _reached(place: Path, note: _Note) -> Server:
    """Wait until the server answers over Bolt, and note what it is; on failure it is ended."""
    server = _server(place, note)
    try:
        version, edition = _answer(place, server)
    except BaseException:
        if process.is_ours(note.pid, place):
            process.end(note.pid)
        raise
    known = _Note(note.pid, note.port, version, edition)
    if known != note:
        _save(place, known)
    return _server(place, known)


def _answer(place: Path, server: Server) -> tuple[str, str]:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return _components(server.uri, server.user, server.password)
        except DatabaseRefused:
            raise
        except DatabaseAway:
            if server.pid is None or not process.is_ours(server.pid, place):
                raise DatabaseAway(f"Neo4j ended: {_reason(_console(place))}") from None
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)


def _save(place: Path, note: _Note) -> None:
    values = {name: getattr(note, name) for name in ("pid", "port", "version", "edition")}
    write(place / "server.json", json.dumps(values) + "\n")


def _console(place: Path) -> str:
    try:
        return (place / "logs" / "console.log").read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _reason(text: str) -> str:
    """Return the line of a log that says best why a server ended: the innermost cause, if any."""
    said = [line.strip() for line in text.splitlines() if line.strip()]
    causes = [line for line in said if line.startswith("Caused by:") or "Exception" in line]
    return (causes or said or ["it said nothing"])[-1][:300]
