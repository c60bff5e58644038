"""The verb `rings dry-run`: the stages of a detection on files, without a database or a key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphsvc.cli.main import notes, settings_of
from graphsvc.cli.options import AsJson, check_apart, example
from graphsvc.cli.output import show
from graphsvc.errors import InputRefused
from graphsvc.rings.dry import Files, dry_run
from graphsvc.rings.model import Model, from_file
from graphsvc.rings.parameters import DEFAULT, Engine


def register(app: typer.Typer) -> None:
    """Hang the verb on `rings`."""
    shown = "graphsvc rings dry-run --rows rows.csv --sellers sellers.csv --out members.csv"
    app.command("dry-run", epilog=example(shown))(run_dry)


def run_dry(
    context: typer.Context,
    *,
    rows: Annotated[Path, typer.Option(help="seller, kind, identifier, … (CSV or Parquet).")],
    sellers: Annotated[Path, typer.Option(help="seller, risk, reported (CSV or Parquet).")],
    out: Annotated[Path, typer.Option(help="Where the members go (CSV).")],
    rejects: Annotated[
        Path | None, typer.Option(help="Where refused rows go (default: OUT.rejects.ndjson).")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="How sellers are grouped.")] = Engine.EVIDENCE,
    seed: Annotated[int, typer.Option(min=0, help="Same input and seed, same bytes.")] = 0,
    model: Annotated[
        Path | None, typer.Option(help="Weigh by this file (rings models NAME --json).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the rings of two files, by the stages of `rings detect`; needs no database and no key.

    rows: seller, kind and identifier, and where known confidence, level, first_seen, asserted_by.
    sellers: seller, and where known risk, reported, registered_at. Every group of two or more is
    written as seller, ring, tier (ban, review, none), log_odds, ties.
    """
    files = Files(rows, sellers, out, rejects or out.with_name(f"{out.name}.rejects.ndjson"))
    read = (rows, sellers, *([model] if model else []))
    for written in (files.out, files.rejects):
        check_apart("", written, read)
    if not as_json:
        notes.print(f"reading {rows.name} and {sellers.name}, grouping with {engine}")
    memory = settings_of(context).memory_limit
    tables = _model(model) if model else None
    report = dry_run(files, engine=engine, seed=seed, model=tables, memory=memory)
    show(report.as_json(), as_json=as_json, title="rings dry-run")


def _model(file: Path) -> Model:
    try:
        return from_file(file.read_text(encoding="utf-8"), DEFAULT)
    except OSError as error:
        raise InputRefused(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputRefused(f"{file}: not UTF-8") from None
