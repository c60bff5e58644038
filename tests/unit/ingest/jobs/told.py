"""How the tests of jobs speak: one context, the marks of a claim, and what a refusal says."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.fold.token import Tokeniser
from ingest.jobs.catalogue import JOBS
from ingest.jobs.job import Context, FieldRefused
from ingest.records import Facts

TOKENS = Tokeniser(b"k" * 32)
CONTEXT = Context(source="feed", tokens=TOKENS)
SEEN = "2024-02-01T00:00:00Z"


def told(kind: str, row: dict[str, str], context: Context = CONTEXT) -> Facts:
    """Return what a row of platform p says."""
    return JOBS[kind].transform({"platform": "p", **row}, context)


def refused(kind: str, row: dict[str, str], context: Context = CONTEXT) -> tuple[str, str]:
    """Return the column and the reason for which a row is refused; there is always a remedy."""
    with pytest.raises(FieldRefused) as caught:
        told(kind, row, context)
    assert caught.value.remedy
    return caught.value.column, caught.value.reason


def marks(*, seen: str | None = None, by: str = "observed", **more: Any) -> dict[str, Any]:
    """Return the marks of an assertion from the source `feed`."""
    found = {"role": None, "source_system": "feed", "asserted_by": by}
    return {**found, "first_seen": seen, "last_seen": seen, **more}
