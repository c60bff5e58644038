"""Findings in words that a seller could read: no jargon, of other sellers nothing but ids; pure.

It must never show how another source or seller spelt something, only what the reader knows itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from graphsvc.rings.columns import Kind

WORDS = {
    Kind.ADDRESS.word: ("address", "addresses"),
    Kind.PAYMENT_ACCOUNT.word: ("payment account", "payment accounts"),
    Kind.PHONE.word: ("telephone number", "telephone numbers"),
    Kind.EMAIL.word: ("e-mail address", "e-mail addresses"),
    Kind.DEVICE.word: ("device", "devices"),
    Kind.IMAGE.word: ("picture", "pictures"),
}
TIERS = {
    "ban": "It may be put up for a ban, which a person decides.",
    "review": "A person should look at it; nothing more is proposed.",
    "none": "Nothing is proposed.",
}


def things(kinds: Iterable[str]) -> str:
    """Return how many of each kind there are, in words: `a device, 2 pictures`."""
    counts = Counter(kinds)
    return joined([_some(word, counts[word]) for word in WORDS if counts[word]])


def these(kinds: Iterable[str]) -> str:
    """Return things that were named before: `the device and the 2 pictures`."""
    counts = Counter(kinds)
    told = [
        f"the {one}" if counts[word] == 1 else f"the {counts[word]} {many}"
        for word, (one, many) in WORDS.items()
        if counts[word]
    ]
    return joined(told)


def joined(parts: Sequence[str]) -> str:
    """Return parts as a list in a sentence."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def percent(p: float) -> str:
    """Return a probability as a share of a hundred that is neither sure nor impossible."""
    return "more than 99 %" if p > 0.99 else "less than 1 %" if p < 0.01 else f"{p:.0%}"[:-1] + " %"


def sellers(count: int) -> str:
    """Return a number of sellers in words."""
    return f"{count:,} seller{'s' * (count != 1)}"


def _some(kind: str, count: int) -> str:
    one, many = WORDS[kind]
    return f"{'an' if one[0] in 'ae' else 'a'} {one}" if count == 1 else f"{count} {many}"
