"""What lies around a seller or an identifier: a bounded walk that shows hubs and stops at them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate import things
from graphsvc.investigate.kinds import SELLER, IdentifierKind, Ref
from graphsvc.investigate.page import checked
from graphsvc.investigate.walk import Step, Tie, from_identifiers, from_sellers, handles
from graphsvc.store.reader import Reader

HOPS, NODES = 3, 500
_LOOK_UP: dict[str, Callable[[Reader, Sequence[str]], Awaitable[Mapping[str, object]]]] = {
    IdentifierKind.ADDRESS: things.addresses,
    IdentifierKind.PAYMENT_ACCOUNT: things.payment_accounts,
    IdentifierKind.PHONE: things.phones,
    IdentifierKind.EMAIL: things.emails,
    IdentifierKind.DEVICE: things.devices,
    IdentifierKind.IMAGE: things.images,
}


@dataclass(frozen=True, slots=True)
class Node:
    """A seller or an identifier, `distance` steps from the start (two steps make a hop).

    `degree` is None for a seller; a `hub` is shown and not walked through.
    """

    ref: Ref
    distance: int
    text: str | None
    level: str | None
    degree: int | None
    hub: bool


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Nodes by distance, the ties between them, and whether a bound left anything out."""

    start: Ref
    nodes: tuple[Node, ...]
    edges: tuple[Tie, ...]
    truncated: bool


@dataclass(slots=True)
class _Walk:
    room: int
    nodes: dict[Ref, Node] = field(default_factory=dict)
    ties: dict[tuple[str, Ref], Tie] = field(default_factory=dict)
    truncated: bool = False

    def add(self, node: Node) -> bool:
        """Add a node unless it is there or there is no room; tell whether it is new."""
        if node.ref in self.nodes:
            return False
        if len(self.nodes) >= self.room:
            self.truncated = True
            return False
        self.nodes[node.ref] = node
        return True

    def take(self, step: Step, distance: int, *, sellers: bool) -> list[Tie]:
        """Add the far ends of a step's ties; return the ties that led to something new."""
        self.truncated |= step.cut
        fresh = [tie for tie in step.ties if self.add(end_of(tie, distance, seller=sellers))]
        for tie in step.ties:
            if tie.identifier in self.nodes and Ref(SELLER, tie.seller) in self.nodes:
                self.ties[tie.seller, tie.identifier] = tie
        return fresh


async def neighbourhood(
    reader: Reader,
    start: Ref,
    *,
    hops: int = 1,
    kinds: Collection[str] | None = None,
    first: int = 100,
) -> Neighbourhood:
    """Return what is around a seller or an identifier within `hops` (1-3), `first` nodes at most.

    A hop is from sellers over an identifier to sellers, or the other way round. Raises NotFound,
    BadRequest for an impossible bound or kind.
    """
    if not 1 <= hops <= HOPS:
        raise BadRequest(f"hops must be from 1 to {HOPS}, not {hops}")
    walk = _Walk(checked(first, NODES))
    ahead = await _begin(reader, start, walk)
    for distance in range(1, 2 * hops + 1):
        if not ahead:
            break
        ahead = await _further(reader, walk, ahead, distance, kinds)
    return await _named(reader, start, walk)


async def _begin(reader: Reader, start: Ref, walk: _Walk) -> list[Ref]:
    """Add the start and return it, unless it is a hub or nobody uses it; raises NotFound."""
    if start.kind == SELLER:
        if start.id not in await handles(reader, [start.id]):
            raise NotFound(f"there is no seller {start.id}")
        walk.add(Node(start, 0, None, None, None, hub=False))
        return [start]
    if start.kind not in _LOOK_UP:
        raise BadRequest(f"a walk starts at a seller or an identifier, not at a {start.kind}")
    step = await from_identifiers(reader, [start])
    if step.ties:
        tie = step.ties[0]
        walk.add(replace(end_of(tie, 0, seller=False), ref=start))
        return [start] if not tie.hub else []
    if not await _LOOK_UP[start.kind](reader, [start.id]):
        raise NotFound(f"there is no {start.kind} {start.id}")
    walk.add(Node(start, 0, None, None, 0, hub=False))
    return []


async def _further(
    reader: Reader, walk: _Walk, ahead: list[Ref], distance: int, kinds: Collection[str] | None
) -> list[Ref]:
    """Take one step from nodes of one sort; return the new nodes to go on from."""
    if ahead[0].kind == SELLER:
        step = await from_sellers(reader, [ref.id for ref in ahead], kinds)
        fresh = walk.take(step, distance, sellers=False)
        return [tie.identifier for tie in fresh if tie.links]
    step = await from_identifiers(reader, ahead)
    return [Ref(SELLER, tie.seller) for tie in walk.take(step, distance, sellers=True)]


def end_of(tie: Tie, distance: int, *, seller: bool) -> Node:
    """Return one end of a tie, the seller or what it uses, as a node without a name."""
    if seller:
        return Node(Ref(SELLER, tie.seller), distance, None, None, None, hub=False)
    return Node(tie.identifier, distance, tie.shown, tie.level, tie.degree, tie.hub)


async def _named(reader: Reader, start: Ref, walk: _Walk) -> Neighbourhood:
    """Return the walk in a fixed order, its sellers under their names."""
    sellers = [ref.id for ref in walk.nodes if ref.kind == SELLER]
    names = await handles(reader, sellers)
    nodes = [
        replace(node, text=names.get(node.ref.id)) if node.ref.kind == SELLER else node
        for node in walk.nodes.values()
    ]
    nodes.sort(key=lambda node: (node.distance, node.ref))
    ties = tuple(tie for _, tie in sorted(walk.ties.items()))
    return Neighbourhood(start, tuple(nodes), ties, walk.truncated)
