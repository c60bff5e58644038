"""A Neo4j killed in the middle of writing: what it acknowledged is there when it starts again."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import psutil
from neo4j import GraphDatabase, NotificationMinimumSeverity
from neo4j.exceptions import DriverError, Neo4jError

from graphsvc.settings import Settings
from graphsvc.store import local

QUERIES = Path(__file__).resolve().parents[1] / "data"
WRITE = (QUERIES / "write_batch.cypher").read_text("utf-8")
COUNT = (QUERIES / "count_batches.cypher").read_text("utf-8")
BATCH_ROWS = 200
ENOUGH = 50


def _write_until_it_breaks(server: local.Server, done: list[int], enough: threading.Event) -> None:
    """Write batch after batch, each in a transaction, and note those that were acknowledged."""
    with (
        GraphDatabase.driver(
            server.uri,
            auth=(server.user, server.password),
            max_transaction_retry_time=0.0,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
        ) as driver,
        driver.session() as session,
    ):
        for batch in range(1_000_000):
            try:
                session.run(WRITE, batch=batch).consume()  # type: ignore[arg-type]
            except (DriverError, Neo4jError):
                return
            done.append(batch)
            if len(done) == ENOUGH:
                enough.set()


def _batches(server: local.Server) -> dict[int, int]:
    with GraphDatabase.driver(
        server.uri,
        auth=(server.user, server.password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
    ) as driver:
        rows = driver.execute_query(COUNT).records
    return {row["batch"]: row["number"] for row in rows}


def test_nothing_acknowledged_is_lost_by_kill_9(own_server: Settings) -> None:
    server = local.start(own_server)
    assert server.pid is not None
    done: list[int] = []
    enough = threading.Event()
    writer = threading.Thread(target=_write_until_it_breaks, args=(server, done, enough))
    writer.start()
    reached = enough.wait(60)
    process = psutil.Process(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    process.wait(30)
    writer.join(60)
    assert reached
    assert not writer.is_alive()
    assert local.status(own_server) is None

    again = local.start(own_server)

    assert again.pid != server.pid
    found = _batches(again)
    assert set(done) <= set(found), "an acknowledged batch is lost"
    assert set(found.values()) == {BATCH_ROWS}, "a batch is there in part"
    assert len(found) - len(done) <= 1, "at most the one batch in flight was not acknowledged"
