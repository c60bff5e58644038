"""Seller names for comparison: legal forms and shop words undone; weak evidence, never a key."""

from __future__ import annotations

import re

from ingest.fold.text import bounded, plain


def _listed(words: str) -> list[str]:
    return words.split()


_LEGAL = frozenset(
    _listed(
        "ltd limited llc llp inc incorporated corp corporation co company plc gmbh mbh ug kg ohg "
        "ag ek se sa sas sarl eurl srl spa sl slu bv nv vof ab oy oyj as asa aps kft zrt bt sro "
        "doo ooo zao oao ip pty pte sdn bhd pvt ltda me eireli fze fzco llp trading"
    )
)
_SHOP = frozenset(
    _listed(
        "shop store official outlet online boutique market mall sale sales seller deals discount "
        "factory warehouse direct global international group the and und et y of de www com net"
    )
)
LONGEST = 2_000  # characters
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Return the words that tell a seller's name from others, in order, one blank between.

    A name of shop words and legal forms alone keeps its words; one without letters gives "".
    Raises ValueRefused for a text that is too long to be a name.
    """
    found = _read(bounded(text, LONGEST))
    # What is left may stand together now: `a:b:c:d` is four letters, and then one word.
    while (again := _read(found)) != found:
        found = again
    return found


def _read(text: str) -> str:
    dotted = _DOTTED.sub(lambda found: found[0].replace(".", ""), plain(text))
    words = _WORD.findall(dotted.replace("'", "").replace("&", " and "))
    telling = [word for word in words if word not in _LEGAL and word not in _SHOP]
    return " ".join(telling or words)
