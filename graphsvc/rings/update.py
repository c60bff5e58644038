"""Update rings to the graph as it stands: a run that solves only what differs from the last one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from graphsvc.errors import NotFound
from graphsvc.rings.component import single
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import DEFAULT, Engine, Wanted
from graphsvc.rings.read import read_market
from graphsvc.rings.renew import renew
from graphsvc.rings.run import Running, booked, by_tier, in_thread, outcome, steps, told
from graphsvc.rings.save import Before, name_rings, rings_before, write_findings
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from queries.rings.detection import COMPONENTS_OF_RUN
from queries.schema.findings import DetectionRun


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did: of `components` of two sellers or more it solved `solved`.

    These have `touched` sellers; `carried` rings are as `since`, the run before, had them.
    """

    run: str
    since: str
    sellers: int
    components: int
    solved: int
    touched: int
    carried: int
    rings: dict[str, int]
    members: dict[str, int]
    seconds: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `rings update --json` prints."""
        seconds = {stage: round(value, 3) for stage, value in self.seconds.items()}
        return asdict(self) | {"seconds": seconds}


@dataclass(frozen=True, slots=True)
class _Basis:
    """What an update goes on from: the rings and run before, a model, the bytes it may take."""

    before: Before
    last: DetectionRun
    model: Model
    memory: int | None


async def update(
    reader: Reader,
    writer: Writer,
    model: Model,
    tell: Callable[[str], None],
    *,
    memory: int | None = None,
) -> UpdateReport:
    """Write a run of the evidence engine that equals a detection by the model, at the last's seed.

    A failure or Ctrl-C leaves the run marked so and no finding. Raises NotFound where no run has
    finished, Conflict where a load writes or another run finishes meanwhile, DatabaseAway.
    """
    before = await rings_before(reader, Engine.EVIDENCE)
    if before.last is None:
        raise NotFound("no detection has finished; `graphsvc rings detect` runs one")
    basis = _Basis(before, before.last, model, memory)
    seed = before.last.seed or 0
    wanted = Wanted(Engine.EVIDENCE, seed, DEFAULT, model=model, memory=memory)
    return await booked(
        writer, wanted, tell, lambda running: _update(reader, writer, basis, running)
    )


async def _update(
    reader: Reader,
    writer: Writer,
    basis: _Basis,
    running: Running,
) -> UpdateReport:
    before, last, model = basis.before, basis.last, basis.model
    marks = [time.perf_counter()]
    running.tell("reading shared identifiers")
    market = await read_market(reader, DEFAULT, memory=basis.memory)
    judged = await _judged(reader, last, model, running)
    marks.append(time.perf_counter())
    running.tell(f"solving what changed since {last.id}")
    renewed = await in_thread(
        lambda: renew(market, model, DEFAULT, last.seed or 0, rings=before.rings, judged=judged)
    )
    marks.append(time.perf_counter())
    running.tell("writing rings")
    named = name_rings(before, market, renewed.rings, DEFAULT)
    findings = replace(named, judged=renewed.judged)
    marks.append(time.perf_counter())
    rings, members = by_tier(findings)
    counts = {"rings": rings, "members": members, "sellers": len(market.sellers)}
    seconds = steps(marks, "read", "solve", "name")
    await write_findings(
        writer, running.run, findings, running.booked | outcome(market, model, counts)
    )
    seconds["write"] = time.perf_counter() - marks[-1]
    return UpdateReport(
        run=running.run,
        since=last.id,
        sellers=len(market.sellers),
        components=len(renewed.judged),
        solved=renewed.solved,
        touched=renewed.touched,
        carried=renewed.carried,
        rings=rings,
        members=members,
        seconds=seconds,
    )


async def _judged(
    reader: Reader, last: DetectionRun, model: Model, running: Running
) -> frozenset[bytes]:
    """Return what the last run judged that would be judged the same now: all of it, or nothing."""
    same = (
        last.calibration == told(model)
        and last.parameters == running.booked["parameters"]
        and last.versions == running.booked["versions"]
    )
    if not same:
        return frozenset()
    kept = await reader.one(COMPONENTS_OF_RUN, run=last.id)
    return single(kept.digests) if kept else frozenset()
