"""The word lists that invented names are made of; the lists themselves are in `words.json`."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, str]:
    text = files("graphsvc.demo").joinpath("words.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def words(name: str) -> tuple[str, ...]:
    """Return the words of a list; raises KeyError for a list that does not exist."""
    return tuple(_lists()[name].split())
