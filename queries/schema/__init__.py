"""Typed frozen dataclasses are the schema, one module a noun; nothing else declares a label."""

from queries.schema import actors, casework, decisions, findings, goods, history, identifiers, links
from queries.schema.declare import EDGES, NODES, EdgeSpec, Keep, NodeSpec, Property, Sensitivity

__all__ = [
    "EDGES",
    "NODES",
    "EdgeSpec",
    "Keep",
    "NodeSpec",
    "Property",
    "Sensitivity",
    "actors",
    "casework",
    "decisions",
    "findings",
    "goods",
    "history",
    "identifiers",
    "links",
]
