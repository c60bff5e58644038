"""Header lines of `neo4j-admin database import` files, derived from the declarations."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

from queries.merge import Spec, columns, key_name
from queries.schema import NODES, EdgeSpec, NodeSpec

_TYPES = {int: "long", float: "double", bool: "boolean"}


def sheet_columns(spec: Spec) -> tuple[str, ...]:
    """Return what the columns of a label's or relation's file hold, in their order."""
    if not spec.domain:
        return (key_name(spec), *(mark.name for mark in spec.properties))
    stub = ("stub",) if isinstance(spec, NodeSpec) else ()
    return (*columns(spec), "run", "recorded_from", *stub)


def sheet_header(spec: Spec) -> tuple[str, ...]:
    """Return the fields of the header line: `name:type`, and which hold the ids of nodes."""
    hints = {"stub": bool, **get_type_hints(spec.row)}
    return tuple(_field(spec, name, hints.get(name)) for name in sheet_columns(spec))


def target(spec: Spec) -> str:
    """Return the option that binds a file to the label or relation, up to the file's name."""
    if isinstance(spec, EdgeSpec):
        return f"--relationships={spec.relation}="
    return f"--nodes={spec.label}="


def _field(spec: Spec, name: str, hint: Any) -> str:
    if isinstance(spec, EdgeSpec) and name in ("start", "end"):
        return f":{name.upper()}_ID({NODES[getattr(spec, name)].label})"
    if isinstance(spec, NodeSpec) and name == spec.key:
        return f"{name}:ID({spec.label})"
    kinds = {*get_args(hint), hint}
    return f"{name}:{next((word for kind, word in _TYPES.items() if kind in kinds), 'string')}"
