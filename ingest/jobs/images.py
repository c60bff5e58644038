"""Images: a picture by its bytes and its perceptual hash; reading the file is `pictures`' part."""

from __future__ import annotations

from ingest.fold import value
from ingest.jobs.job import Context, Job, Row, claim, facts, key_of, maybe, need
from ingest.records import Facts
from queries.schema.goods import Image
from queries.schema.links import Shows


def transform(row: Row, context: Context) -> Facts:
    """Return the picture and that the listing shows it."""
    image = Image(
        sha256=need(row, "sha256", _digest),
        pdq=maybe(row, "pdq", _digest),
        pdq_trimmed=maybe(row, "pdq_trimmed", _digest),
        pixels_sha256=maybe(row, "pixels_sha256", _digest),
        quality=maybe(row, "quality", value.whole),
        width=maybe(row, "width", value.whole),
        height=maybe(row, "height", value.whole),
        media_type=maybe(row, "media_type", value.text, 100),
    )
    shown = Shows(
        start=key_of(row, "listing_id"),
        end=image.sha256,
        position=maybe(row, "position", value.whole),
        **claim(row, context),
    )
    return facts(row, context, image, shown)


def _digest(text: str) -> str:
    return value.hexadecimal(text, 64)


JOB = Job(
    kind="images",
    version="2",
    required=("listing_id",),
    optional=("path", "sha256", "pdq", "position"),
    transform=transform,
    either=(("path",), ("sha256", "pdq")),
    reads_pictures=True,
    asserts=(Shows,),
    whose="listing_id",
)
