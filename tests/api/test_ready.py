"""Whether a server is ready, and what becomes of a worker whose event loop stands still."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

import httpx
import psutil
import pytest

from graphsvc.app import create_app
from graphsvc.audit.ledger import FILE
from graphsvc.settings import Settings
from tests.api.conftest import Api, code_of, serving, wait_ready
from tests.plain_http import HTTP

STALLING = Path(__file__).resolve().parents[1] / "faults" / "stalling"


def refused(url: str, settings: Settings) -> None:
    """Hold that the server is not ready, says so without telling where it is, and still lives."""
    response = HTTP.get(f"{url}/readyz", timeout=60)
    assert (response.status_code, code_of(response)) == (503, "NOT_READY")
    assert int(response.headers["Retry-After"]) > 0
    assert str(settings.home) not in response.text
    assert HTTP.get(f"{url}/livez", timeout=60).status_code == 200


def test_a_journal_that_cannot_be_written_is_not_ready(api: Api) -> None:
    file = api.settings.journal_folder / FILE
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused(api.url, api.settings)
    other.execute("ROLLBACK")
    other.close()
    assert HTTP.get(f"{api.url}/readyz", timeout=60).status_code == 200
    file.rename(file.with_suffix(".away"))
    refused(api.url, api.settings)
    file.with_suffix(".away").rename(file)
    assert HTTP.get(f"{api.url}/readyz", timeout=60).status_code == 200


def test_asking_whether_it_is_ready_writes_nothing(api: Api) -> None:
    def written() -> list[object]:
        file = f"{(api.settings.journal_folder / FILE).as_uri()}?mode=ro"
        with sqlite3.connect(file, uri=True) as held:
            return [
                held.execute(text).fetchone()
                for text in ("SELECT count(*) FROM entry", "SELECT count(*) FROM checkpoint")
            ]

    before = written()
    for _ in range(3):
        assert HTTP.get(f"{api.url}/readyz", timeout=60).status_code == 200
    assert written() == before


def test_a_disk_under_the_floor_is_not_ready(outside: Settings) -> None:
    async def ready(floor: int) -> int:
        # `serve` would not even start: the disk fills up behind it.
        app = create_app(outside.model_copy(update={"disk_floor": floor}))
        way = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=way, base_url="http://here") as client,
        ):
            return (await client.get("/readyz")).status_code

    assert [asyncio.run(ready(floor)) for floor in (1 << 60, 0)] == [503, 200]


def test_a_worker_that_stands_still_is_replaced(
    outside: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", f"{STALLING}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with serving(outside.model_copy(update={"watchdog_seconds": 1.0})) as (url, process):
        (worker,) = serving_workers(process.pid)
        worker.send_signal(signal.SIGUSR1)
        worker.wait(60)
        wait_ready(url, process, "/livez")
        assert HTTP.get(f"{url}/readyz", timeout=60).status_code == 200
        process.send_signal(signal.SIGTERM)
        log = process.ended()
    assert "stalled" in log


def serving_workers(pid: int) -> list[psutil.Process]:
    """Return the processes that answer for a server: those that have no children themselves."""
    return [
        each
        for each in psutil.Process(pid).children(recursive=True)
        if not each.children() and "resource_tracker" not in " ".join(each.cmdline())
    ]
