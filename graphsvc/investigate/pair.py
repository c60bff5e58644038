"""Why two sellers are linked, or why not: reads what they and those around them share."""

from __future__ import annotations

from dataclasses import replace

from graphsvc.errors import BadRequest, NotFound
from graphsvc.investigate.expand import HOPS, NODES, neighbourhood
from graphsvc.investigate.kinds import SELLER, WORDS, Ref
from graphsvc.investigate.page import MOST
from graphsvc.investigate.reasons import shared_by_groups
from graphsvc.investigate.rings import members_of, rings_of
from graphsvc.investigate.runs import shown_run
from graphsvc.investigate.tie import PairView, linked
from graphsvc.investigate.told import pair_text
from graphsvc.investigate.uses import uses_now
from graphsvc.investigate.walk import handles
from graphsvc.investigate.why import weights_of
from graphsvc.rings.columns import Hub
from graphsvc.rings.read import HUBS, marks_in_force
from graphsvc.store.reader import Reader
from queries.judgements import JUDGEMENTS_AMONG
from queries.schema.decisions import Verdict

SAME, UNSURE = Verdict.SAME.value, Verdict.UNSURE.value


async def why_linked(reader: Reader, a: str, b: str) -> PairView:
    """Return what two sellers share, whether it links them, over whom else, and what would cut it.

    It is the graph as it stands, weighed as the last finished run of the product's own engine did;
    what people decided of hubs and of the two counts. Chains are looked for among the sellers
    within three hops of either (500 things around each at most) and the members of their rings.
    Raises NotFound, BadRequest for one seller twice.
    """
    if a == b:
        raise BadRequest("a link is between one seller and another one")
    known = await handles(reader, [a, b])
    for name in (a, b):
        if name not in known:
            raise NotFound(f"there is no seller {name}")
    run = await shown_run(reader)
    weights = weights_of(run)
    decided = await _decided(reader)
    uses = uses_now((await shared_by_groups(reader, {"": [a, b]}))[""], decided)
    tie, chain, cut = linked(a, b, uses, weights)
    held = await rings_of(reader, [a, b])
    rings = {f"{row.ring}@{row.version}" for row in held[a]}
    rings &= {f"{row.ring}@{row.version}" for row in held[b]}
    complete = True
    if not chain:
        around, complete = await _around(reader, a, b)
        for row in (*held[a], *held[b]):
            pages = await members_of(reader, [(row.ring, row.version)], first=MOST)
            around |= {member.seller for member in pages[row.ring, row.version].items}
        uses = uses_now((await shared_by_groups(reader, {"": around}))[""], decided)
        _, chain, cut = linked(a, b, uses, weights)
    theta = weights.parameters.theta
    judged = await _judged(reader, a, b)
    found = PairView(
        a=a,
        b=b,
        run=run.id if run else None,
        theta=theta,
        judged=judged,
        linked=tie.p >= theta if judged in (None, UNSURE) else judged == SAME,
        tie=tie,
        chain=chain,
        cut=tuple(sorted((fact.kind, fact.identifier) for fact in cut.facts)),
        cut_exact=cut.exact,
        complete=complete,
        ring=min(rings, default=None),
    )
    return replace(found, text=pair_text(found))


async def _decided(reader: Reader) -> dict[Ref, bool]:
    """Return whether an identifier links, where a person decided of it as a hub or as none."""
    marks = await marks_in_force(reader)
    return {Ref(WORDS[name], key): HUBS[state] is Hub.NONE for (name, key), state in marks.items()}


async def _judged(reader: Reader, a: str, b: str) -> str | None:
    found = await reader.rows(JUDGEMENTS_AMONG, sellers=sorted((a, b)))
    return found[0].verdict if found else None


async def _around(reader: Reader, a: str, b: str) -> tuple[set[str], bool]:
    """Return the sellers around two of them, and whether no bound left any out."""
    found, complete = {a, b}, True
    for start in (a, b):
        near = await neighbourhood(reader, Ref(SELLER, start), hops=HOPS, first=NODES)
        found |= {node.ref.id for node in near.nodes if node.ref.kind == SELLER}
        complete &= not near.truncated
    return found, complete
