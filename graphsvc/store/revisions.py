"""What a change of a node or an assertion leaves behind: one Revision a property; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from queries.merge import Spec, key_name, named
from queries.schema import EdgeSpec, Keep, Sensitivity


@dataclass(frozen=True, slots=True)
class Cause:
    """Who changes something, and when: a run, at `now` (ISO 8601 UTC)."""

    run: str
    now: str


def revisions(
    spec: Spec, held: Mapping[str, Any], after: Mapping[str, Any], cause: Cause
) -> list[dict[str, Any]]:
    """Return the Revision rows of a record: one a contested property that differs.

    `held` and `after` are its properties by name, `source` and the key among them.
    """
    return [
        {
            "id": _id(cause.run, held[key_name(spec)], name, after["source"], cause.now),
            "of": held[key_name(spec)],
            "owner": spec.relation if isinstance(spec, EdgeSpec) else spec.label,
            "field": name,
            "before": None if secret else held.get(name),
            "after": None if secret else after[name],
            "recorded_at": cause.now,
            "run": cause.run,
            "source": after["source"],
        }
        for name, secret in _contested(spec)
        if held.get(name) != after[name]
    ]


def _contested(spec: Spec) -> Iterable[tuple[str, bool]]:
    wanted = named(spec, Keep.WINNER)
    return (
        (mark.name, mark.sensitivity is Sensitivity.SECRET)
        for mark in spec.properties
        if mark.name in wanted
    )


def _id(*parts: str) -> str:
    return "rev-" + blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
