"""The guard: what a document could cost, told from its shape alone, before it is validated.

Linear in the document: each fragment is measured once, whatever chain it stands in. Never runs
anything, never asks the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    VariableNode,
)

from graphsvc.api.errors import (
    AliasLimit,
    CostLimit,
    DepthLimit,
    DirectiveLimit,
    DocumentInvalid,
    FieldLimit,
    PageLimit,
    QueryTooLong,
    TokenLimit,
)
from graphsvc.investigate.paths import MOST_PATHS

MOST_COST = 2500
MOST_DEPTH = 8
MOST_ALIASES = 15
MOST_DIRECTIVES = 9
MOST_FIELDS = 300
MOST_TOKENS = 1000
MOST_BYTES = 16 * 1024
MOST_BRACKETS = 32
PAGE = 100
# The arguments that say how many items a field returns, with the most that each may ask for.
SIZES = {"first": PAGE, "k": MOST_PATHS}
# A list without such an argument is short; these were counted with the field that holds them.
LIST_SIZE = 10
ALREADY_COUNTED = {"edges", "nodes", "ties", "chains"}
_HUGE = 10**9
_OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
_CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of a selection, its fragments spread out."""

    cost: int = 0
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    introspects: bool = False

    def __add__(self, other: Shape) -> Shape:
        return Shape(
            min(self.cost + other.cost, _HUGE),
            max(self.depth, other.depth),
            min(self.fields + other.fields, _HUGE),
            min(self.aliases + other.aliases, _HUGE),
            min(self.directives + other.directives, _HUGE),
            self.introspects or other.introspects,
        )


def check_text(text: str) -> None:
    """Raise QueryTooLong, TokenLimit or DepthLimit for a text that is not worth parsing.

    Raises GraphQLSyntaxError where it cannot be read. Brackets are counted here because the
    parser descends once for each of them.
    """
    size = len(text.encode("utf-8"))
    if size > MOST_BYTES:
        raise QueryTooLong(f"the document has {size} bytes; {MOST_BYTES} are allowed")
    lexer = Lexer(Source(text))
    depth = tokens = 0
    while (token := lexer.advance()).kind != TokenKind.EOF:
        tokens += 1
        depth += (token.kind in _OPENING) - (token.kind in _CLOSING)
        if tokens > MOST_TOKENS:
            raise TokenLimit(f"the document has more than {MOST_TOKENS} tokens")
        if depth > MOST_BRACKETS:
            raise DepthLimit(f"the document nests brackets deeper than {MOST_BRACKETS}")


def check_counts(shape: Shape) -> None:
    """Raise the limit's error where a document is too deep or selects too much."""
    if shape.depth > MOST_DEPTH:
        raise DepthLimit(f"the document is {shape.depth} fields deep; {MOST_DEPTH} are allowed")
    if shape.fields > MOST_FIELDS:
        raise FieldLimit(f"the document selects more than {MOST_FIELDS} fields")
    if shape.aliases > MOST_ALIASES:
        raise AliasLimit(f"the document uses more than {MOST_ALIASES} aliases")
    if shape.directives > MOST_DIRECTIVES:
        raise DirectiveLimit(f"the document uses more than {MOST_DIRECTIVES} directives")


def check_cost(shape: Shape) -> None:
    """Raise CostLimit where an operation could return too much."""
    if shape.cost > MOST_COST:
        raise CostLimit(f"the operation may cost {shape.cost}; {MOST_COST} are allowed")


@dataclass(slots=True)
class Meter:
    """Measures the operations of one document.

    cost(field) = 1 + size × cost(its selections); size from `first` or `k`. `visits` counts the
    selections that were looked at: never more than the document has.
    """

    schema: GraphQLSchema
    document: DocumentNode
    size_variables: set[str] = field(default_factory=set)
    visits: int = 0

    def measure(self, operation: OperationDefinitionNode, variables: Mapping[str, Any]) -> Shape:
        """Return an operation's shape; a size that `variables` do not tell is the most allowed.

        Raises PageLimit for a size outside its bounds, DocumentInvalid for a fragment in itself.
        """
        sizes = _defaults(operation) | dict(variables)
        root = self.schema.get_root_type(operation.operation)
        inner = _Walk(self, sizes, root).selections(operation.selection_set, root)
        own = len(operation.directives or ()) + sum(
            len(each.directives or ()) for each in operation.variable_definitions or ()
        )
        return inner + Shape(directives=own)


