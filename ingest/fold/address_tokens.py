"""Words of an address in their one spelling, and which of them are the street; pure, no places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ingest.fold.address_words import (
    ARTICLES,
    COUNTS,
    GENERIC,
    KINDS,
    NUMBER_BEHIND,
    NUMBERED,
    ORDINALS,
    SAME,
    STREETS,
    SUFFIXES,
    WHOLE,
)

_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_THE_ST = re.compile(r"\bthe st\b")
_RANGE = re.compile(r"(\d)\s*[-/]\s*(?=\d)")
# "12-b" and "12 b" are 12b; "12 B Street" is not, for some towns name streets by letters.
_LETTERED = re.compile(
    r"(\d)\s*[-/]\s*([a-z])\b|(\d)\s+(bis)\b|(\d)\s+([a-df-h])(?=\s*$)"
    r"|(\d)\s+([a-df-h])(?=\s+[a-z]{3,}\s+[a-z])(?!\s+(?:street|avenue|road)\b)"
)
_TOKEN = re.compile(r"[a-z0-9]+(?:-\d+[a-z]?)*")
_SUFFIX = re.compile(rf"([a-z]{{3,}}?)({'|'.join(sorted(SUFFIXES, key=len, reverse=True))})")

Tokens = tuple[str, ...]


def is_number(token: str) -> bool:
    """Tell whether a token is a house number or another number."""
    return token[0].isdigit()


@lru_cache(maxsize=65_536)
def tokens(segment: str) -> Tokens:
    """Return the words of a plain segment, each in its one spelling; `o5` is the word fifth."""
    text = _ORDINAL.sub(r"o\1", _THE_ST.sub("the street", segment.replace("'", "")))
    text = _RANGE.sub(r"\1-", _LETTERED.sub(_glued, text))
    raw = _TOKEN.findall(text)
    found: list[str] = []
    for place, token in enumerate(raw):
        after = raw[place + 1] if place + 1 < len(raw) else ""
        found.extend(_spelt(token, found, after))
    return tuple(found)


def _glued(match: re.Match[str]) -> str:
    return "".join(part for part in match.groups() if part)


def _spelt(token: str, before: list[str], after: str) -> Iterable[str]:
    """Return what a token says in this place: nothing, one word, or a word and its suffix."""
    if is_number(token):
        return (token.lstrip("0") or "0",)
    if token in NUMBERED and after[:1].isdigit():
        return ()
    if token == "st":  # noqa: S105 - Main St is a street, St James a saint
        return ("street",) if before and not is_number(before[-1]) else ("saint",)
    if len(token) == 1:
        turned = token in SAME and len(after) > 1 and after.isalpha()
        return (SAME[token] if turned else token,)
    if token in ARTICLES:
        return ()
    return _word(token)


def _word(token: str) -> Iterable[str]:
    if token in COUNTS:
        return (COUNTS[token],)
    if token in ORDINALS:
        return (f"o{ORDINALS[token]}",)
    if token in SAME:
        return (SAME[token],)
    parted = None if token in WHOLE else _SUFFIX.fullmatch(token)
    return (parted[1], SUFFIXES[parted[2]]) if parted else (token,)


def specific(words: Iterable[str]) -> bool:
    """Tell whether a word among them names something; street, north and block alone do not."""
    return any(len(w) > 1 and w not in GENERIC and w not in KINDS for w in words)


def names_street(segment: str) -> bool:
    """Tell whether a segment holds a number and a word that names something."""
    found = tokens(segment)
    words = [token for token in found if not is_number(token)]
    return len(words) < len(found) and (specific(words) or _bare_street(segment, words))


def _bare_street(segment: str, words: list[str]) -> bool:
    """Tell whether it is one of the many British streets called The Street or The Green."""
    return bool(words) and " the " in f" {segment} "


@lru_cache(maxsize=65_536)
def parted(segment: str, country: str | None) -> tuple[Tokens, Tokens]:
    """Return the tokens of a segment's street, and those of the town written behind it.

    A house's name before its number is dropped: the number says as much.
    """
    found = tokens(segment)
    end = _street_end(found)
    if end:
        start = next(at for at in range(end - 1, -1, -1) if is_number(found[at]))
        before, tail = found[:start], found[end:]
        if any(map(is_number, tail)):
            return found, ()
        kept = before if any(map(is_number, before)) else ()
        return kept + found[start:end], tail
    if country in NUMBER_BEHIND:
        return _behind(found)
    return found, ()


def _street_end(found: Tokens) -> int:
    """Return where the street ends that a number begins: `12 high street | leeds`; 0 = unknown."""
    number = next((at for at, token in enumerate(found) if is_number(token)), len(found))
    for at in range(number + 2, len(found)):
        if found[at] in STREETS and not is_number(found[at - 1]):
            while at + 1 < len(found) and found[at + 1] in STREETS:
                at += 1
            last = at + 2 == len(found) and found[at + 1] in ("north", "south", "east", "west")
            return at + 1 + last
    return 0


def _behind(found: Tokens) -> tuple[Tokens, Tokens]:
    """Cut behind the number where numbers follow the street: `haupt strasse 12 | berlin`."""
    number = next((at for at, token in enumerate(found) if is_number(token)), 0)
    tail = found[number + 1 :]
    if not number or any(map(is_number, tail)) or not specific(tail):
        return found, ()
    return found[: number + 1], tail
