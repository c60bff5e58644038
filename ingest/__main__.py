"""`python -m ingest`: dry runs of loading and linking, without a key and without a database."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from ingest import core_files
from ingest.dry import check, match
from ingest.dry.telling import UsageRefused, fail, note
from ingest.errors import SourceError

USAGE, REFUSED, INTERRUPTED = 2, 3, 130


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code of docs/cli.md."""
    parser = argparse.ArgumentParser(prog="python -m ingest", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check.add(commands)
    match.add(commands)
    asked = parser.parse_args(words)
    core_files.forbid()
    try:
        return int(asked.work(asked))
    except SourceError as error:
        fail(str(error), error.remedy)
        return REFUSED
    except UsageRefused as error:
        fail(str(error), "run the command with --help; its last line is an example that runs")
        return USAGE
    except KeyboardInterrupt:
        note("interrupted; what was written so far is not whole")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not try to flush it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
