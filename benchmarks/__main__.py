"""`python -m benchmarks [load] [read] [api] [real]`: measure, print Markdown."""

from __future__ import annotations

import sys

from benchmarks import api, load, read, real
from benchmarks.ground import ground
from benchmarks.steady import spread, verdict, versions

PARTS = {"load": load.run, "read": read.run, "api": api.run, "real": real.run}


def main(wanted: list[str]) -> None:
    """Run the wanted parts, all by default, each on an empty graph."""
    strange = sorted(set(wanted) - set(PARTS))
    if strange:
        sys.exit(f"no such benchmark: {strange[0]}; there are {', '.join(PARTS)}")
    for name in wanted or PARTS:
        before = spread()
        with ground() as place:
            figures = PARTS[name](place)
            told = versions(place.server.version)
        sys.stdout.write(f"## {name}\n\n{figures}\n\n{told}\n\n{verdict(before, spread())}\n\n")
        sys.stdout.flush()


main(sys.argv[1:])
