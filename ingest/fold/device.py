"""Device fingerprints: the same fingerprint, however its case and blanks are written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.errors import ValueRefused

_HEX = re.compile(r"[0-9a-fA-F-]{8,}")
SHORTEST, LONGEST = 6, 256


@dataclass(frozen=True, slots=True)
class FoldedDevice:
    """A fingerprint: `canonical` is secret; the mask keeps its end."""

    canonical: str = field(repr=False)
    masked: str


def fold(text: str) -> FoldedDevice:
    """Return the fingerprint, hexadecimal ones without hyphens in lower case.

    Raises ValueRefused for one too short to tell devices apart.
    """
    bare = "".join(text.split())
    if not SHORTEST <= len(bare) <= LONGEST or not bare.isprintable():
        remedy = f"give {SHORTEST} to {LONGEST} printable characters"
        raise ValueRefused("not a device fingerprint", remedy)
    canonical = bare.replace("-", "").lower() if _HEX.fullmatch(bare) else bare
    return FoldedDevice(canonical, f"…{canonical[-4:]}")
