"""Brand names disguised as sellers do, by a seeded hand, and titles to put them in."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

Dice = random.Random
_SHAPES = {
    "a": "аɑα",
    "b": "Ьʙ",
    "c": "сϲ",
    "d": "ԁ",
    "e": "еҽ",
    "g": "ɡ",
    "h": "һ",
    "i": "іı",
    "j": "ј",
    "k": "кκ",
    "l": "ӏⅼ",
    "m": "м",
    "n": "ո",
    "o": "оοօ",
    "p": "рρ",
    "q": "ԛ",
    "r": "г",
    "s": "ѕ",
    "t": "т",
    "u": "υս",
    "v": "ν",
    "w": "ԝ",
    "x": "х",
    "y": "уү",
}
_LEET = {"o": "0", "l": "1", "i": "1!", "e": "3", "a": "4@", "s": "5$", "t": "7+", "b": "8"}
_MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_SYMBOLS = "*_~^/|•#"
_NOUNS = [
    "bag",
    "dress",
    "watch",
    "shoes",
    "jacket",
    "wallet",
    "belt",
    "scarf",
    "hoodie",
    "sneakers",
    "perfume",
    "sunglasses",
    "ring",
    "earbuds",
    "lamp",
    "kettle",
    "backpack",
    "necklace",
    "boots",
    "shirt",
]
_ADJECTIVES = [
    "new",
    "leather",
    "black",
    "vintage",
    "wireless",
    "classic",
    "soft",
    "large",
    "mini",
    "white",
    "summer",
    "warm",
    "light",
    "navy",
    "handmade",
    "waterproof",
    "slim",
    "cotton",
    "premium",
    "travel",
]
_ENDS = "free shipping|size M|with box|gift for her|100ml|2 pack|pair of 2|best price|in stock|"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def title(dice: Dice, name: str) -> str:
    """Return an invented title with a name, at its beginning or behind an adjective."""
    before = dice.choice(["", "", f"{dice.choice(_ADJECTIVES).title()} "])
    middle = f"{dice.choice(_ADJECTIVES)} {dice.choice(_NOUNS)}"
    return f"{before}{name} {middle} {dice.choice(_ENDS.split('|'))}".strip()


def nameless(dice: Dice) -> str:
    """Return an invented title that names no brand."""
    words = [*dice.sample(_ADJECTIVES, 3), dice.choice(_NOUNS)]
    return f"{' '.join(words)} {dice.choice(_ENDS.split('|'))}".strip()


def _swap(dice: Dice, name: str, table: dict[str, str], most: int) -> str:
    places = [place for place, c in enumerate(name) if c.lower() in table]
    count = len(places) if dice.random() < 0.25 else dice.randint(1, most)  # all, or a few
    chosen = set(dice.sample(places, min(len(places), count)))
    return "".join(
        dice.choice(table[c.lower()]) if place in chosen else c for place, c in enumerate(name)
    )


def _homoglyph(dice: Dice, name: str) -> str:
    return _swap(dice, name, _SHAPES, 3)


def _leet(dice: Dice, name: str) -> str:
    return _swap(dice, name, _LEET, 2)


def _accents(dice: Dice, name: str) -> str:
    places = [place for place, c in enumerate(name) if c.lower() in "aeioucnsyz"]
    chosen = set(dice.sample(places, min(len(places), 2)))
    marked = (c + dice.choice(_MARKS) if place in chosen else c for place, c in enumerate(name))
    return unicodedata.normalize("NFC", "".join(marked))


def _inside(dice: Dice, name: str, marks: str) -> str:
    """Return the name with a mark between two letters of one of its words."""
    places = [p for p in range(1, len(name)) if name[p - 1].isalpha() and name[p].isalpha()]
    place = dice.choice(places) if places else 0
    return name[:place] + dice.choice(marks) + name[place:] if place else name


def _zero_width(dice: Dice, name: str) -> str:
    return _inside(dice, _inside(dice, name, _UNSEEN), _UNSEEN)


def _spaced(dice: Dice, name: str) -> str:
    return _inside(dice, name, " ") if dice.random() < 0.5 else " ".join(name.replace(" ", ""))


def _dotted(dice: Dice, name: str) -> str:
    return _inside(dice, name, ".") if dice.random() < 0.5 else ".".join(name.replace(" ", ""))


def _symbol(dice: Dice, name: str) -> str:
    return _inside(dice, name, _SYMBOLS)


def _hyphen(dice: Dice, name: str) -> str:
    return _inside(dice, name, "-") if dice.random() < 0.5 else "-".join(name.replace(" ", ""))


def _typo(dice: Dice, name: str) -> str:
    """Return the name with one letter left out, doubled, put in, changed or swapped."""
    place = dice.randrange(len(name) - 1)
    letter = dice.choice(_ALPHABET)
    kind = dice.choice(("drop", "double", "add", "change", "swap"))
    if kind == "swap":
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    put = {"drop": "", "double": name[place] * 2, "add": name[place] + letter, "change": letter}
    return name[:place] + put[kind] + name[place + 1 :]


DISGUISES: dict[str, Callable[[Dice, str], str]] = {
    "homoglyph": _homoglyph,
    "leet": _leet,
    "accents": _accents,
    "zero_width": _zero_width,
    "spaced": _spaced,
    "dotted": _dotted,
    "symbol": _symbol,
    "hyphen": _hyphen,
    "typo": _typo,
}
