"""The options that many verbs share, and how a verb's example is written into its help."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from graphsvc.errors import UsageError

AsJson = Annotated[
    bool, typer.Option("--json", help="One JSON object on standard output, for programs.")
]
Page = Annotated[int, typer.Option("--first", min=1, max=1000, help="How many at most.")]


def check_apart(name: str, written: Path, read: Iterable[str | Path]) -> None:
    """Refuse a file to write that would replace one of those to read; raises UsageError."""
    for file in read:
        # Unlike Path.resolve, this bears links that go in a circle.
        if os.path.realpath(written) == os.path.realpath(file):
            raise UsageError(f"{name}{written} is one of the files to read")


def example(command: str) -> str:
    """Return the epilog of a verb's help: one command that runs."""
    return f"Example: `{command}`"
