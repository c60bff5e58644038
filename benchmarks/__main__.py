"""`python -m benchmarks [PART…]`: print Markdown; without a name all parts are run."""

from __future__ import annotations

import sys

from benchmarks import (
    address_kinds,
    addresses,
    api,
    arrivals,
    brands,
    bulk,
    journal,
    learned,
    load,
    pictures,
    read,
    real,
    rings,
    update,
)
from benchmarks.ground import ground
from benchmarks.steady import spread, verdict, versions

PARTS = {
    "load": load.run,
    "bulk": bulk.run,
    "read": read.run,
    "api": api.run,
    "real": real.run,
    "pictures": pictures.run,
    "update": update.run,
}
DRY = {
    "addresses": addresses.run,
    "kinds": address_kinds.run,
    "brands": brands.run,
    "rings": rings.run,
    "learned": learned.run,
    "journal": journal.run,
    "arrivals": arrivals.run,
}  # what needs no database


def main(wanted: list[str]) -> None:
    """Run the wanted parts, all by default, each on an empty graph."""
    known = {**PARTS, **DRY}
    strange = sorted(set(wanted) - set(known))
    if strange:
        sys.exit(f"no such benchmark: {strange[0]}; there are {', '.join(known)}")
    for name in wanted or known:
        before = spread()
        figures, told = _dry(name) if name in DRY else _grounded(name)
        sys.stdout.write(f"## {name}\n\n{figures}\n\n{told}\n\n{verdict(before, spread())}\n\n")
        sys.stdout.flush()


def _grounded(name: str) -> tuple[str, str]:
    with ground() as place:
        return PARTS[name](place), versions(place.server.version)


def _dry(name: str) -> tuple[str, str]:
    return DRY[name](), versions()


main(sys.argv[1:])
