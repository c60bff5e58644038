"""The options that many verbs share, and how a verb's example is written into its help."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object on standard output, for programs.")
]
Page = Annotated[int, typer.Option("--first", min=1, max=1000, help="How many at most.")]


def example(command: str) -> str:
    """Return the epilog of a verb's help: one command that runs."""
    return f"Example: `{command}`"
