"""The verbs `link addresses|images|brands`: join what belongs together among what is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from graphsvc.audit.events import digest
from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show, shown
from graphsvc.cli.recorded import Deed
from graphsvc.errors import UsageError
from graphsvc.linking.addresses import link_addresses
from graphsvc.linking.brands import Known, Named, link_brands
from graphsvc.linking.cuts import Cut, cut_addresses
from graphsvc.linking.images import Linked, link_images
from graphsvc.loading.folders import picture_folders
from graphsvc.settings import Settings
from ingest.errors import RowIssue
from ingest.match.brand_list import read_brands

app = typer.Typer(help="Likeness over what is loaded.", no_args_is_help=True)


@app.callback()
def root() -> None:
    """Join what looks alike; every joint is a scored edge that can be cut."""


@app.command("addresses", epilog=example("graphsvc link addresses --json"))
def addresses(
    context: typer.Context,
    cut: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ADDRESS ADDRESS", help="Part two, by id or text; compares nothing."),
    ] = None,
    by: Annotated[str, typer.Option(help="Who cuts.")] = "",
    because: Annotated[str, typer.Option(help="Why they are not one place.")] = "",
    as_json: AsJson = False,
) -> None:
    """Join addresses that are probably one unit or one building, however they are disguised.

    Each joint has a score, the features it rests on and a band: confirmed, or for review. Only
    what is new or changed since the last time is compared; an address without a house number, or
    without a town and postcode, joins nobody. What is cut stays cut, and detection obeys it.
    """
    settings = settings_of(context)
    wanted = _cut(cut, by, because)
    show(run(lambda: _addresses(settings, wanted)), as_json=as_json, title="link addresses")


def _cut(pair: tuple[str, str] | None, by: str, because: str) -> Cut | None:
    """Return what is to be cut; a cut without a name and a reason is none."""
    if pair is None and not by and not because:
        return None
    if pair is None or not by.strip() or not because.strip():
        raise UsageError("a cut needs --cut with two addresses, --by and --because")
    return Cut(*pair, by=by, because=because)


async def _addresses(settings: Settings, cut: Cut | None) -> dict[str, Any]:
    # By its digest: an address may be given as its text.
    named = f"{digest(cut.left)} {digest(cut.right)}" if cut else None
    deed = Deed("link.cut" if cut else "link.addresses", named, officer=cut.by if cut else None)
    async with writing(settings, deed) as graph:
        if cut is not None:
            return await cut_addresses(graph.writer, cut)
        return (await link_addresses(graph.reader, graph.writer)).as_json()


@app.command("images", epilog=example("graphsvc link images --json"))
def images(
    context: typer.Context,
    pictures: Annotated[
        list[Path] | None, typer.Option(help="A folder with the pictures' files; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Join pictures that are copies, or that show a part of one another.

    Copies: equal pixels, or PDQ hashes at most 31 bits apart, mirrored and turned ones too, with
    or without an even border. Parts (crops, banners, logos, small turns): the pictures of sellers
    under suspicion are looked for in all pictures. That needs their files, found by SHA-256 in
    the folders that were loaded and in --pictures. Safe to repeat: counts say what was new.
    """
    settings = settings_of(context)
    for folder in pictures or ():
        if not folder.is_dir():
            raise UsageError(f"--pictures {folder}: no such folder")
    told = run(lambda: _images(settings, pictures or []))
    show(told.as_json(), as_json=as_json, title="link images")


@app.command("brands", epilog=example("graphsvc link brands brands.csv --json"))
def brands(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The brands: `brand[,alias]`.")],
    as_json: AsJson = False,
) -> None:
    """Join listings with the brands that their titles name, as written or disguised.

    Each joint has a score, the span in the title, the disguise, and whether the brand is used or
    only referred to (`compatible with`). Safe to repeat: counts say what was new and what went.
    """
    settings = settings_of(context)
    refused: list[RowIssue] = []
    known = read_brands(str(file), refused.append)
    for issue in refused:
        notes.print(escape(shown(f"refused: {issue.file}:{issue.line}: {issue.reason}")))
    told = run(lambda: _brands(settings, known)).as_json()
    show({"brands": len(known), "rejected": len(refused), **told}, as_json=as_json, title="brands")


async def _brands(settings: Settings, known: Known) -> Named:
    async with writing(settings, Deed("link.brands")) as graph:
        return await link_brands(graph.reader, graph.writer, known)


async def _images(settings: Settings, folders: list[Path]) -> Linked:
    async with writing(settings, Deed("link.images")) as graph:
        loaded = await picture_folders(graph.reader)
        return await link_images(graph.reader, graph.writer, [*loaded, *folders])
