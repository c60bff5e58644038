"""Why two sellers are linked, or why not: reads what they and those around them share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace

from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.expand import HOPS, NODES, neighbourhood
from graphsvc.investigate.kinds import IMAGE, LABELS, SELLER, WORDS, Ref
from graphsvc.investigate.page import MOST
from graphsvc.investigate.reasons import shared_by_groups
from graphsvc.investigate.rings import members_of, rings_of
from graphsvc.investigate.runs import shown_run
from graphsvc.investigate.tie import PairView, linked
from graphsvc.investigate.told import pair_text
from graphsvc.investigate.uses import Uses, uses_now
from graphsvc.investigate.walk import handles
from graphsvc.investigate.why import weights_of
from graphsvc.rings.columns import Hub
from graphsvc.rings.read import HUBS, marks_in_force
from graphsvc.rings.withdraw import Weights
from graphsvc.store.reader import Reader
from queries.judgements import JUDGEMENTS_AMONG
from queries.rings.views import SHARED_BY_SELLERS
from queries.schema.decisions import Verdict

SAME, UNSURE = Verdict.SAME.value, Verdict.UNSURE.value


async def why_linked(reader: Reader, a: str, b: str) -> PairView:
    """Return what two sellers share, whether it links them, over whom else, and what would cut it.

    It is the graph as it stands, weighed as the last finished run of the product's own engine did;
    what people decided of hubs and of the two counts. Chains are looked for among the sellers
    within three hops of either (500 things around each at most) and the members of their rings.
    Raises NotFound, BadRequest for one seller twice.
    """
    await _known(reader, a, b)
    run = await shown_run(reader)
    decided = await _decided(reader)
    held = await rings_of(reader, [a, b])

    async def uses(sellers: Collection[str]) -> Uses:
        return uses_now((await shared_by_groups(reader, {"": sellers}))[""], decided)

    async def around() -> tuple[set[str], bool]:
        found, complete = await _around(reader, a, b)
        for row in (*held[a], *held[b]):
            pages = await members_of(reader, [(row.ring, row.version)], first=MOST)
            found |= {member.seller for member in pages[row.ring, row.version].items}
        return found, complete

    rings = {f"{row.ring}@{row.version}" for row in held[a]}
    rings &= {f"{row.ring}@{row.version}" for row in held[b]}
    judged = await _judged(reader, a, b)
    found = await _linked(a, b, weights_of(run), uses, around)
    found = replace(found, run=run.id if run else None, ring=min(rings, default=None))
    return _told(found, judged)


async def linked_within(reader: Reader, a: str, b: str) -> PairView:
    """Return the same for somebody from outside, from what their scope holds and nothing else.

    So it is weighed by the shipped weights, because a run learns its own from all sellers; a hub
    is what the scope calls one; pictures, addresses that are merely alike, rings and what people
    judged are not in it. Raises NotFound, BadRequest for one seller twice.
    """
    await _known(reader, a, b)

    async def uses(sellers: Collection[str]) -> Uses:
        keys = [{"of": "", "sellers": sorted(sellers)}]
        return uses_now(await reader.rows(SHARED_BY_SELLERS, keys=keys, ended=False))

    async def around() -> tuple[set[str], bool]:
        return await _around(reader, a, b, kinds=LABELS.keys() - {IMAGE})

    return _told(await _linked(a, b, weights_of(None), uses, around), None)


async def _known(reader: Reader, a: str, b: str) -> None:
    if a == b:
        raise BadRequest("a link is between one seller and another one")
    known = await handles(reader, [a, b])
    for name in (a, b):
        if name not in known:
            raise NotFound(f"there is no seller {name}")


async def _linked(
    a: str,
    b: str,
    weights: Weights,
    uses: Callable[[Collection[str]], Awaitable[Uses]],
    around: Callable[[], Awaitable[tuple[set[str], bool]]],
) -> PairView:
    """Return how two are linked by what some `uses`: by themselves, else by all `around`."""
    tie, chain, cut = linked(a, b, await uses([a, b]), weights)
    complete = True
    if not chain:
        sellers, complete = await around()
        _, chain, cut = linked(a, b, await uses(sellers), weights)
    return PairView(
        a=a,
        b=b,
        run=None,
        theta=tie.theta,
        judged=None,
        linked=tie.p >= tie.theta,
        tie=tie,
        chain=chain,
        cut=tuple(sorted((fact.kind, fact.identifier) for fact in cut.facts)),
        cut_exact=cut.exact,
        complete=complete,
        ring=None,
    )


def _told(found: PairView, judged: str | None) -> PairView:
    """Return a finding in words, as a person's judgement overrules it."""
    holds = found.linked if judged in (None, UNSURE) else judged == SAME
    found = replace(found, judged=judged, linked=holds)
    return replace(found, text=pair_text(found))


async def _decided(reader: Reader) -> dict[Ref, bool]:
    """Return whether an identifier links, where a person decided of it as a hub or as none."""
    marks = await marks_in_force(reader)
    return {Ref(WORDS[name], key): HUBS[state] is Hub.NONE for (name, key), state in marks.items()}


async def _judged(reader: Reader, a: str, b: str) -> str | None:
    found = await reader.rows(JUDGEMENTS_AMONG, sellers=sorted((a, b)))
    return found[0].verdict if found else None


async def _around(
    reader: Reader, a: str, b: str, kinds: Collection[str] | None = None
) -> tuple[set[str], bool]:
    """Return the sellers around two of them, and whether no bound left any out."""
    found, complete = {a, b}, True
    for start in (a, b):
        near = await neighbourhood(reader, Ref(SELLER, start), hops=HOPS, kinds=kinds, first=NODES)
        found |= {node.ref.id for node in near.nodes if node.ref.kind == SELLER}
        complete &= not near.truncated
    return found, complete
