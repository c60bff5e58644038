"""Lists of brands and of titles: files with some columns that must be there; others are let be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ingest.errors import ColumnsRefused, RowIssue
from ingest.fold.column import listed
from ingest.sources import Source, open_source

Refuse = Callable[[RowIssue], None]


def opened_with(file: str, *columns: str) -> Source:
    """Open a file that must have some columns; raises SourceError."""
    source = open_source(file)
    missing = [column for column in columns if column not in source.header]
    if source.complete and missing:
        remedy = f"name the columns so; the file has: {listed(source.header)}"
        raise ColumnsRefused(source.name, f"missing columns: {listed(missing)}", remedy)
    return source


def filled(source: Source, column: str, refuse: Refuse) -> Iterator[dict[str, str]]:
    """Yield the rows in which a column is filled in; the others are refused."""
    for item in source.rows():
        if isinstance(item, RowIssue):
            refuse(item)
        elif not item[1].get(column, "").strip():
            remedy = f"fill in {column}"
            refuse(RowIssue(source.name, item[0], column, f"{column}: empty", remedy, {}))
        else:
            yield item[1]


def read_brands(file: str, refuse: Refuse) -> list[tuple[str, list[str]]]:
    """Return each brand of a file with its aliases: `brand[,alias]`, aliases parted by |.

    Raises SourceError.
    """
    found: dict[str, list[str]] = {}
    for row in filled(opened_with(file, "brand"), "brand", refuse):
        aliases = found.setdefault(row["brand"].strip(), [])
        parts = (part.strip() for part in row.get("alias", "").split("|"))
        aliases.extend(part for part in parts if part and part not in aliases)
    return list(found.items())


def read_titles(file: str, refuse: Refuse) -> Iterator[tuple[str, str]]:
    """Yield id and title of each row of a file: `id,title`; raises SourceError."""
    for row in filled(opened_with(file, "id", "title"), "id", refuse):
        yield row["id"].strip(), row.get("title", "")
