"""Device fingerprints: the same fingerprint, however its case and blanks are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.errors import ValueRefused
from ingest.fold.text import bounded, visible
from ingest.fold.value import says_something

_HEX = re.compile(r"[0-9a-fA-F-]{8,}")
SHORTEST, LONGEST = 6, 256


@dataclass(frozen=True, slots=True)
class FoldedDevice:
    """A fingerprint: `canonical` is secret; the mask keeps its end."""

    canonical: str = field(repr=False)
    masked: str


def fold(text: str) -> FoldedDevice:
    """Return the fingerprint, hexadecimal ones without hyphens in lower case.

    Raises ValueRefused for one that cannot tell devices apart: too short, or all zeros.
    """
    # Twice, for without the blank between them a letter and an accent become one.
    bare = visible("".join(visible(bounded(text, 4 * LONGEST)).split()))
    usable = SHORTEST <= len(bare) <= LONGEST and bare.isprintable()
    if not (usable and says_something(bare, SHORTEST)):
        remedy = f"give {SHORTEST} to {LONGEST} printable characters, not one repeated"
        raise ValueRefused("not a device fingerprint", remedy)
    canonical = bare.replace("-", "").lower() if _HEX.fullmatch(bare) else bare
    return FoldedDevice(canonical, f"…{canonical[-4:]}")