class _Walk:
    """One walk over an operation, with the values of the variables that give sizes."""

    def __init__(self, meter: Meter, sizes: Mapping[str, Any], root: Any) -> None:
        self._meter = meter
        self._sizes = sizes
        self._root = root
        self._fragments = {
            each.name.value: each
            for each in meter.document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._measured: dict[str, Shape | None] = {}

    def selections(self, selected: SelectionSetNode | None, parent: Any) -> Shape:
        total = Shape()
        for each in selected.selections if selected else ():
            self._meter.visits += 1
            total += Shape(directives=len(each.directives or ()))
            if isinstance(each, FieldNode):
                total += self._field(each, parent)
            elif isinstance(each, FragmentSpreadNode):
                total += self._spread(each.name.value)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                inner = self._meter.schema.get_type(condition.name.value) if condition else parent
                total += self.selections(each.selection_set, inner)
        return total

    def _spread(self, name: str) -> Shape:
        if name not in self._measured:
            definition = self._fragments.get(name)
            if definition is None:
                raise DocumentInvalid("the document spreads a fragment that it does not define")
            self._measured[name] = None
            parent = self._meter.schema.get_type(definition.type_condition.name.value)
            own = Shape(directives=len(definition.directives or ()))
            self._measured[name] = own + self.selections(definition.selection_set, parent)
        found = self._measured[name]
        if found is None:
            raise DocumentInvalid("a fragment of the document spreads itself")
        return found

    def _field(self, node: FieldNode, parent: Any) -> Shape:
        name = node.name.value
        definition = _definition(parent, name)
        kind = _bare(definition.type) if definition else None
        inner = self.selections(node.selection_set, kind)
        mark = Shape(fields=1, aliases=node.alias is not None)
        if parent is self._root and name in ("__schema", "__type"):
            counts = Shape(0, 0, inner.fields, inner.aliases, inner.directives, introspects=True)
            return mark + counts + Shape(cost=1, depth=1)
        cost = 1 + self._size(node, definition) * inner.cost
        return mark + Shape(
            min(cost, _HUGE),
            1 + inner.depth,
            inner.fields,
            inner.aliases,
            inner.directives,
            inner.introspects,
        )

    def _size(self, node: FieldNode, definition: GraphQLField | None) -> int:
        """Return how many items a field may return at most."""
        if definition is None:
            return 1
        for name, most in SIZES.items():
            if name in definition.args:
                given = [each.value for each in node.arguments or () if each.name.value == name]
                default = definition.args[name].default_value
                return self._value(name, given[0], most) if given else _within(default, name, most)
        listed = isinstance(_nullable(definition.type), GraphQLList)
        return LIST_SIZE if listed and node.name.value not in ALREADY_COUNTED else 1

    def _value(self, name: str, value: Any, most: int) -> int:
        if isinstance(value, VariableNode):
            self._meter.size_variables.add(value.name.value)
            held = self._sizes.get(value.name.value)
            whole = isinstance(held, int) and not isinstance(held, bool)
            return _within(held, name, most) if whole else most
        if isinstance(value, IntValueNode):
            return _within(int(value.value[:20]), name, most)
        return most


def _within(value: Any, name: str, most: int) -> int:
    if not isinstance(value, int):
        return most
    if not 1 <= value <= most:
        raise PageLimit(f"{name} must be from 1 to {most}, not {value}")
    return value


def _defaults(operation: OperationDefinitionNode) -> dict[str, int]:
    """Return the whole numbers that an operation's variables have unless they are sent."""
    return {
        each.variable.name.value: int(each.default_value.value[:20])
        for each in operation.variable_definitions or ()
        if isinstance(each.default_value, IntValueNode)
    }


def _definition(parent: Any, name: str) -> GraphQLField | None:
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        found: GraphQLField | None = parent.fields.get(name)
        return found
    return None


def _nullable(kind: Any) -> Any:
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def _bare(kind: Any) -> Any:
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    return kind
