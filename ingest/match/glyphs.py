"""A title as its reader sees it: look-alike letters folded, words with their places in the text.

Nothing is guessed here: signs that may stand for a letter (`$`, `@`) stay signs, digits digits.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii

from ingest.fold.text import LOOKALIKE

SIGNS = "@$!|+€¢¥£§"  # may be read as letters where they touch a word
MASK = "*"
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0")
_MARKS = frozenset("™℠®©ª")  # their compatible form is a letter that nobody reads
_BY_SHAPE = {
    "ʙвβƃ": "b",
    "ᴄ": "c",
    "ᴅđ": "d",
    "ᴇεєҽ": "e",
    "ꜰƒ": "f",
    "ɢ": "g",
    "ʜнħ": "h",
    "ɪɨ": "i",
    "ᴊ": "j",
    "ᴋкκ": "k",
    "ʟłƚ": "l",
    "ᴍм": "m",
    "ɴиηп₦": "n",
    "σθ": "o",
    "ᴘ₱": "p",
    "ʀяг": "r",
    "ᴛтτŧ₮": "t",
    "ᴜμυц": "u",
    "ᴡшωщ₩": "w",
    "λδ∆": "a",
    "ξ": "e",
    "ѕ": "s",
}
_MASKS = frozenset("•●∗＊✱★◦∙⁎")
_WIDE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"  # scripts that set no blanks between words
WIDE = re.compile(f"[{_WIDE}]")
_EDGE = re.escape(SIGNS)
_WORD = re.compile(
    rf"[{_WIDE}]|[{_EDGE}]{{0,2}}[^\W_{_WIDE}]+(?:[{_EDGE}]{{1,2}}[^\W_{_WIDE}]+)*[{_EDGE}]{{0,2}}"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a title, folded, and where it stands: title[start:end] is what was written."""

    text: str
    start: int
    end: int


def words_of(title: str) -> list[Word]:
    """Return the words of a title in order; what stands between two of them is no letter."""
    if title.isascii():
        found = _WORD.finditer(title.lower())
        return [Word(match[0], match.start(), match.end()) for match in found]
    parts = [glyph(char) for char in title]
    origin = [place for place, part in enumerate(parts) for _ in part]
    return [
        Word(match[0], origin[match.start()], origin[match.end() - 1] + 1)
        for match in _WORD.finditer("".join(parts))
    ]


def folded(text: str) -> str:
    """Return the letters, digits and signs of a text without what stands between its words."""
    return "".join(word.text for word in words_of(text))


def written(text: str) -> str:
    """Return the letters and digits of a text in lower case, look-alikes and accents kept."""
    flat = unicodedata.normalize("NFC", text).casefold()
    return "".join(c for c in flat if c.isalnum())


@lru_cache(maxsize=16_384)
def glyph(char: str) -> str:
    """Return what a character is read as: lower-case letters, a digit, a sign, a blank or nothing.

    Letters of scripts that resemble no Latin one stay as they are.
    """
    if char.isascii():
        return char.lower()
    if char in _MARKS:
        return " "
    if char in _MASKS:
        return MASK
    if char in UNSEEN or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return ""
    squared = _squared(char)
    if squared:
        return squared
    flat = unicodedata.normalize("NFD", _shape(char) or unicodedata.normalize("NFKC", char))
    seen = "".join(_shape(c) or _latin(c) for c in flat if not unicodedata.combining(c))
    return "".join(c if c.isalnum() or c in SIGNS else " " for c in seen.lower())


def _latin(char: str) -> str:
    if char.isascii() or not unicodedata.name(char, "").startswith("LATIN"):
        return char
    return anyascii(char)


def _shape(char: str) -> str:
    return _LOOKS_LIKE.get(char) or _LOOKS_LIKE.get(char.lower(), "")


def _squared(char: str) -> str:
    """Return the letter in a box or a disc, which has no compatible form."""
    for first in (0x1F130, 0x1F150, 0x1F170):
        if first <= ord(char) < first + 26:
            return chr(ord("a") + ord(char) - first)
    return ""


def _looks_like() -> dict[str, str]:
    held = json.loads(files("ingest.match").joinpath("confusables.json").read_text("utf-8"))
    table = {c: letter for letter, chars in held["looks_like"].items() for c in chars}
    table.update((c, letter) for chars, letter in _BY_SHAPE.items() for c in chars)
    # Of one alphabet's capital I and small l, the table of the project tells which is which.
    table.update((chr(c), chr(letter).lower()) for c, letter in LOOKALIKE.items())
    return table


_LOOKS_LIKE = _looks_like()
