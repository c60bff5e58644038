"""How a deed ended, in the word that the journal keeps of it."""

from __future__ import annotations

import asyncio

from graphsvc.errors import GraphsvcError, InputRefused
from ingest.errors import SourceError

DONE, INTERRUPTED = "done", "INTERRUPTED"


def outcome_of(error: BaseException) -> str:
    """Return the code of what ended a deed; one that nobody foresaw has that of all errors."""
    if isinstance(error, GraphsvcError):
        return error.code
    if isinstance(error, SourceError):
        return InputRefused.code
    stopped = isinstance(error, KeyboardInterrupt | asyncio.CancelledError | GeneratorExit)
    return INTERRUPTED if stopped else GraphsvcError.code
