"""Run a detection: read, solve, name, write; all of its findings enter the graph or none."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import pairwise
from typing import Any, TypeVar

from graphsvc import clock
from graphsvc.errors import GraphsvcError
from graphsvc.rings.columns import Market
from graphsvc.rings.groups import Group, count_groups, largest_groups
from graphsvc.rings.parameters import Wanted
from graphsvc.rings.read import read_market
from graphsvc.rings.save import Findings, name_rings, write_findings
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
    run, started = clock.new_id("detect"), clock.stamp()
    booked = _booked(wanted, started)
    await _save(writer, run, booked | {"state": RunState.RUNNING.value})
    try:
        return await _detect(reader, writer, wanted, _Step(run, booked, tell))
    except asyncio.CancelledError:
        await asyncio.shield(_mark(writer, run, booked, RunState.INTERRUPTED))
        raise
    except Exception:
        await _mark(writer, run, booked, RunState.FAILED)
        raise


@dataclass(frozen=True, slots=True)
class _Step:
    run: str
    booked: dict[str, Any]
    tell: Callable[[str], None]


async def _detect(reader: Reader, writer: Writer, wanted: Wanted, step: _Step) -> DetectionReport:
    marks = [time.perf_counter()]
    step.tell("reading shared identifiers")
    market = await read_market(reader, wanted.parameters)
    marks.append(time.perf_counter())
    step.tell(f"solving {len(market.sellers):,} sellers with {wanted.engine}")
    solution = await in_thread(
        lambda: solve(
            market,
            wanted.parameters,
            engine=wanted.engine,
            seed=wanted.seed,
            confidence=wanted.confidence,
            model=wanted.model,
        )
    )
    marks.append(time.perf_counter())
    step.tell("writing rings")
    findings = await name_rings(reader, market, solution, wanted)
    marks.append(time.perf_counter())
    seconds = dict(zip(("read", "solve", "name"), _steps(marks), strict=True))
    report = _report(step.run, wanted, market, (solution, findings), seconds)
    finished = step.booked | _outcome(market, solution, report)
    await write_findings(writer, step.run, findings, finished)
    seconds["write"] = time.perf_counter() - marks[-1]
    return report


def _steps(marks: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(marks)]


def _booked(wanted: Wanted, started: str) -> dict[str, Any]:
    return {
        "engine": wanted.engine.value,
        "seed": wanted.seed,
        "confidence_runs": wanted.confidence,
        "parameters": json.dumps(wanted.parameters.as_json(), sort_keys=True),
        "versions": json.dumps({name: version(name) for name in LIBRARIES}, sort_keys=True),
        "started_at": started,
    }


def _outcome(market: Market, solution: Solution, report: DetectionReport) -> dict[str, Any]:
    counts = {"rings": report.rings, "members": report.members, "sellers": report.sellers}
    return {
        "state": RunState.FINISHED.value,
        "calibration": json.dumps(solution.model.as_json(), sort_keys=True),
        "input_digest": market.digest(),
        "counts": json.dumps(counts, sort_keys=True),
        "finished_at": clock.stamp(),
    }


def _report(
    run: str,
    wanted: Wanted,
    market: Market,
    found: tuple[Solution, Findings],
    seconds: dict[str, float],
) -> DetectionReport:
    solution, findings = found
    tiers = (Tier.BAN.value, Tier.REVIEW.value)
    members = [member.tier for finding in findings.rings for member in finding.members]
    return DetectionReport(
        run=run,
        engine=wanted.engine.value,
        seed=wanted.seed,
        calibration=solution.calibration.source,
        sellers=len(market.sellers),
        identifiers=len(market.identifiers),
        rings={tier: sum(finding.tier == tier for finding in findings.rings) for tier in tiers},
        members={tier: members.count(tier) for tier in tiers},
        groups=count_groups(solution),
        grouped=int(solution.members.seller.size),
        largest=largest_groups(market, solution, LARGEST),
        seconds=seconds,
    )


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
