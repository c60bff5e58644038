"""The schema: built from the types; `python -m graphsvc.api.schema` prints it as committed."""

from __future__ import annotations

import inspect
import sys
from typing import Any

import strawberry
from graphql import GraphQLSchema, is_introspection_type
from strawberry.schema.config import StrawberryConfig

from graphsvc.api.arguments import ARGUMENTS
from graphsvc.api.glossary import FIELDS, VALUES
from graphsvc.api.mutation import Mutation
from graphsvc.api.query import Query
from graphsvc.api.types.identifier import Address, Device, Email, PaymentAccount, Phone
from graphsvc.api.types.node import LONG, Long

DEFINED = "strawberry-definition"


def _described(schema: GraphQLSchema) -> GraphQLSchema:
    """Give each type, field, argument and value its words: a docstring, or the glossary's.

    So that the words are written in one place, and are those that a test holds complete.
    """
    for kind in schema.type_map.values():
        if is_introspection_type(kind):
            continue
        definition = kind.extensions.get(DEFINED)
        kind.description = kind.description or _words(_origin(definition))
        for name, field in getattr(kind, "fields", {}).items():
            resolver = getattr(field.extensions.get(DEFINED), "base_resolver", None)
            field.description = (
                field.description
                or _words(getattr(resolver, "wrapped_func", None))
                or FIELDS.get(f"{kind.name}.{name}", FIELDS.get(name))
            )
            for called, argument in getattr(field, "args", {}).items():
                argument.description = argument.description or ARGUMENTS.get(
                    f"{name}.{called}", ARGUMENTS.get(called)
                )
        for called, value in getattr(kind, "values", {}).items():
            value.description = value.description or VALUES.get(
                f"{kind.name}.{called}", VALUES.get(called)
            )
    return schema


def _origin(definition: Any) -> Any:
    """Return the class that a type was declared by; of a connection the class of them all."""
    general = getattr(definition, "concrete_of", None)
    return getattr(general or definition, "origin", None)


def _words(thing: Any) -> str | None:
    written = getattr(thing, "__doc__", None)
    return inspect.cleandoc(written) if written else None


SCHEMA = strawberry.Schema(
    query=Query,
    mutation=Mutation,
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
