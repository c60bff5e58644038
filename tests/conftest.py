"""A real Neo4j for the tests that want one: started once, emptied between tests, stopped."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from neo4j import GraphDatabase, NotificationMinimumSeverity

from graphsvc.settings import Settings, load_settings
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.migrate import migrate

# A busy machine is no failure: no example is held to a time.
hypothesis_settings.register_profile("patient", deadline=None)
hypothesis_settings.load_profile("patient")
ROOT = Path(__file__).resolve().parents[1]
QUERIES = ROOT / "tests" / "data"
# Read before any test: jars are fetched once a machine, not once a test session.
CACHE = load_settings().cache
HEAP, PAGECACHE = "512m", "128m"
JAVA = "-XX:TieredStopAtLevel=1"  # a server that lives for one test is not compiled twice


@pytest.fixture(autouse=True)
def _no_outside_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("GRAPHSVC_", "NEO4J_", "OTEL_")):
            monkeypatch.delenv(name)


def managed(home: Path, *, java: str = JAVA) -> Settings:
    """Return settings of a small managed server in `home`, whatever the environment says."""
    return load_settings(
        None,
        home=home,
        cache=CACHE,
        neo4j_uri=None,
        neo4j_heap=HEAP,
        neo4j_java=java,
        neo4j_pagecache=PAGECACHE,
    )


def over(server: local.Server, home: Path, **more: Any) -> Settings:
    """Return settings of a home of its own over a server that runs, and nothing from outside."""
    return load_settings(
        None,
        home=home,
        cache=CACHE,
        neo4j_uri=server.uri,
        neo4j_user=server.user,
        neo4j_password=server.password,
        **more,
    )


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Settings]:
    """Settings of a second managed server, not yet started, that is stopped after the test."""
    settings = managed(tmp_path / "home of mine")
    yield settings
    local.stop(settings)


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[local.Server]:
    """A managed Neo4j of this session's own, its constraints and indexes made."""
    home = tmp_path_factory.mktemp("neo4j-home")
    settings = managed(home, java="")  # half the time of what is asked, after some minutes
    server = local.start(settings)
    try:
        asyncio.run(_migrate(server))
        yield server
    finally:
        local.stop(settings)


@pytest.fixture
def settings(neo4j_server: local.Server, tmp_path: Path) -> Settings:
    """Settings with a home of the test's own and the session's server."""
    return over(neo4j_server, tmp_path / "home")


@pytest.fixture
def empty_graph(settings: Settings, neo4j_server: local.Server) -> Settings:
    """The same settings once the graph holds no node and no relation; its schema stays."""
    with (
        GraphDatabase.driver(
            neo4j_server.uri,
            auth=(neo4j_server.user, neo4j_server.password),
            notifications_min_severity=NotificationMinimumSeverity.OFF,
        ) as driver,
        driver.session() as session,
    ):
        for name in ("empty_hubs", "empty_graph"):
            session.run((QUERIES / f"{name}.cypher").read_text("utf-8")).consume()
    return settings


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of shared sample data beside the repository; without it the test is skipped."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no shared sample data beside the repository")
    return folder


async def _migrate(server: local.Server) -> None:
    async with connect(server) as driver:
        await migrate(driver)
