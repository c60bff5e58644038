"""The root fields: the table of contents of the API. What is not there is null, never an error."""

from __future__ import annotations

from typing import Annotated

import strawberry

from graphsvc.api.audited import Audited
from graphsvc.api.context import Info
from graphsvc.api.decided import Decided
from graphsvc.api.searches import Searches
from graphsvc.api.types import lookup, walk, why
from graphsvc.api.types.identifier import Address, Kind, PaymentAccount, words
from graphsvc.api.types.image import Image, SimilarPicture, similar
from graphsvc.api.types.listing import Listing
from graphsvc.api.types.node import Node, NodeKind
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    checked_first,
    connection,
)
from graphsvc.api.types.ring import Filter, Ring, Sort, load_ring, ring
from graphsvc.api.types.run import DetectionRun, IngestRun, detection_run, ingest_run
from graphsvc.api.types.seller import Seller, load_seller
from graphsvc.api.types.timeline import Moment, moment
from graphsvc.errors import NotFound
from graphsvc.investigate import expand, pair, paths, rings, runs, timeline, within
from ingest.match.pdq import RADIUS

From = Annotated[strawberry.ID, strawberry.argument(name="from")]


@strawberry.type
class Query(Searches, Decided, Audited):
    """Everything that can be asked. An `id` is a node id, or what the field says beside it."""

    @strawberry.field
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """Anything by its node id."""
        ref = lookup.ref_of(info, id)
        return await lookup.load_node(info, ref) if ref else None

    @strawberry.field
    async def seller(self, info: Info, platform: str, seller_id: str) -> Seller | None:
        """A seller by its platform and the platform's own id."""
        # A colon would move the border between the two parts of the id.
        return await load_seller(info, None if ":" in platform else f"{platform}:{seller_id}")

    @strawberry.field
    async def listing(self, info: Info, id: strawberry.ID) -> Listing | None:
        """A listing by its node id or platform:listing_id."""
        found = await _load(info, id, NodeKind.LISTING)
        return found if isinstance(found, Listing) else None

    @strawberry.field
    async def address(self, info: Info, id: strawberry.ID) -> Address | None:
        """An address by its node id."""
        found = await _load(info, id)
        return found if isinstance(found, Address) else None

    @strawberry.field
    async def payment_account(self, info: Info, id: strawberry.ID) -> PaymentAccount | None:
        """A payment account by its node id."""
        found = await _load(info, id)
        return found if isinstance(found, PaymentAccount) else None

    @strawberry.field
    async def image(self, info: Info, id: strawberry.ID) -> Image | None:
        """A picture by its node id or the SHA-256 of its bytes."""
        found = await _load(info, id, NodeKind.IMAGE)
        return found if isinstance(found, Image) else None

    @strawberry.field
    async def ring(self, info: Info, id: strawberry.ID, version: int | None = None) -> Ring | None:
        """A ring by its node id, its ringId (the latest version) or ringId@version."""
        ref = lookup.ref_of(info, id, NodeKind.RING)
        if ref is None or ref.kind != NodeKind.RING:
            return None
        name, own = lookup.cited(ref.id)
        return await load_ring(info, name, own if version is None else version)

    @strawberry.field
    async def rings(
        self,
        info: Info,
        filter: Filter | None = None,
        sort: Sort = Sort.score,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[Ring]:
        """The rings of the last finished run of the product's own engine, or of filter.run.

        To partners: the versions of rings that their case holds.
        """
        wanted = filter or Filter()
        ask = within.held_rings if info.context.principal.outside else rings.list_rings
        page = await ask(
            info.context.reader,
            run=wanted.run,
            wanted=rings.RingFilter(
                tier=wanted.tier.value if wanted.tier else "",
                status=wanted.status.value if wanted.status else "",
                min_size=wanted.min_size or 0,
            ),
            sort=rings.RingSort(sort.value),
            first=checked_first(first),
            after=info.context.seal.place(f"rings {sort.value}", after),
        )
        field = f"rings {sort.value}"
        return connection(info, field, page, after=after, make=lambda row: ring(info, row))

    @strawberry.field
    async def neighbourhood(
        self,
        info: Info,
        id: strawberry.ID,
        hops: int = 1,
        kinds: list[Kind] | None = None,
        first: First = 100,
    ) -> walk.Neighbourhood | None:
        """What is within 1 to 3 hops of a seller or an identifier; hubs are shown, not crossed.

        `id` is a node id or a seller's platform:seller_id.
        """
        start = lookup.ref_of(info, id, NodeKind.SELLER)
        if start is None:
            return None
        try:
            found = await expand.neighbourhood(
                info.context.reader,
                start,
                hops=hops,
                kinds=words(kinds),
                first=checked_first(first),
            )
        except NotFound:
            return None
        return walk.neighbourhood(info, found)

    @strawberry.field
    async def paths(
        self,
        info: Info,
        from_: From,
        to: strawberry.ID,
        kinds: list[Kind] | None = None,
        k: int = 3,
    ) -> walk.Paths | None:
        """The k (1 to 5) best chains of shared identifiers between two sellers, by evidence.

        `from` and `to` are node ids or platform:seller_id.
        """
        start, end = (lookup.seller_of(info, each) for each in (from_, to))
        if start is None or end is None:
            return None
        try:
            found = await paths.paths(info.context.reader, start, end, kinds=words(kinds), k=k)
        except NotFound:
            return None
        return walk.chains(info, found)

    @strawberry.field
    async def why_linked(
        self, info: Info, a: strawberry.ID, b: strawberry.ID
    ) -> why.WhyLinked | None:
        """What two sellers share, whether it links them, over whom else, and what would cut it.

        `a` and `b` are node ids or platform:seller_id. To partners and platforms it is told from
        what is open to them alone, by the shipped weights.
        """
        left, right = (lookup.seller_of(info, each) for each in (a, b))
        if left is None or right is None:
            return None
        ask = pair.linked_within if info.context.principal.outside else pair.why_linked
        try:
            found = await ask(info.context.reader, left, right)
        except NotFound:
            return None
        return why.why_linked(info, found)

    @strawberry.field
    async def similar_pictures(
        self,
        info: Info,
        hash: str,
        radius: int = RADIUS,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[SimilarPicture]:
        """Pictures that look like one, the nearest first, in all eight turns.

        `hash` is the SHA-256 of a picture that is loaded, or any PDQ hash; `radius` 0 to 60 bits.
        """
        page = await info.context.pictures.near(
            info.context.reader,
            hash,
            radius=radius,
            first=checked_first(first),
            after=info.context.seal.place("similarPictures", after),
        )
        return connection(info, "similarPictures", page, after=after, make=similar)

    @strawberry.field
    async def timeline(
        self,
        info: Info,
        id: strawberry.ID,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[Moment] | None:
        """What happened to a seller, oldest first; `id` is a node id or platform:seller_id."""
        size, place = checked_first(first), info.context.seal.place("timeline", after)
        seller = lookup.seller_of(info, id)
        if seller is None:
            return None
        try:
            page = await timeline.timeline(info.context.reader, seller, first=size, after=place)
        except NotFound:
            return None
        return connection(info, "timeline", page, after=after, make=lambda row: moment(info, row))

    @strawberry.field
    async def detection_runs(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[DetectionRun]:
        """Detection runs of every engine and state, newest first."""
        place = info.context.seal.place("detectionRuns", after)
        page = await runs.detection_runs(
            info.context.reader, first=checked_first(first), after=place
        )
        return connection(
            info, "detectionRuns", page, after=after, make=lambda row: detection_run(info, row)
        )

    @strawberry.field
    async def ingest_runs(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[IngestRun]:
        """Ingest runs in every state, newest first."""
        place = info.context.seal.place("ingestRuns", after)
        page = await runs.ingest_runs(info.context.reader, first=checked_first(first), after=place)
        return connection(
            info, "ingestRuns", page, after=after, make=lambda row: ingest_run(info, row)
        )


async def _load(info: Info, text: str, *written: NodeKind) -> Node | None:
    ref = lookup.ref_of(info, text, *written)
    return await lookup.load_node(info, ref) if ref else None
