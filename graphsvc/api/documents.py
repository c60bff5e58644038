"""Documents: each text parsed, guarded and validated once, and kept in a bounded cache.

Refusals are kept as well, so that a hostile text costs its parsing once. Never runs a document.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from graphsvc.api.errors import DocumentInvalid, SyntaxRefused, UnknownDocument
from graphsvc.api.guard import (
    MOST_TOKENS,
    Meter,
    Shape,
    check_cost,
    check_counts,
    check_text,
)
from graphsvc.audit.events import digest
from graphsvc.errors import BadRequest

MOST_DOCUMENTS = 512
MOST_TEXT = 1024 * 1024
MOST_SHAPES = 32
MOST_MESSAGE = 300


@dataclass(slots=True)
class Prepared:
    """A valid document within the counts; what an operation costs depends on its sizes."""

    document: DocumentNode
    operations: dict[str | None, OperationDefinitionNode]
    meter: Meter
    _shapes: dict[tuple[object, ...], Shape] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Return the operation of that name, or the only one; raises BadRequest."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        found = self.operations.get(name) if name is not None else None
        if found is None:
            raise BadRequest("operationName must name one operation of the document")
        return found

    def shape(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Shape:
        """Return the operation's shape under these variables; raises CostLimit, PageLimit."""
        sizes = tuple(_whole(variables.get(name)) for name in sorted(self.meter.size_variables))
        key = (operation.name.value if operation.name else None, *sizes)
        if key not in self._shapes:
            shape = self.meter.measure(operation, variables)
            check_cost(shape)
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            self._shapes[key] = shape
        return self._shapes[key]


class Documents:
    """The trusted documents, prepared at the start, and those that a worker has seen lately.

    The latter are bounded in number and in length together. Raises BadRequest where a trusted one
    would not be let in.
    """

    def __init__(self, schema: GraphQLSchema, trusted: Iterable[str] = ()) -> None:
        self._schema = schema
        self._trusted = {digest(text): prepare(schema, text) for text in trusted}
        self._kept: OrderedDict[str, Prepared | BadRequest] = OrderedDict()
        self._length = 0

    def trusted(self, name: str) -> Prepared:
        """Return the trusted document of an id, `sha256:` and hex; raises UnknownDocument."""
        found = self._trusted.get(name)
        if found is None:
            raise UnknownDocument(f"there is no document {name}")
        return found

    def get(self, text: str) -> Prepared:
        """Return a text prepared; raises SyntaxRefused, DocumentInvalid or a limit's error."""
        found = self._kept.get(text)
        if found is None:
            found = self._prepare(text)
            self._keep(text, found)
        else:
            self._kept.move_to_end(text)
        if isinstance(found, BadRequest):
            raise type(found)(str(found))
        return found

    def _prepare(self, text: str) -> Prepared | BadRequest:
        try:
            return prepare(self._schema, text)
        except BadRequest as refused:
            return refused

    def _keep(self, text: str, found: Prepared | BadRequest) -> None:
        if len(text) > MOST_TEXT:
            return
        self._kept[text] = found
        self._length += len(text)
        while len(self._kept) > MOST_DOCUMENTS or self._length > MOST_TEXT:
            gone, _ = self._kept.popitem(last=False)
            self._length -= len(gone)


def prepare(schema: GraphQLSchema, text: str) -> Prepared:
    """Return a text parsed, measured and validated, in this order: a bomb is never validated."""
    try:
        check_text(text)
        document = parse(text, max_tokens=MOST_TOKENS + 1)
    except GraphQLSyntaxError as error:
        raise SyntaxRefused(_said(error)) from None
    except RecursionError:
        raise DocumentInvalid("the document is nested too deeply") from None
    found = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    operations = {each.name.value if each.name else None: each for each in found}
    if not found or len(operations) < len(found):
        raise DocumentInvalid("the document must hold operations, each with a name of its own")
    if any(each.operation is OperationType.SUBSCRIPTION for each in found):
        raise DocumentInvalid("there are only queries and mutations here")
    meter = Meter(schema, document)
    _check(schema, document, meter, found)
    return Prepared(document, operations, meter)


def _check(
    schema: GraphQLSchema,
    document: DocumentNode,
    meter: Meter,
    operations: list[OperationDefinitionNode],
) -> None:
    """Raise where the document as a whole is too large, or does not fit the schema."""
    total = Shape()
    for each in operations:
        total += meter.measure(each, {})
    check_counts(total)
    errors = validate(schema, document, max_errors=1, hide_suggestions=True)
    if errors:
        raise DocumentInvalid(_said(errors[0]))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _said(error: GraphQLError) -> str:
    where = error.locations[0] if error.locations else None
    place = f" (line {where.line}, column {where.column})" if where else ""
    return error.message[:MOST_MESSAGE] + place
