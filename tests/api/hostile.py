"""Texts that break out of a query that is put together, and every place of the schema for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_composite_type,
    is_introspection_type,
)

from graphsvc.api.schema import EXECUTABLE
from ingest.jobs.catalogue import JOBS
from queries import change, ddl, merge
from queries.catalogue import QUERIES
from queries.schema import EDGES, NODES
from tests.contract.test_catalogue import everything
from tests.graph import odd_rows

MARK = "velmora"
HOSTILE = tuple(
    text.replace("~", MARK)
    for text in (
        "' OR '~' = '~",
        "~' OR 1=1 //",
        '~" OR 1=1 //',
        "~'}) DETACH DELETE n //",
        '~"}) MATCH (n) DETACH DELETE n //',
        "~`}) MATCH (n) RETURN n //",
        "~' RETURN 1 UNION MATCH (n) RETURN n.id AS id //",
        "~\\' OR 1=1 //",
        "~\\u0027 OR 1=1 //",
        "~ʼ OR 1=1 ／／",
        "$~ {x}",
        "~; MATCH (n) DETACH DELETE n;",
        "~*/ CALL dbms.listConfig() /*",
        "~' CALL { LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row } //",
        "~ AND id:* OR *:* ~2 \\",  # the language of full-text indexes
        "${jndi:~} {{~}} %s %(~)s {0}",
    )
)
# Arguments that must name something there is, so that the hostile one beside them gets through.
PLAIN = {"platform": "p", "sellerId": "a", "id": "p:a", "seller": "p:a", "a": "p:a", "b": "p:b",
         "from": "p:a", "to": "p:b", "identifier": "p:a"}  # fmt: skip


USED = "UsedIdentifier"


@dataclass(frozen=True, slots=True)
class Place:
    """A String or ID of the schema: its name, a document that sends it as `$x`, and what else."""

    name: str
    kind: str
    document: str
    held: dict[str, Any] = field(default_factory=dict)


def ours() -> set[str]:
    """Return every Cypher text that the product may send: catalogued or derived, nothing else."""
    everything()
    nodes = [spec for spec in NODES.values() if spec.domain]
    edges = [spec for spec in EDGES.values() if spec.domain]
    of_both = (merge.held_text, merge.create_text, merge.merge_text, merge.settle_text,
               change.restore_text)  # fmt: skip
    of_nodes = (change.strip_text, change.sweep_text)
    of_edges = (change.open_text, change.close_text, change.closed_text, change.remove_text)
    return {
        *(query.text for query in QUERIES.values()),
        *(rule.text for rule in ddl.rules()),
        *merge.canonical_texts().values(),
        *(text(spec) for text in of_both for spec in (*nodes, *edges)),
        *(text(spec) for text in of_nodes for spec in nodes),
        *(text(spec) for text in of_edges for spec in edges),
    }


def hostile_rows(kind: str) -> Iterator[dict[str, str]]:
    """Yield a row of its own for each hostile text in each column of a kind."""
    job = JOBS[kind]
    usual = {*job.required, *(job.either[0] if job.either else ()), "sha256", "pdq"}
    for name in job.columns:
        for number, text in enumerate(HOSTILE):
            own = f"{name}-{number}"
            row = {
                each: own if each.endswith("_id") else odd_rows.PLAIN.get(each, ["word"])[0]
                for each in job.columns
                if each in usual and each not in ("path", "platform")
            }
            yield row | {name: text}


def places(known: dict[str, str]) -> Iterator[Place]:
    """Yield every String and ID that the schema takes; `known` are node ids by type."""
    for kind in EXECUTABLE.type_map.values():
        if is_introspection_type(kind) or not isinstance(
            kind, GraphQLObjectType | GraphQLInterfaceType
        ):
            continue
        for name, definition in kind.fields.items():
            for called, argument in definition.args.items():
                for path in _texts(called, argument):
                    yield _place(kind.name, name, definition, path, known)


def _texts(name: str, argument: GraphQLArgument) -> Iterator[tuple[str, ...]]:
    """Yield the paths to the texts in an argument: itself, or fields of its input object."""
    kind = get_named_type(argument.type)
    if kind.name in ("ID", "String"):
        yield (name,)
    elif isinstance(kind, GraphQLInputObjectType):
        for called, inner in kind.fields.items():
            if get_named_type(inner.type).name in ("ID", "String"):
                yield (name, called)


def _place(
    parent: str, name: str, asked: GraphQLField, path: tuple[str, ...], known: dict[str, str]
) -> Place:
    kind: Any = asked.args[path[0]].type
    for step in path[1:]:
        kind = get_named_type(kind).fields[step].type
    plain = PLAIN
    if parent == "Mutation":
        plain = PLAIN | {"id": known["HubMark"], "identifier": known["Phone"], "seller": "p:b"}
    sent = [_sent(called, each, path, plain) for called, each in asked.args.items()]
    inner = f"{name}({', '.join(filter(None, sent))}){_selection(asked)}"
    root = {"Query": "query", "Mutation": "mutation"}.get(parent)
    held = {}
    if root is None:
        held = {"node": known["Seller" if parent == USED else parent]}
        inner = f"node(id: $node) {{ {_within(parent, inner)} }}"
    declared = f"$x: {kind}" + (", $node: ID!" if held else "")
    written = ".".join((parent, name, *path))
    document = f"{root or 'query'} ({declared}) {{ {inner} }}"
    return Place(written, get_named_type(kind).name, document, held)


def _within(parent: str, inner: str) -> str:
    """Return a selection as it is reached from a node."""
    if parent == USED:
        chosen = f"edges {{ node {{ {inner} }} }}"
        return f"... on Seller {{ identifiers(first: 2) {{ {chosen} }} }}"
    return f"... on {parent} {{ {inner} }}"


def _sent(
    name: str, argument: GraphQLArgument, path: tuple[str, ...], plain: dict[str, str]
) -> str:
    """Return an argument as it is written, '' for one that may be left out."""
    if name == path[0]:
        value = "$x" if len(path) == 1 else f"{{{path[1]}: $x}}"
        return f"{name}: {value}"
    kind = get_named_type(argument.type)
    if not isinstance(argument.type, GraphQLNonNull) or isinstance(argument.default_value, int):
        return ""
    if isinstance(kind, GraphQLEnumType):
        return f"{name}: {next(iter(kind.values))}"
    return f'{name}: "{plain.get(name, "a reason")}"'


def _selection(asked: GraphQLField) -> str:
    kind = get_named_type(asked.type)
    if not is_composite_type(kind):
        return ""
    return " { edges { node { __typename } } }" if "edges" in kind.fields else " { __typename }"
