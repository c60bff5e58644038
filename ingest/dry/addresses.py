"""`match addresses`: a CSV of addresses in, the pairs that are probably one place out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.dry.telling import writing
from ingest.errors import ColumnsRefused, SourceMissing, SourceUnreadable, ValueRefused
from ingest.fold import country as countries
from ingest.match.address_columns import Reading
from ingest.match.addresses import PREMISE, UNIT, alike, pairs
from ingest.match.likeness import shipped

PAIRS = ("left", "right", "score", "level", "rule")


def write_address_matches(path: Path, out: Path) -> dict[str, Any]:
    """Compare the addresses of a CSV (id, address[, country]) and write the pairs; return counts.

    Raises SourceError for a file that cannot be read or written; an unknown country counts as none.
    """
    reading, ids, records = Reading(), [], []
    for row in _rows(path):
        ids.append(row["id"])
        records.append(reading.add(row["address"] or "", _country(row.get("country"))))
    columns, model = reading.columns(), shipped()
    found = alike(columns, model)
    counts = dict.fromkeys((UNIT, PREMISE), 0)
    with writing(out, PAIRS) as write:
        for pair in pairs(records, columns, found):
            left, right = sorted((ids[pair.left], ids[pair.right]))
            if left != right:
                counts[pair.level] += 1
                write((left, right, f"{pair.score:.4f}", pair.level, pair.rule))
    return {
        "addresses": len(ids),
        "unreadable": sum(record < 0 for record in records),
        "distinct": columns.size,
        "compared": found.compared,
        "dropped_blocks": found.dropped_blocks,
        "largest_block": found.largest_block,
        **counts,
        "confirmed_from": round(model.confirmed(columns.size), 4),
        "model": model.version,
    }


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = {"id", "address"} - set(reader.fieldnames or ())
            if missing:
                reason = f"no column {', '.join(sorted(missing))}"
                raise ColumnsRefused(str(path), reason, "give id, address and perhaps country")
            yield from reader
    except OSError as error:
        raise SourceMissing(str(path), error.strerror or "not there", "name a file") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise SourceUnreadable(str(path), str(error), "save it as CSV in UTF-8") from None


def _country(text: str | None) -> str | None:
    try:
        return countries.fold(text) if text and text.strip() else None
    except ValueRefused:
        return None
