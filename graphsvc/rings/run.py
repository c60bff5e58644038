"""Run a detection: read, solve, name, write; all of its findings enter the graph or none."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from itertools import pairwise
from typing import Any, TypeVar

from graphsvc import clock
from graphsvc.errors import GraphsvcError
from graphsvc.rings.columns import Market
from graphsvc.rings.component import digests
from graphsvc.rings.groups import Group, count_groups, largest_groups
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Engine, Wanted
from graphsvc.rings.read import read_market
from graphsvc.rings.save import Findings, name_rings, rings_before, write_findings
from graphsvc.rings.solve import Solution, solve
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.rings.detection import SAVE_DETECTION_RUN
from queries.schema.findings import RunState, Tier

T = TypeVar("T")
LARGEST = 10
LIBRARIES = ("graphsvc", "numpy", "scipy", "graspologic-native", "python-louvain", "networkx")


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """What a detection found: rings and sellers by tier, and the seconds of each stage.

    `groups` counts all groups of two or more and `grouped` the sellers in them, of whatever tier;
    `largest` has the biggest.
    """

    run: str
    engine: str
    seed: int
    calibration: str
    sellers: int
    identifiers: int
    rings: dict[str, int]
    members: dict[str, int]
    groups: int
    grouped: int
    largest: list[Group]
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `rings detect --json` prints."""
        return {
            "run": self.run,
            "engine": self.engine,
            "seed": self.seed,
            "calibration": self.calibration,
            "sellers": self.sellers,
            "identifiers": self.identifiers,
            "rings": self.rings,
            "members": self.members,
            "groups": self.groups,
            "grouped": self.grouped,
            "largest": [asdict(group) for group in self.largest],
            "seconds": {stage: round(value, 3) for stage, value in self.seconds.items()},
        }


async def detect(
    reader: Reader, writer: Writer, wanted: Wanted, tell: Callable[[str], None]
) -> DetectionReport:
    """Detect rings in the graph as it stands and write the run with its findings.

    Same input, engine and seed give the same rings. A failure or Ctrl-C leaves the run marked
    so and no finding. Raises Conflict where a load writes or another run of the engine finishes
    meanwhile, DatabaseAway.
    """
    return await booked(
        writer, wanted, tell, lambda running: _detect(reader, writer, wanted, running)
    )


@dataclass(frozen=True, slots=True)
class Running:
    """A run that is under way: its id, what is booked of it, and who is told of its steps."""

    run: str
    booked: dict[str, Any]
    tell: Callable[[str], None]


async def booked(
    writer: Writer,
    wanted: Wanted,
    tell: Callable[[str], None],
    work: Callable[[Running], Awaitable[T]],
) -> T:
    """Do the work of a run that is booked from now on, and note where it fails or is stopped."""
    run, known = clock.new_id("detect"), _booked(wanted, clock.stamp())
    await _save(writer, run, known | {"state": RunState.RUNNING.value})
    try:
        return await work(Running(run, known, tell))
    except asyncio.CancelledError:
        await asyncio.shield(_mark(writer, run, known, RunState.INTERRUPTED))
        raise
    except Exception:
        await _mark(writer, run, known, RunState.FAILED)
        raise


async def _detect(
    reader: Reader, writer: Writer, wanted: Wanted, running: Running
) -> DetectionReport:
    marks = [time.perf_counter()]
    running.tell("reading shared identifiers")
    market = await read_market(reader, wanted.parameters, memory=wanted.memory)
    marks.append(time.perf_counter())
    running.tell(f"solving {len(market.sellers):,} sellers with {wanted.engine}")
    solution, judged = await in_thread(lambda: _solved(market, wanted))
    marks.append(time.perf_counter())
    running.tell("writing rings")
    before = await rings_before(reader, wanted.engine)
    named = name_rings(before, market, solution.rings, wanted.parameters)
    findings = replace(named, judged=judged)
    marks.append(time.perf_counter())
    seconds = steps(marks, "read", "solve", "name")
    report = _report(running.run, wanted, market, (solution, findings), seconds)
    counts = {"rings": report.rings, "members": report.members, "sellers": report.sellers}
    finished = running.booked | outcome(market, solution.model, counts)
    await write_findings(writer, running.run, findings, finished)
    seconds["write"] = time.perf_counter() - marks[-1]
    return report


