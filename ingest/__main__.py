"""`python -m ingest match addresses FILE.csv --out P.csv`: dry tools, without a database."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from ingest.errors import SourceError
from ingest.match.addresses import write_address_matches


def main(words: list[str] | None = None) -> int:
    """Run one dry tool and return its exit code: 0, or 3 where the input is refused."""
    wish = _parser().parse_args(words)
    try:
        counts = write_address_matches(wish.file, wish.out)
    except SourceError as refused:
        sys.stderr.write(f"{refused}; {refused.remedy}\n")
        return 3
    sys.stdout.write(json.dumps(counts) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ingest")
    match = parser.add_subparsers(required=True).add_parser("match", help="near-likeness")
    addresses = match.add_subparsers(required=True).add_parser(
        "addresses", help="pairs of addresses that are probably one place"
    )
    addresses.add_argument("file", type=Path, help="CSV: id, address[, country]")
    addresses.add_argument("--out", type=Path, required=True, help="CSV of pairs to write")
    return parser


if __name__ == "__main__":
    sys.exit(main())
