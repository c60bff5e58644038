"""Text as its reader sees it: look-alike, invisible and spread letters undone."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from ingest.errors import ValueRefused

# Letters of other alphabets that look like a Latin one, by shape and not by sound (UTS 39).
_CYRILLIC = ("АВЕЅІЈКМНОРСТУХЗабвеѕіјкмнорстухзԁԛԝһ", "ABESIJKMHOPCTYX3a6besijkmhopctyx3dqwh")
_GREEK = ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχ", "ABEZHIKMNOPTYXabeikvoptux")
LOOKALIKE = str.maketrans(_CYRILLIC[0] + _GREEK[0], _CYRILLIC[1] + _GREEK[1])
_SPREAD = re.compile(r"(?<!\w)(?:[^\W\d_] ){3,}[^\W\d_](?!\w)")
# A whole run at a time and without going back: the time grows as the text does.
_DIGITISH = re.compile(r"(?<![0-9OolI|])[OolI|]*+[0-9][0-9OolI|]*+")
_AS_DIGIT = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_TOKEN = re.compile(r"[^\W_]+")


def bounded(text: str, longest: int) -> str:
    """Return the text; refuses a longer one before anything that costs more than reading it."""
    if len(text) > longest:
        raise ValueRefused(f"{len(text):,} characters, at most {longest:,} are read", "shorten it")
    return text


def plain(text: str) -> str:
    """Return the text in ASCII lower case as a person would read it aloud."""
    if text.isascii():
        clean = text if text.isprintable() else _spaced(text)
    else:
        clean = _TOKEN.sub(lambda found: _ascii(found[0]), visible(text))
        clean = anyascii(clean)
    joined = _SPREAD.sub(lambda found: found[0].replace(" ", ""), clean)
    return _DIGITISH.sub(_repaired, joined).lower()


def _repaired(found: re.Match[str]) -> str:
    """Return a run as digits but for what touches other letters: of it a bar is no part."""
    run, text = found[0], found.string
    if run.isdigit():
        return run
    first, past = found.span()
    before, after = text[max(first - 1, 0) : first], text[past : past + 1]
    start = run.find("|") + 1 if before.isalnum() else 0
    end = run.rfind("|") if after.isalnum() else len(run)
    if (before.isalnum() and not start) or not any(map(str.isdigit, run[start : max(end, 0)])):
        return run
    return run[:start] + run[start:end].translate(_AS_DIGIT) + run[end:]


def _spaced(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def visible(text: str) -> str:
    """Return NFKC without format characters; control characters become blanks."""
    if text.isascii() and text.isprintable():
        return text  # nothing of it could change
    flat = unicodedata.normalize("NFKC", text)
    kept = (" " if unicodedata.category(c) == "Cc" else c for c in flat)
    return "".join(c for c in kept if unicodedata.category(c) != "Cf")


@lru_cache(maxsize=65_536)
def _ascii(token: str) -> str:
    """Return one word in ASCII: by shape where scripts are mixed, else by sound."""
    if token.isascii():
        return token
    scripts = {unicodedata.name(c, "?").split(" ", 1)[0] for c in token if c.isalpha()}
    if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
        token = token.translate(LOOKALIKE)
    bare = unicodedata.normalize("NFD", token.replace("ß", "ss").replace("ẞ", "SS"))
    return anyascii("".join(c for c in bare if not unicodedata.combining(c)))
