"""How two sellers hang together: the best chains of shared identifiers, never over a hub.

A chain is as good as P(one operator) of its identifiers multiplied. Both ends grow hop by hop until
no chain that is not known yet could be among the best.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from itertools import pairwise

from graphsvc.errors import BadRequest, DatabaseSlow, NotFound, NotOpen
from graphsvc.investigate.best import k_best
from graphsvc.investigate.kinds import SELLER, Ref
from graphsvc.investigate.runs import shown_run
from graphsvc.investigate.walk import Tie, from_identifiers, from_sellers, handles
from graphsvc.investigate.why import weights_of
from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.read import LEVELS
from graphsvc.rings.weigh import Calibration
from graphsvc.store.reader import Reader

HOPS, MOST_PATHS, MOST_SELLERS = 6, 5, 2_000
SECONDS = 10.0  # of looking for the best in what was read
LEAST = 0.001  # what an identifier that says nothing is taken to say: it links nevertheless
_KINDS = {kind.word: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Hop:
    """Two sellers use one identifier, which by itself gives P(one operator) `weight`."""

    left: Tie
    right: Tie
    weight: float


@dataclass(frozen=True, slots=True)
class Chain:
    """A path as its hops, from the first seller to the last; `evidence` is their product."""

    hops: tuple[Hop, ...]
    evidence: float


@dataclass(frozen=True, slots=True)
class Chains:
    """The best chains, and what was searched: chains of up to `searched` hops.

    `hubs` identifiers were met that too many use, and not crossed. `complete` is False where a
    bound ended the search before; `answer` says it in words.
    """

    start: str
    end: str
    chains: tuple[Chain, ...]
    searched: int
    hubs: int
    complete: bool
    answer: str


@dataclass(slots=True)
class _Known:
    """What has been read: linking identifiers with the tie of each user, and hubs."""

    calibration: Calibration
    ties: dict[tuple[Ref, Ref], Tie] = field(default_factory=dict)
    costs: dict[Ref, dict[Ref, float]] = field(default_factory=dict)
    hubs: set[Ref] = field(default_factory=set)

    def add(self, tie: Tie) -> None:
        """Note a tie; half of what its identifier costs is on either side of it."""
        if tie.hub:
            self.hubs.add(tie.identifier)
        if tie.links:
            seller, cost = Ref(SELLER, tie.seller), -math.log(weight_of(tie, self.calibration)) / 2
            self.ties[seller, tie.identifier] = tie
            self.costs.setdefault(seller, {})[tie.identifier] = cost
            self.costs.setdefault(tie.identifier, {})[seller] = cost


@dataclass(slots=True)
class _Side:
    frontier: set[str]
    seen: set[str]


async def paths(
    reader: Reader,
    start: str,
    end: str,
    *,
    kinds: Collection[str] | None = None,
    k: int = 3,
) -> Chains:
    """Return the k (1-5) best chains between two sellers, of at most six hops.

    Weighed as the last finished run did; for those from outside by the shipped table, which tells
    nothing of the market. Raises NotFound for an unknown seller, BadRequest for one seller twice or
    an impossible k, DatabaseSlow.
    """
    if not 1 <= k <= MOST_PATHS:
        raise BadRequest(f"k must be from 1 to {MOST_PATHS}, not {k}")
    if start == end:
        raise BadRequest("a path leads from one seller to another one")
    named = await handles(reader, [start, end])
    for name in (start, end):
        if name not in named:
            raise NotFound(f"there is no seller {name}")
    known = _Known(await _calibration(reader))
    least = -math.log(max(float(known.calibration.pi.max()), LEAST))
    sides = (_Side({start}, {start}), _Side({end}, {end}))
    searched, complete = 0, True
    found: list[tuple[float, list[Ref]]] = []
    while complete and searched < HOPS:
        side = min(sides, key=lambda each: len(each.frontier))
        if not side.frontier:
            searched = HOPS  # one end is walked to its end: there is nothing further
            found = await _aside(known, start, end, k=k)
            break
        complete = await _grow(reader, known, side, kinds)
        searched += complete
        found = await _aside(known, start, end, k=k)
        if len(found) == k and found[-1][0] <= (searched + 1) * least:
            break  # any chain that is not known yet has a hop more
    chains = tuple(_chain(known, nodes) for _, nodes in found)
    answer = _answer(chains, searched, complete) + _uncrossed(len(known.hubs))
    return Chains(start, end, chains, searched, len(known.hubs), complete, answer)


def weight_of(tie: Tie, calibration: Calibration) -> float:
    """Return P(one operator) that a linking identifier gives by itself, a little at least."""
    level = LEVELS.get(tie.level or "", Level.UNIT)
    return max(calibration.weight(_KINDS[tie.identifier.kind], tie.degree, level), LEAST)


async def _calibration(reader: Reader) -> Calibration:
    """Return how identifiers are weighed: as guilt was seen to be shared, where it was learned."""
    try:
        weights = weights_of(await shown_run(reader))
    except NotOpen:
        weights = weights_of(None)
    return weights.model.coupling or weights.calibration


async def _grow(reader: Reader, known: _Known, side: _Side, kinds: Collection[str] | None) -> bool:
    """Walk one hop further on a side; tell whether nothing was left out by a bound."""
    used = await from_sellers(reader, side.frontier, kinds)
    linking = {tie.identifier for tie in used.ties if tie.links}
    users = await from_identifiers(reader, (ref for ref in linking if ref not in known.costs))
    for tie in (*used.ties, *users.ties):
        known.add(tie)
    # What the other side found before is walked through from here too.
    reached = {seller.id for ref in linking for seller in known.costs[ref]}
    side.frontier = reached - side.seen
    side.seen |= side.frontier
    return not (used.cut or users.cut) and len(side.seen) <= MOST_SELLERS


async def _aside(known: _Known, start: str, end: str, *, k: int) -> list[tuple[float, list[Ref]]]:
    """Look for the best chains in a thread that ends with whoever waits for it."""
    ends = Ref(SELLER, start), Ref(SELLER, end)
    if not all(each in known.costs for each in ends):
        return []
    stop = threading.Event()
    check = _checked(stop, time.monotonic() + SECONDS)
    try:
        return await asyncio.to_thread(
            lambda: k_best(known.costs, *ends, k=k, edges=2 * HOPS, check=check)
        )
    finally:
        stop.set()


def _checked(stop: threading.Event, deadline: float) -> Callable[[], None]:
    def check() -> None:
        if stop.is_set() or time.monotonic() > deadline:
            raise DatabaseSlow(f"looking for the best paths took longer than {SECONDS:.0f} s")

    return check


def _chain(known: _Known, nodes: list[Ref]) -> Chain:
    sellers, shared = nodes[::2], nodes[1::2]
    hops = []
    for (left, right), ref in zip(pairwise(sellers), shared, strict=True):
        tie = known.ties[left, ref]
        weight = weight_of(tie, known.calibration)
        hops.append(Hop(tie, known.ties[right, ref], weight))
    return Chain(tuple(hops), math.prod(hop.weight for hop in hops))


def _answer(chains: tuple[Chain, ...], searched: int, complete: bool) -> str:
    if chains:
        hops = len(chains[0].hops)
        return f"linked over {hops} shared identifier{'s' * (hops > 1)}"
    if complete:
        return f"no path of up to {searched} hops without a hub"
    return f"no path found; the search ended at its bound of {MOST_SELLERS} sellers"


def _uncrossed(hubs: int) -> str:
    return f"; {hubs} hub{'s' * (hubs > 1)} not crossed" if hubs else ""
