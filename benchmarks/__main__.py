"""`python -m benchmarks [PART…]`: print Markdown; without a name all parts are run.

`--nodes`, `--seconds` and `--workers` change the size of the parts that load the API.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from benchmarks import (
    address_kinds,
    addresses,
    api,
    arrivals,
    bombs,
    brands,
    bulk,
    flood,
    gds,
    journal,
    learned,
    load,
    open_load,
    peer,
    pictures,
    read,
    real,
    rings,
    timing,
    update,
)
from benchmarks.ground import Ground, ground
from benchmarks.steady import spread, verdict, versions

PARTS = {
    "load": load.run,
    "bulk": bulk.run,
    "read": read.run,
    "api": api.run,
    "real": real.run,
    "pictures": pictures.run,
    "update": update.run,
    "gds": gds.run,
    "bombs": bombs.run,
}
SIZED = {
    "open": open_load,
    "flood": flood,
    "peer": peer,
    "timing": timing,
}  # under the usual size, unless another is wanted
DRY = {
    "addresses": addresses.run,
    "kinds": address_kinds.run,
    "brands": brands.run,
    "rings": rings.run,
    "learned": learned.run,
    "journal": journal.run,
    "arrivals": arrivals.run,
}  # what needs no database


def main(wanted: list[str], sizes: dict[str, int]) -> None:
    """Run the wanted parts, all by default, each on an empty graph."""
    sized = {
        name: partial(part.run, size=replace(part.USUAL, **sizes)) for name, part in SIZED.items()
    }
    grounded: dict[str, Callable[[Ground], str]] = {**PARTS, **sized}
    known = {**grounded, **DRY}
    strange = sorted(set(wanted) - set(known))
    if strange:
        sys.exit(f"no such benchmark: {strange[0]}; there are {', '.join(known)}")
    for name in wanted or known:
        before = spread()
        figures, told = _dry(name) if name in DRY else _grounded(grounded[name])
        sys.stdout.write(f"## {name}\n\n{figures}\n\n{told}\n\n{verdict(before, spread())}\n\n")
        sys.stdout.flush()


def _grounded(part: Callable[[Ground], str]) -> tuple[str, str]:
    with ground() as place:
        return part(place), versions(place.server.version)


def _dry(name: str) -> tuple[str, str]:
    return DRY[name](), versions()


def _words() -> tuple[list[str], dict[str, int]]:
    """Return the parts and the sizes that are asked for."""
    asked = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART")
    for name in ("nodes", "seconds", "workers"):
        asked.add_argument(f"--{name}", type=int)
    words = vars(asked.parse_args())
    parts: list[str] = words.pop("parts")
    return parts, {name: value for name, value in words.items() if value is not None}


main(*_words())
