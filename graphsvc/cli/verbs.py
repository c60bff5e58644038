"""The table of verbs: which module answers which word."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

VERBS = {
    "neo4j": "neo4j",
    "migrate": "migrate",
    "load": "load",
    "load-bulk": "load_bulk",
    "watch": "watch",
    "link": "link",
    "runs": "runs",
    "rings": "rings",
    "why": "why",
    "judge": "judge",
    "judgements": "judgements",
    "hubs": "hubs",
    "graph": "graph",
    "tokens": "tokens",
    "cases": "cases",
    "grants": "grants",
    "keys": "keys",
    "audit": "audit",
    "backup": "backup",
    "restore": "restore",
    "doctor": "doctor",
    "serve": "serve",
    "demo": "demo",
}


class Verbs(TyperGroup):
    """The root's verbs, each imported when it is asked for: `keys` need not wait for scipy."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return every verb's word, in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the verb; for an unknown word all are imported, so that one can be suggested."""
        for word in [cmd_name] if cmd_name in VERBS else VERBS:
            if word not in self.commands:
                self.commands[word] = command(word)
        return self.commands.get(cmd_name)


def command(word: str) -> TyperCommand | TyperGroup:
    """Return the command of a word of the table: a module has a group `app` or registers one."""
    module = import_module(f"graphsvc.cli.{VERBS[word]}")
    root = typer.Typer(rich_markup_mode="markdown", pretty_exceptions_enable=False)
    if hasattr(module, "app"):
        root.add_typer(module.app, name=word)
    else:
        module.register(root)
    found = get_group(root).commands[word]
    assert isinstance(found, TyperCommand | TyperGroup)  # noqa: S101
    return found
