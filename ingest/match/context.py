"""Whether a title sells a brand or refers to it: `compatible with`, `for`, `style`; pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from ingest.match.glyphs import Word


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


USE, REFERENCE = "use", "reference"
REACH = 8  # words over which `compatible with` holds
# Any brand behind one of these is what the thing fits, a list of them too.
_STRONG = _listed(
    "compatible compatibles compatibile kompatibel fits fit fitting replaces replacement replacing "
    "suits suitable passend passt ersatz remplacement ersetzt adaptable compativel"
)
# These hold for the brand right behind them only: `for men` tells nothing of what follows.
_WEAK = _listed("for fur fuer pour para per voor dla med like inspired vs not")
_BEHIND = _listed("style styled styles type inspired like lookalike alike look compatible")
_ALSO_BEHIND = _listed("fitting alternative dupe stil typ kompatibel")
_FILLERS = _listed(
    "the a an your my our any all most many new old original genuine oem some with by to mit avec "
    "con com op der die das den le la les el il lo use only series models model all"
)
_LISTING = _listed("and or und oder et ou e o y en of")
_STOPS = frozenset(".;|()[]")


def contexts(title: str, words: Sequence[Word], spans: Sequence[tuple[int, int]]) -> list[str]:
    """Return `use` or `reference` for each span of a title; the spans are in order."""
    found: list[str] = []
    for place, (start, end) in enumerate(spans):
        before = [word for word in words if word.end <= start]
        after = [word for word in words if word.start >= end]
        earlier = spans[place - 1] if place and found[-1] == REFERENCE else None
        refers = (
            _leads(title, before, start)
            or _follows(title, after, end)
            or (earlier is not None and _continues(title, before, earlier, start))
        )
        found.append(REFERENCE if refers else USE)
    return found


def _leads(title: str, before: Sequence[Word], start: int) -> bool:
    """Return whether the words before a brand make it what the thing fits."""
    near = list(before[-REACH:])
    for word in reversed(near):
        if word.text in _STRONG and not _STOPS & set(title[word.end : start]):
            return True
    bare = [word for word in near if word.text not in _FILLERS]
    if not bare or bare[-1].text not in _WEAK:
        return False
    return not _STOPS & set(title[bare[-1].end : start])


def _follows(title: str, after: Sequence[Word], end: int) -> bool:
    if not after or _STOPS & set(title[end : after[0].start]):
        return False
    return after[0].text in _BEHIND


def _continues(title: str, before: Sequence[Word], earlier: tuple[int, int], start: int) -> bool:
    """Return whether a brand goes on with a list whose last member was referred to."""
    between = list(takewhile(lambda word: word.start >= earlier[1], reversed(before)))
    gap = title[earlier[1] : start]
    joined = not between or any(word.text in _LISTING for word in between)
    return len(between) <= REACH and (joined or any(c in gap for c in ",/&+"))
