"""The managed server as a user meets it: started, found again, refused, stopped."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest
from neo4j import GraphDatabase

from graphsvc.errors import DatabaseAway, DatabaseRefused
from graphsvc.settings import Settings, load_settings
from graphsvc.store import local, process
from graphsvc.store.configure import HARDENING
from graphsvc.store.driver import connect
from graphsvc.store.migrate import drift
from graphsvc.store.reader import Reader
from queries.graph import COUNT_NODES

QUERIES = Path(__file__).resolve().parents[1] / "data"
SECRET = "a" * 64


def _gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def _command(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "GRAPHSVC_HOME": str(settings.home),
        "GRAPHSVC_CACHE": str(settings.cache),
        "GRAPHSVC_NEO4J_HEAP": settings.neo4j_heap,
        "GRAPHSVC_NEO4J_JAVA": settings.neo4j_java,
        "GRAPHSVC_NEO4J_PAGECACHE": settings.neo4j_pagecache,
        "GRAPHSVC_TOKEN_KEY": SECRET,
    }
    command = [sys.executable, "-m", "graphsvc", "neo4j", *words, "--json"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_one_life_of_a_server_on_the_command_line(own_server: Settings) -> None:
    asked = _command(own_server, "status")
    assert (asked.returncode, asked.stdout) == (4, "")
    assert "graphsvc neo4j start" in asked.stderr
    started = _command(own_server, "start")
    assert started.returncode == 0, started.stderr
    server = json.loads(started.stdout)
    assert sorted(server) == ["edition", "home", "managed", "pid", "uri", "version"]
    assert (server["version"], server["edition"]) == ("5.26.30", "community")
    assert server["uri"].startswith("bolt://127.0.0.1:")
    assert (server["managed"], server["home"]) == (True, str(own_server.home.resolve() / "neo4j"))
    assert json.loads(_command(own_server, "status").stdout) == server
    assert json.loads(_command(own_server, "start").stdout) == server, "a second start finds it"
    _assert_private(Path(server["home"]), psutil.Process(server["pid"]))
    assert json.loads(_command(own_server, "stop").stdout) == {"stopped": True}
    assert _gone(server["pid"])
    assert _command(own_server, "status").returncode == 4
    assert json.loads(_command(own_server, "stop").stdout) == {"stopped": False}


def _assert_private(place: Path, java: psutil.Process) -> None:
    assert os.getsid(java.pid) == java.pid, "Ctrl-C of a terminal must not reach it"
    assert SECRET not in java.environ().values()
    password = (place / "password").read_text("ascii").strip()
    assert password not in " ".join(java.cmdline())
    listening = [link.laddr for link in java.net_connections() if link.status == "LISTEN"]
    assert [address.ip.removeprefix("::ffff:") for address in listening] == ["127.0.0.1"]
    for name in (".", "password", "server.json", "conf/neo4j.conf"):
        assert (place / name).stat().st_mode & 0o077 == 0, name


def _start_on_a_taken_port(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> local.Server:
    """Start where another process takes the chosen port before the server does."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ports = iter([port, process.free_port()])
        monkeypatch.setattr(process, "free_port", lambda: next(ports))
        server = local.start(settings)
    assert not server.uri.endswith(f":{port}")
    return server


def test_two_starts_at_once_give_one_server(
    own_server: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[local.Server] = []
    starts = [threading.Thread(target=lambda: found.append(local.start(own_server))) for _ in "ab"]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert len(found) == 2
    assert found[0] == found[1]
    (own_server.home / "neo4j" / "server.json").unlink()
    with pytest.raises(DatabaseAway):
        local.resolve(own_server)
    again = _start_on_a_taken_port(own_server, monkeypatch)
    assert again.pid != found[0].pid
    assert _gone(found[0].pid or 0), "a server that nobody noted is ended first"
    assert again.password == found[0].password
    assert local.stop(own_server) is True
    assert local.status(own_server) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process maps")
def test_a_server_maps_the_classes_that_were_kept(neo4j_server: local.Server) -> None:
    mapped = {Path(each.path).name for each in psutil.Process(neo4j_server.pid).memory_maps()}
    assert {"java.jsa", "server.jsa"} <= mapped


def test_an_outside_server_is_used_and_left_alone(
    settings: Settings, neo4j_server: local.Server
) -> None:
    server = local.start(settings)
    assert (server.uri, server.pid, server.home) == (neo4j_server.uri, None, None)
    assert (server.managed, server.version) == (False, "5.26.30")
    assert local.status(settings) == server
    assert local.resolve(settings).uri == server.uri
    assert local.stop(settings) is False
    assert not settings.home.exists()
    assert local.status(settings) == server


def test_a_wrong_password_is_told_from_an_absent_server(settings: Settings) -> None:
    wrong = load_settings(None, home=settings.home, neo4j_uri=settings.neo4j_uri)
    for ask in (local.start, local.status):
        with pytest.raises(DatabaseRefused):
            ask(wrong)
    away = load_settings(None, home=settings.home, neo4j_uri="bolt://127.0.0.1:1")
    assert local.status(away) is None
    with pytest.raises(DatabaseAway):
        local.start(away)


def test_the_server_obeys_the_hardening(neo4j_server: local.Server) -> None:
    with GraphDatabase.driver(
        neo4j_server.uri, auth=(neo4j_server.user, neo4j_server.password)
    ) as driver:
        answer = driver.execute_query("SHOW SETTINGS YIELD name, value RETURN name, value")
    values = {row["name"]: row["value"] for row in answer.records}
    for name, wanted in HARDENING.items():
        assert values[name].lower().replace(".00mib", "m") == wanted, name
    assert values["server.default_listen_address"] == "127.0.0.1"


@pytest.mark.parametrize("turn", ["first", "second"])
def test_every_test_begins_with_an_empty_graph_and_the_whole_schema(
    empty_graph: Settings, neo4j_server: local.Server, turn: str
) -> None:
    async def look() -> tuple[int, bool]:
        async with connect(local.resolve(empty_graph)) as driver:
            reader = Reader(driver)
            return len(await reader.rows(COUNT_NODES)), bool(await drift(reader))

    assert asyncio.run(look()) == (0, False), turn
    with GraphDatabase.driver(
        neo4j_server.uri, auth=(neo4j_server.user, neo4j_server.password)
    ) as driver:
        driver.execute_query((QUERIES / "write_batch.cypher").read_text("utf-8"), batch=1)
    assert asyncio.run(look()) == (1, False), turn
