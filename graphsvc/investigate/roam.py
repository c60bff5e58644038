"""A walk that gives what it finds as it goes, for what is too large to be held.

Like `expand` it shows hubs and stops at them. It holds the ids that it has met and one answer of
the graph; what is full is asked for again in halves, so that nothing is left out without a word.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.expand import HOPS, Node, end_of
from graphsvc.investigate.kinds import SELLER, Ref
from graphsvc.investigate.walk import Step, Tie, from_identifiers, from_sellers, handles
from graphsvc.store.reader import Reader

T = TypeVar("T")
NODES = 50_000
CHUNK = 100  # sellers or identifiers of one question
ABSENT = "nothing that is open to you has this id"


class TooLarge(BadRequest):
    """A sub-graph that is larger than may leave at once."""

    code = "EXPORT_LIMIT"
    advice = "Ask for fewer hops or kinds, or begin at another seller; what has left is not whole."


@dataclass(slots=True)
class _Met:
    most: int
    refs: set[Ref] = field(default_factory=set)

    def fresh(self, ref: Ref) -> bool:
        """Tell whether a node is new, and remember it; raises TooLarge."""
        if ref in self.refs:
            return False
        if len(self.refs) >= self.most:
            raise TooLarge(f"more than {self.most:,} nodes lie within these hops")
        self.refs.add(ref)
        return True


async def roam(
    reader: Reader,
    starts: Iterable[str],
    *,
    hops: int,
    kinds: Collection[str] | None = None,
    most: int = NODES,
) -> AsyncIterator[Node | Tie]:
    """Yield what lies within `hops` (1-3) of sellers: each node once, before its ties.

    Raises NotFound where none of the sellers is there, BadRequest for impossible hops or kinds,
    and on the way TooLarge where there are more than `most` nodes.
    """
    if not 1 <= hops <= HOPS:
        raise BadRequest(f"hops must be from 1 to {HOPS}, not {hops}")
    met = _Met(most)
    ahead: set[str] = set()
    for names in _chunks(sorted(set(starts))):
        async for node in _sellers(reader, met, names, 0):
            ahead.add(node.ref.id)
            yield node
    if not ahead:
        raise NotFound(ABSENT)
    for hop in range(hops):
        linking: list[Ref] = []
        async for step in _asked(sorted(ahead), lambda names: from_sellers(reader, names, kinds)):
            for tie in step.ties:
                if met.fresh(tie.identifier):
                    linking += [tie.identifier] * tie.links
                    yield end_of(tie, 2 * hop + 1, seller=False)
                yield tie
        ahead = set()
        async for step in _asked(sorted(linking), lambda refs: from_identifiers(reader, refs)):
            named = {tie.seller for tie in step.ties}
            async for node in _sellers(reader, met, named, 2 * hop + 2):
                ahead.add(node.ref.id)
                yield node
            if hop == hops - 1:  # all others' ties come with the hop that starts from them
                for tie in step.ties:
                    if tie.seller in ahead:
                        yield tie


async def _sellers(
    reader: Reader, met: _Met, names: Iterable[str], distance: int
) -> AsyncIterator[Node]:
    """Yield those of the sellers that are there and new, under their names."""
    unmet = [name for name in names if Ref(SELLER, name) not in met.refs]
    for name, handle in sorted((await handles(reader, unmet)).items() if unmet else ()):
        met.fresh(Ref(SELLER, name))
        yield Node(Ref(SELLER, name), distance, handle, None, None, hub=False)


async def _asked(
    named: Sequence[T], ask: Callable[[Sequence[T]], Awaitable[Step]]
) -> AsyncIterator[Step]:
    """Yield the answers of a question about many, some at a time; raises TooLarge."""
    for part in _chunks(named):
        step = await ask(part)
        if not step.cut:
            yield step
        elif len(part) == 1:
            raise TooLarge("one node of these has more ties than can be read at once")
        else:
            middle = len(part) // 2
            for half in (part[:middle], part[middle:]):
                async for each in _asked(half, ask):
                    yield each


def _chunks(named: Sequence[T]) -> Iterable[Sequence[T]]:
    return (named[place : place + CHUNK] for place in range(0, len(named), CHUNK))
