"""What sellers of a group share, and what ties the members of a ring as its run weighed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphsvc.investigate.runs import detection_runs_by_id
from graphsvc.investigate.uses import uses_now, uses_then
from graphsvc.investigate.why import Shared, shared_by_seller, weights_of
from graphsvc.rings.read import LINKING_TIERS
from graphsvc.rings.recorded import unpacked
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


async def why_members(
    reader: Reader, rings: Sequence[RingRow]
) -> dict[RingRow, dict[str, tuple[Shared, ...]]]:
    """Return for each ring and member what it shares with other members, strongest first.

    What is weighed is what the ring's run weighed, with its weights; what links nobody is shown as
    it is today. A finding that kept no uses is weighed on the graph as it stands.
    """
    members: dict[str, list[MemberRow]] = {}
    keys = [{"ring": ring.id, "version": ring.version} for ring in rings]
    for row in await reader.rows(MEMBERS_OF_RINGS, keys=keys, after="", limit=MOST_MEMBERS):
        members.setdefault(f"{row.ring}@{row.version}", []).append(row)
    runs = await detection_runs_by_id(reader, (ring.run for ring in rings))
    groups = {name: [row.seller for row in rows] for name, rows in members.items()}
    shared = await shared_by_groups(reader, groups, ended=True)
    found = {}
    for ring in rings:
        name, run = f"{ring.id}@{ring.version}", runs.get(ring.run)
        recorded = {
            row.seller: unpacked(row.uses) for row in members.get(name, ()) if row.uses is not None
        }
        began = (run.started_at if run else None) or ""
        uses = uses_then(shared[name], recorded, began) if recorded else uses_now(shared[name])
        found[ring] = shared_by_seller(uses, weights_of(run))
    return found


async def shared_by_groups(
    reader: Reader, groups: Mapping[str, Sequence[str]], *, ended: bool = False
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
