"""The verbs `rings calibrate|models`: what a detection weighs by, learned, named and trusted."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.markup import escape

from graphsvc.cli.database import reading, writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import lines, rows, show
from graphsvc.cli.recorded import Deed
from graphsvc.errors import NotFound
from graphsvc.investigate.runs import shown_run
from graphsvc.rings.calibrate import calibrate, find, list_models
from graphsvc.rings.model import Model, as_file, model_of, usable
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.settings import Settings
from graphsvc.store.reader import Reader
from queries.schema.findings import EvidenceModel

LATEST = "latest"
OF_A_RUN = "detect-"
LISTED = ("id", "source", "created_at", "judged", "brier", "brier_before")
BINS = ("from", "pairs", "predicted", "observed")


def register(app: typer.Typer) -> None:
    """Hang the verbs on `rings`."""
    shown = "graphsvc rings calibrate --name shop --json"
    app.command("calibrate", epilog=example(shown))(run_calibrate)
    app.command("models", epilog=example("graphsvc rings models shop"))(show_models)


def run_calibrate(
    context: typer.Context,
    name: Annotated[str, typer.Option(help="The model's name; each time a new version.")] = "model",
    from_judgements: Annotated[
        bool,
        typer.Option(
            "--from-judgements", help="Learn the weights from judged pairs (1,000 at least)."
        ),
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Same input and seed, same model.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Learn how much each shared identifier says, keep it as a model, and tell how far to trust it.

    Without --from-judgements the graph teaches itself. Either way the table compares P(one
    operator) with what people judged: of 100 pairs with P = 0.7 about 70 should be one. It changes
    no ring: `rings detect --model NAME` weighs by it.
    """
    found = run(lambda: _calibrate(settings_of(context), name, seed, from_judgements))
    _tell(found, as_json=as_json)


def show_models(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(metavar="[NAME]", help="NAME or NAME@VERSION; none: list them all.")
    ] = "",
    first: Page = 20,
    as_json: AsJson = False,
) -> None:
    """List the models, or show one; as --json it is the file that `rings dry-run --model` reads."""
    settings = settings_of(context)
    if model:
        _tell(run(lambda: _find(settings, model)), as_json=as_json)
        return
    listed = [_line(each) for each in run(lambda: _list(settings, first))]
    rows(listed, LISTED, as_json=as_json, title="models")


async def model_named(reader: Reader, word: str, parameters: Parameters) -> Model:
    """Return the tables of a model (NAME or NAME@VERSION), of a run, or of the `latest` run.

    Raises NotFound, and Conflict where they were learned with other numbers than `parameters`.
    """
    if word != LATEST and not word.startswith(OF_A_RUN):
        return usable(await find(reader, word), parameters)
    like = await shown_run(reader, None if word == LATEST else word)
    if like is None:
        raise NotFound("no detection has finished, whose model could be used")
    return model_of(like, parameters)


async def _calibrate(
    settings: Settings, name: str, seed: int, by_judgements: bool
) -> EvidenceModel:
    async with writing(settings, Deed("rings.calibrate", detail=name[:64])) as graph:
        found = await calibrate(
            graph.reader,
            graph.writer,
            name,
            parameters=DEFAULT,
            seed=seed,
            by_judgements=by_judgements,
            tell=lambda text: notes.print(escape(text)),
        )
        graph.deed.subject = found.id
        return found


async def _find(settings: Settings, cited: str) -> EvidenceModel:
    async with reading(settings) as reader:
        return await find(reader, cited)


async def _list(settings: Settings, first: int) -> list[EvidenceModel]:
    async with reading(settings) as reader:
        return await list_models(reader, first=first)


def _line(found: EvidenceModel) -> dict[str, Any]:
    reliability = json.loads(found.reliability or "{}")
    told = {name: reliability.get(name) for name in ("judged", "same", "brier", "brier_before")}
    return {
        "id": found.id,
        "source": found.source,
        "created_at": found.created_at,
        **{name: round(value, 4) if value is not None else None for name, value in told.items()},
    }


def _tell(found: EvidenceModel, *, as_json: bool) -> None:
    told = as_file(found)
    if as_json:
        lines([told])
        return
    show(_line(found), as_json=False, title=found.id)
    bins = [
        {
            "from": each["least"],
            "pairs": each["pairs"],
            "predicted": round(each["predicted"], 3),
            "observed": round(each["observed"], 3),
        }
        for each in told["reliability"]["bins"]
    ]
    rows(bins, BINS, as_json=False, title="P(one operator) and what people judged")
