"""`python -m benchmarks [load] [read] [api] [real] [addresses]`: measure, print Markdown."""

from __future__ import annotations

import sys

from benchmarks import addresses, api, load, read, real
from benchmarks.ground import ground
from benchmarks.steady import spread, verdict, versions

PARTS = {"load": load.run, "read": read.run, "api": api.run, "real": real.run}
WITHOUT_GRAPH = {"addresses": addresses.run}


def main(wanted: list[str]) -> None:
    """Run the wanted parts, all by default, those that need a graph on an empty one each."""
    known = (*PARTS, *WITHOUT_GRAPH)
    strange = sorted(set(wanted) - set(known))
    if strange:
        sys.exit(f"no such benchmark: {strange[0]}; there are {', '.join(known)}")
    for name in wanted or known:
        before = spread()
        if name in WITHOUT_GRAPH:
            figures, told = WITHOUT_GRAPH[name](), versions()
        else:
            with ground() as place:
                figures = PARTS[name](place)
                told = versions(place.server.version)
        sys.stdout.write(f"## {name}\n\n{figures}\n\n{told}\n\n{verdict(before, spread())}\n\n")
        sys.stdout.flush()


main(sys.argv[1:])
