"""What sellers of a group share, and what ties the members of a ring as its run weighed it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from graphsvc.investigate.kinds import Ref
from graphsvc.investigate.runs import detection_runs_by_id
from graphsvc.investigate.told import member_text
from graphsvc.investigate.uses import Uses, uses_now, uses_then
from graphsvc.investigate.why import Shared, Why, shared_by_seller, weights_of
from graphsvc.rings.read import LINKING_TIERS
from graphsvc.rings.recorded import unpacked
from graphsvc.rings.withdraw import Recorded, Weights, out_of_ban
from graphsvc.store.reader import Reader
from queries.rings.views import (
    MEMBERS_OF_RINGS,
    PICTURES_OF_SELLERS,
    PLACES_OF_SELLERS,
    SHARED_BY_SELLERS,
    MemberRow,
    RingRow,
    SharedRow,
)
from queries.schema.links import Band

MOST_MEMBERS = 100_000  # a ring is shown whole; no ring comes near this
MOST_JUDGED_AGAIN = 60  # members of a ring that is judged again without some of its facts


@dataclass(frozen=True, slots=True)
class _Kept:
    """A ring with its members as they were written, what they use and what its run weighed with."""

    ring: RingRow
    members: dict[str, MemberRow]
    uses: Uses
    weights: Weights


async def why_members(
    reader: Reader, rings: Sequence[RingRow]
) -> dict[RingRow, dict[str, tuple[Shared, ...]]]:
    """Return for each ring and member what it shares with other members, strongest first.

    What is weighed is what the ring's run weighed, with its weights; what links nobody is shown as
    it is today. A finding that kept no uses is weighed on the graph as it stands.
    """
    return {
        kept.ring: {
            seller: why.reasons for seller, why in shared_by_seller(kept.uses, kept.weights).items()
        }
        for kept in await _kept(reader, rings)
    }


async def explained(reader: Reader, rings: Sequence[RingRow]) -> dict[RingRow, dict[str, Why]]:
    """Return for each ring and member why it is in, what would take it out, and all in words."""
    return {kept.ring: _explained(kept) for kept in await _kept(reader, rings)}


def _explained(kept: _Kept) -> dict[str, Why]:
    found = shared_by_seller(kept.uses, kept.weights)
    held = {
        seller: Recorded(unpacked(row.uses), row.own, row.tier)
        for seller, row in kept.members.items()
        if row.uses is not None and row.own is not None
    }
    told = {}
    for seller, row in kept.members.items():
        why = found.get(seller, Why((), exact=True))
        if len(held) == len(kept.members) <= MOST_JUDGED_AGAIN:
            cut = {(reason.kind, reason.id) for reason in why.cut}
            out = out_of_ban(held, seller, cut, kept.weights)
            refs = None if out is None else tuple(Ref(*thing) for thing in sorted(out))
            why = replace(why, out_of_ban=refs)
        told[seller] = replace(why, text=member_text(kept.ring, row, why))
    return told


async def _kept(reader: Reader, rings: Sequence[RingRow]) -> list[_Kept]:
    members: dict[str, dict[str, MemberRow]] = {_name(ring): {} for ring in rings}
    keys = [{"ring": ring.id, "version": ring.version} for ring in rings]
    for row in await reader.rows(MEMBERS_OF_RINGS, keys=keys, after="", limit=MOST_MEMBERS):
        members[f"{row.ring}@{row.version}"][row.seller] = row
    runs = await detection_runs_by_id(reader, (ring.run for ring in rings))
    shared = await shared_by_groups(reader, members, ended=True)
    found = []
    for ring in rings:
        rows, run = members[_name(ring)], runs.get(ring.run)
        recorded = {
            seller: unpacked(row.uses) for seller, row in rows.items() if row.uses is not None
        }
        told, began = shared[_name(ring)], (run.started_at if run else None) or ""
        uses = uses_then(told, recorded, began) if recorded else uses_now(told)
        found.append(_Kept(ring, rows, uses, weights_of(run)))
    return found


def _name(ring: RingRow) -> str:
    return f"{ring.id}@{ring.version}"


async def shared_by_groups(
    reader: Reader, groups: Mapping[str, Collection[str]], *, ended: bool = False
) -> dict[str, list[SharedRow]]:
    """Return for each group of sellers, by its name, what they share; also what is `ended`."""
    keys = [{"of": name, "sellers": sorted(sellers)} for name, sellers in groups.items()]
    rows = await reader.rows(SHARED_BY_SELLERS, keys=keys, ended=ended)
    rows += await reader.rows(PLACES_OF_SELLERS, keys=keys, ended=ended, band=Band.CONFIRMED.value)
    rows += await reader.rows(
        PICTURES_OF_SELLERS, keys=keys, ended=ended, tiers=list(LINKING_TIERS)
    )
    shared: dict[str, list[SharedRow]] = {name: [] for name in groups}
    for row in rows:
        shared[row.of].append(row)
    return shared
