"""The schema: built from the types; `python -m graphsvc.api.schema` prints it as committed."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from graphsvc.api.query import Query
from graphsvc.api.types.identifier import Address, Device, Email, PaymentAccount, Phone
from graphsvc.api.types.node import LONG, Long

DEFINED = "strawberry-definition"


def _described(schema: GraphQLSchema) -> GraphQLSchema:
    """Give each type and field its docstring, so that the words are written in one place."""
    for kind in schema.type_map.values():
        definition = kind.extensions.get(DEFINED)
        origin = getattr(definition, "origin", None)
        if origin is not None and kind.description is None:
            kind.description = _words(origin)
        for field in getattr(kind, "fields", {}).values():
            resolver = getattr(field.extensions.get(DEFINED), "base_resolver", None)
            if resolver is not None and field.description is None:
                field.description = _words(resolver.wrapped_func)
    return schema


def _words(thing: Any) -> str | None:
    written = getattr(thing, "__doc__", None)
    return inspect.cleandoc(written) if written else None


SCHEMA = strawberry.Schema(
    query=Query,
    types=[Address, PaymentAccount, Phone, Email, Device],
    config=StrawberryConfig(scalar_map={Long: LONG}, disable_field_suggestions=True),
)
# Documents are parsed, measured and validated by us, once; so they run on the schema underneath.
EXECUTABLE = _described(SCHEMA._schema)


def sdl() -> str:
    """Return the schema in the schema language, as it stands in schema.graphql."""
    return SCHEMA.as_str() + "\n"


if __name__ == "__main__":
    sys.stdout.write(sdl())