def _solved(market: Market, wanted: Wanted) -> tuple[Solution, frozenset[bytes] | None]:
    """Return the solution, and of the engine that judges each component by itself their digests."""
    solution = solve(
        market,
        wanted.parameters,
        engine=wanted.engine,
        seed=wanted.seed,
        confidence=wanted.confidence,
        model=wanted.model,
    )
    if wanted.engine is not Engine.EVIDENCE:
        return solution, None
    return solution, frozenset(digests(market, solution.component).values())


def steps(marks: list[float], *names: str) -> dict[str, float]:
    """Return the seconds between each two marks, by the name of what was done between them."""
    passed = [later - earlier for earlier, later in pairwise(marks)]
    return dict(zip(names, passed, strict=True))


def _booked(wanted: Wanted, started: str) -> dict[str, Any]:
    return {
        "engine": wanted.engine.value,
        "seed": wanted.seed,
        "confidence_runs": wanted.confidence,
        "parameters": json.dumps(wanted.parameters.as_json(), sort_keys=True),
        "versions": json.dumps({name: version(name) for name in LIBRARIES}, sort_keys=True),
        "started_at": started,
    }


def outcome(market: Market, model: Model, counts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is booked of a run that finishes now."""
    return {
        "state": RunState.FINISHED.value,
        "calibration": told(model),
        "input_digest": market.digest(),
        "counts": json.dumps(counts, sort_keys=True),
        "finished_at": clock.stamp(),
    }


def told(model: Model) -> str:
    """Return the tables of a model as a run keeps them."""
    return json.dumps(model.as_json(), sort_keys=True)


def _report(
    run: str,
    wanted: Wanted,
    market: Market,
    found: tuple[Solution, Findings],
    seconds: dict[str, float],
) -> DetectionReport:
    solution, findings = found
    rings, members = by_tier(findings)
    return DetectionReport(
        run=run,
        engine=wanted.engine.value,
        seed=wanted.seed,
        calibration=solution.calibration.source,
        sellers=len(market.sellers),
        identifiers=len(market.identifiers),
        rings=rings,
        members=members,
        groups=count_groups(solution),
        grouped=int(solution.members.seller.size),
        largest=largest_groups(market, solution, LARGEST),
        seconds=seconds,
    )


def by_tier(findings: Findings) -> tuple[dict[str, int], dict[str, int]]:
    """Count rings, and their members, by tier."""
    rings = [finding.tier for finding in findings.rings]
    members = [member.tier for finding in findings.rings for member in finding.members]
    tiers = (Tier.BAN.value, Tier.REVIEW.value)
    return {tier: rings.count(tier) for tier in tiers}, {t: members.count(t) for t in tiers}


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread that Ctrl-C need not wait for: it holds nothing but memory."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def answer(settle: Callable[[Any], None], value: Any) -> None:
        if not done.cancelled():
            settle(value)

    def whole() -> None:
        settle: Callable[[Any], None] = done.set_result
        try:
            value: Any = work()
        except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
            settle, value = done.set_exception, error
        if not loop.is_closed():
            loop.call_soon_threadsafe(answer, settle, value)

    threading.Thread(target=whole, daemon=True).start()
    return await done


async def _save(writer: Writer, run: str, properties: dict[str, Any]) -> None:
    await writer.command(SAVE_DETECTION_RUN, id=run, properties=properties)


async def _mark(writer: Writer, run: str, booked: dict[str, Any], state: RunState) -> None:
    """Note how a run ended; where the database is away nobody can."""
    try:
        async with asyncio.timeout(5):
            await _save(writer, run, booked | {"state": state.value, "finished_at": clock.stamp()})
    except (GraphsvcError, TimeoutError):
        return
