"""What a verb prints on standard output: tables to people, JSON to programs; ids never shortened.

Values come from outside, so a table shows no control character and reads no markup in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

# A table is as wide as its content: the terminal breaks the line, an id is never cut.
WIDTH = 10_000
UNSHOWABLE = "\N{REPLACEMENT CHARACTER}"


def show(value: Mapping[str, Any], *, as_json: bool, title: str = "") -> None:
    """Print one object: a line for each of its fields, or JSON."""
    if as_json:
        lines([value])
        return
    table = Table(title=_cell(title) if title else None, title_justify="left", box=None)
    table.show_header = False
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    for name, held in value.items():
        table.add_row(_cell(name), _cell(held))
    _console().print(table)


def rows(
    items: Sequence[Mapping[str, Any]], columns: Sequence[str], *, as_json: bool, title: str = ""
) -> None:
    """Print many objects: a table of these columns, or one JSON object `{"items": […]}`."""
    if as_json:
        lines([{"items": list(items)}])
        return
    table = Table(title=_cell(title) if title else None, title_justify="left", box=box.SIMPLE_HEAD)
    for name in columns:
        table.add_column(_cell(name), no_wrap=True)
    for item in items:
        table.add_row(*(_cell(item.get(name)) for name in columns))
    _console().print(table)


def lines(items: Iterable[Mapping[str, Any]]) -> None:
    """Print objects as they come, one JSON object a line."""
    for item in items:
        typer.echo(json.dumps(item, ensure_ascii=False, allow_nan=False, default=str))


def _console() -> Console:
    return Console(width=WIDTH, highlight=False)


def _cell(value: object) -> Text:
    return Text(shown(_words(value)))


def shown(text: str) -> str:
    """Return the text without what a terminal would obey or hide: control and format characters."""
    return "".join(c if c.isprintable() else UNSHOWABLE for c in text)


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={_words(held)}" for name, held in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(map(_words, value))
    return str(value)
