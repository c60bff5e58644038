"""An executor that reads plain data straight: what is only attributes needs no resolving.

Most of an answer is lists of objects of which a few attributes are asked for. graphql-core takes
for each attribute the steps that a resolver may need: its arguments, a path, errors, a wait. Here
a selection of nothing but attributes becomes one function of the object, made once a request.
Whatever such a function does not expect, it leaves to graphql-core, errors and all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLString,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.incremental import IncrementalExecutor
from graphql.pyutils import AwaitableOrValue, Path

from graphsvc.api.schema import DEFINED

MOST_INT = 2**31
Read = Callable[[Any], Any]
_AS_IT_IS: Mapping[Any, Callable[[Any], bool]] = {
    GraphQLString: lambda value: type(value) is str,
    GraphQLID: lambda value: type(value) is str,
    GraphQLBoolean: lambda value: type(value) is bool,
    GraphQLInt: lambda value: type(value) is int and -MOST_INT <= value < MOST_INT,
    GraphQLFloat: lambda value: type(value) is float and math.isfinite(value),
}


class _Unexpected(Exception):
    """A value is not what a straight reading knows."""


class StraightExecutor(IncrementalExecutor):
    """Executes as graphql-core does, and reads plain selections straight."""

    @cached_property
    def _readers(self) -> dict[tuple[int, int], tuple[FieldDetailsList, Read | None]]:
        """By type and what is asked of it; the list is kept, so that its id is no other's."""
        return {}

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[Any]:
        """Complete a value, straight where its selection is plain."""
        read = self._reader(return_type, field_details_list)
        if read is not None:
            try:
                return read(result)
            except Exception:  # noqa: BLE001, S110 - graphql-core meets it too, and says where
                pass
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _reader(self, kind: GraphQLOutputType, asked: FieldDetailsList) -> Read | None:
        """Return the function that reads what is asked of a type, or None where it is not plain."""
        key = (id(kind), id(asked))
        held = self._readers.get(key)
        if held is None:
            held = self._readers[key] = (asked, self._made(kind, asked))
        return held[1]

    def _made(self, kind: GraphQLOutputType, asked: FieldDetailsList) -> Read | None:
        if isinstance(kind, GraphQLNonNull):
            inner = self._reader(kind.of_type, asked)
            return inner and _present(inner)
        if isinstance(kind, GraphQLList):
            inner = self._reader(kind.of_type, asked)
            return inner and _each(inner)
        if isinstance(kind, GraphQLObjectType):
            return self._object(kind, asked)
        return _leaf(self, kind) if is_leaf_type(kind) else None

    def _object(self, kind: GraphQLObjectType, asked: FieldDetailsList) -> Read | None:
        below, deferred, _ = self.collect_subfields(kind, asked)
        definition = kind.extensions.get(DEFINED)
        if deferred or definition is None or definition.is_type_of:
            return None
        parts: list[tuple[str, str, Read]] = []
        for name, details in below.items():
            asked_for = details[0].node.name.value
            if asked_for == "__typename":
                parts.append((name, "__class__", _constant(kind.name)))
                continue
            field = kind.fields.get(asked_for)
            attribute = _attribute(field)
            inner = self._reader(field.type, details) if field and attribute else None
            if attribute is None or inner is None:
                return None
            parts.append((name, attribute, inner))
        general = definition.concrete_of or definition
        return _attributes({definition.origin, general.origin}, parts)


def _attribute(field: GraphQLField | None) -> str | None:
    """Return the attribute that a field shows as it is, or None where a resolver makes it."""
    definition = field.extensions.get(DEFINED) if field else None
    plain = definition is not None and definition.is_basic_field and not definition.extensions
    return definition.python_name if definition and plain else None


def _constant(text: str) -> Read:
    return lambda value: text


def _attributes(kinds: set[type], parts: list[tuple[str, str, Read]]) -> Read:
    def read(value: Any) -> dict[str, Any] | None:
        if value is None:
            return None
        if type(value) not in kinds:
            raise _Unexpected
        return {name: inner(getattr(value, attribute)) for name, attribute, inner in parts}

    return read


def _each(inner: Read) -> Read:
    def read(value: Any) -> list[Any] | None:
        if value is None:
            return None
        if type(value) is not list:
            raise _Unexpected
        return [inner(item) for item in value]

    return read


def _present(inner: Read) -> Read:
    def read(value: Any) -> Any:
        found = inner(value)
        if found is None:
            raise _Unexpected
        return found

    return read


def _leaf(executor: StraightExecutor, kind: Any) -> Read:
    as_it_is = _AS_IT_IS.get(kind)

    def read(value: Any) -> Any:
        if value is None or (as_it_is is not None and as_it_is(value)):
            return value
        return executor.complete_leaf_value(kind, value)

    return read
