"""Workers of the API killed again and again under load: what a client was told, the journal has."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
import psutil
import pytest

from graphsvc.audit.events import digest
from graphsvc.audit.ledger import Ledger
from graphsvc.audit.outcome import DONE
from graphsvc.audit.verify import verify
from graphsvc.settings import Settings
from tests.api.conftest import in_process, serving
from tests.api.leak_world import OWNERS, PLATFORM, World, build, seller
from tests.plain_http import HTTP

WORKERS, CLIENTS, SECONDS = 4, 6, 120.0
SPAWNED = 7.0  # granian ends where a worker dies within 5.5 seconds of its last start
ENOUGH = 25  # answers between two kills


@dataclass
class Client:
    """Asks one question after the other, each in words of its own; holds those answered."""

    url: str
    world: World
    name: int
    held: list[str] = field(default_factory=list)
    broken: int = 0

    def ask(self, over: threading.Event) -> None:
        """Ask until it is over."""
        for number in count():
            if over.is_set():
                return
            case = number % len(OWNERS)
            about = f'platform: "{PLATFORM}", sellerId: "{seller(case, 0)}"'
            text = f"query Q{self.name}x{number} {{ seller({about}) {{ handle }} }}"
            if self._answered(case, text):
                self.held.append(digest(text))

    def _answered(self, case: int, text: str) -> bool:
        headers = {
            "Authorization": f"Bearer {self.world.keys[OWNERS[case]]}",
            **self.world.headers(case),
        }
        try:
            told = HTTP.post(
                f"{self.url}/graphql", json={"query": text}, headers=headers, timeout=SECONDS
            )
        except httpx.TransportError:
            self.broken += 1
            return False
        assert told.status_code == 200, told.text
        assert told.json()["data"]["seller"]["handle"]
        return True


@contextmanager
def asking(clients: list[Client]) -> Iterator[None]:
    """Let the clients ask meanwhile; fail where one of them did."""
    over, failed = threading.Event(), []

    def ask(client: Client) -> None:
        try:
            client.ask(over)
        except BaseException as error:
            failed.append(error)
            raise

    threads = [threading.Thread(target=ask, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(SECONDS)
    assert not failed, failed


def kill_one(server: int, dice: random.Random, answers: Answers) -> None:
    """Kill a worker once enough was answered since the last kill, and it is old enough to die."""
    wanted, deadline = answers.count() + ENOUGH, time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        workers = psutil.Process(server).children()
        old = [each for each in workers if time.time() - each.create_time() > SPAWNED]
        if old and answers.count() >= wanted:
            victim = dice.choice(old)
            victim.kill()
            with suppress(psutil.NoSuchProcess):
                victim.wait(30)
            return
        time.sleep(dice.uniform(0.0, 0.05))
    raise AssertionError("nothing is answered any more, or no worker came back")


@dataclass(frozen=True)
class Answers:
    """What all clients hold."""

    clients: list[Client]

    def count(self) -> int:
        """Return how many."""
        return sum(len(client.held) for client in self.clients)

    def all(self) -> set[str]:
        """Return the digests of the texts that were answered."""
        return {told for client in self.clients for told in client.held}


def recorded(folder: Path) -> set[str]:
    """Return the digests of the texts whose answers the journal has as given."""
    ledger = Ledger.readable(folder)
    try:
        bodies = [entry.body.decode() for entry in ledger.entries()]
    finally:
        ledger.close()
    reads = [body for body in bodies if f'"outcome":"{DONE}"' in body and " rows, " in body]
    return {body.partition(" rows, ")[2].partition('"')[0] for body in reads}


@pytest.mark.parametrize(
    "kills",
    [3, pytest.param(300, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])],
)
def test_what_a_client_was_told_is_in_the_journal(
    empty_graph: Settings, tmp_path: Path, kills: int
) -> None:
    world = build(in_process(empty_graph), tmp_path)
    dice = random.Random(kills)
    quiet = empty_graph.model_copy(update={"log_level": "error"})
    with serving(quiet, "--workers", str(WORKERS)) as (url, process):
        clients = [Client(url, world, name) for name in range(CLIENTS)]
        answers = Answers(clients)
        with asking(clients):
            for _ in range(kills):
                kill_one(process.pid, dice, answers)
        assert process.poll() is None
    held = answers.all()
    print(f"{len(held)} answers, {sum(each.broken for each in clients)} broken off")  # noqa: T201
    assert len(held) == answers.count() >= kills * ENOUGH
    assert held <= recorded(empty_graph.journal_folder)
    assert verify(empty_graph.journal_folder).problem is None
