"""The command line's root: settings, the table of verbs, and how an error becomes an exit code."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape

from graphsvc import log
from graphsvc.cli.output import shown
from graphsvc.cli.verbs import Verbs
from graphsvc.errors import GraphsvcError, InputRefused
from graphsvc.settings import Settings, load_settings
from ingest import core_files
from ingest.errors import SourceError

T = TypeVar("T")
INTERRUPTED = 130
notes = Console(stderr=True)
app = typer.Typer(
    name="graphsvc",
    cls=Verbs,
    help="Find counterfeit seller rings, explain them, answer over GraphQL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    add_completion=False,
)


@app.callback()
def root(
    context: typer.Context,
    config: Path | None = typer.Option(None, help="A YAML file of settings (docs/settings.md)."),
) -> None:
    """Find counterfeit seller rings, explain them, answer over GraphQL."""
    settings = load_settings(config)
    log.configure(settings.log_level)  # to standard error: the other one is for answers
    context.obj = settings


def settings_of(context: typer.Context) -> Settings:
    """Return the settings that the root callback read."""
    found = context.find_root().obj
    assert isinstance(found, Settings)  # noqa: S101
    return found


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run one coroutine to its end; Ctrl-C cancels it, so that its transaction rolls back."""
    return asyncio.run(work())


def tell(message: str) -> None:
    """Tell the user what goes on, on standard error."""
    notes.print(message, markup=False, highlight=False, soft_wrap=True)


def main() -> None:
    """Run the command line and exit with the code of docs/cli.md."""
    core_files.forbid()
    try:
        app()
    except GraphsvcError as error:
        refuse(str(error), error.advice)
        sys.exit(error.exit_code)
    except SourceError as error:
        refuse(str(error), error.remedy)
        sys.exit(InputRefused.exit_code)
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            notes.print("interrupted; nothing is half-done")
        raise


def refuse(message: str, advice: str) -> None:
    """Print an error and what to do next on standard error."""
    notes.print(f"[bold red]error[/]: {escape(shown(message))}", soft_wrap=True)
    notes.print(f"  do: {escape(shown(advice))}", soft_wrap=True)
