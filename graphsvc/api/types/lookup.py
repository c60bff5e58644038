"""From a node id, or an id as people write it, to the node; an unknown one is None."""

from __future__ import annotations

from graphsvc.api.context import Info
from graphsvc.api.types.decision import load_hub_mark, load_judgement
from graphsvc.api.types.identifier import load_identifier
from graphsvc.api.types.image import load_image
from graphsvc.api.types.listing import load_listing
from graphsvc.api.types.node import Node, NodeKind
from graphsvc.api.types.report import load_report
from graphsvc.api.types.ring import load_ring
from graphsvc.api.types.run import detection_run, ingest_run
from graphsvc.api.types.seller import load_seller
from graphsvc.errors import UsageError
from graphsvc.investigate import citing, runs
from graphsvc.investigate.kinds import Ref

LONGEST = 500


def ref_of(info: Info, text: str, *written: NodeKind) -> Ref | None:
    """Return what an id stands for; one that is no node id is taken as `written` by people.

    None for a text that can be neither.
    """
    sealed = info.context.seal.ref(text)
    if sealed is not None or not written or len(text) > LONGEST:
        return sealed
    return Ref(written[0], text)


def seller_of(info: Info, text: str) -> str | None:
    """Return the id of the seller that a node id or platform:seller_id stands for, or None."""
    ref = ref_of(info, text, NodeKind.SELLER)
    return ref.id if ref is not None and ref.kind == NodeKind.SELLER else None


async def load_node(info: Info, ref: Ref) -> Node | None:
    """Return any node, in the batch of this level where there is one, or None."""
    match ref.kind:
        case NodeKind.SELLER:
            return await load_seller(info, ref.id)
        case NodeKind.LISTING:
            return await load_listing(info, ref.id)
        case NodeKind.REPORT:
            return await load_report(info, ref.id)
        case NodeKind.IMAGE:
            return await load_image(info, ref.id)
        case NodeKind.RING:
            return await load_ring(info, *cited(ref.id))
        case NodeKind.INGEST_RUN:
            loaded = await info.context.loaders.load(runs.ingest_runs_by_id, ref.id)
            return ingest_run(info, loaded) if loaded else None
        case NodeKind.DETECTION_RUN:
            made = await info.context.loaders.load(runs.detection_runs_by_id, ref.id)
            return detection_run(info, made) if made else None
        case NodeKind.JUDGEMENT:
            return await load_judgement(info, ref.id)
        case NodeKind.HUB_MARK:
            return await load_hub_mark(info, ref.id)
    return await load_identifier(info, ref)


def cited(text: str) -> tuple[str, int | None]:
    """Return the ring and version that a text cites; a text that cites none is unknown, not bad."""
    try:
        return citing.cited(text)
    except UsageError:
        return text, None
