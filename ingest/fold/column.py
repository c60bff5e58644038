"""Names of columns as they may be told: where data stands in the place of a name, it is covered.

A file without a header, or an object whose key is an account, has secret values for names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.errors import MASK, ValueRefused
from ingest.fold import payment, phone

_PARTS = re.compile(r"[;|,\t\"]+")  # rows that were read as one column


@lru_cache(maxsize=4_096)
def told(name: str) -> str:
    """Return the name, or the mask where it looks like an account, a card, a mailbox, a number."""
    return MASK if any(map(_secret, _PARTS.split(name))) else name


def listed(names: Sequence[str]) -> str:
    """Return column names for a message: ten at most, each covered or cut to 60 characters."""
    safe = [told(name) for name in names[:10]]
    shown = [name if len(name) <= 60 else f"{name[:60]}…" for name in safe]
    more = [f"and {len(names) - 10:,} more"] if len(names) > 10 else []
    return ", ".join([*shown, *more])


def _secret(text: str) -> bool:
    if payment.recognised(text):
        return True
    try:
        phone.fold(text)
    except ValueRefused:
        return False
    return True
