"""The catalogue of questions: one .cypher file and one row class make one typed query.

A file starts with a comment: a sentence, then `// $name: what it is` for each parameter. An
undeclared or unused parameter, a RETURN that is not the row class, a label or relation that
nobody declared: each fails at import, so that no such question can ever be asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from typing import Any, Generic, TypeVar

from queries.schema import EDGES, NODES

Row = TypeVar("Row")

SCOPE = "scope"
_COMMENT = re.compile(r"^//\s?(.*)$")
_DECLARED = re.compile(r"^\$(\w+):\s*\S")
_STRING = re.compile(r"'[^']*'")
_PARAMETER = re.compile(r"\$(\w+)")
_LABEL = re.compile(r"\(\s*\w*\s*((?::\s*\w+(?:\s*\|\s*\w+)*)+)")
_RELATION = re.compile(r"\[\s*\w*\s*:\s*(\w+(?:\s*\|\s*\w+)*)")
_WORD = re.compile(r"\w+")
_ALIAS = re.compile(r"\bAS\s+(\w+)\s*$", re.IGNORECASE)
_WRITE = re.compile(r"\b(?:CREATE|MERGE|SET|DELETE|REMOVE)\b")


@dataclass(frozen=True, slots=True)
class Nothing:
    """The row of a command that answers nothing."""


class QueryRefused(Exception):
    """A question is not what its file, its row class and the schema say of it."""


@dataclass(frozen=True, slots=True)
class Query(Generic[Row]):
    """A question with its parameters' names and the class of its rows.

    A `scoped` one answers within `$scope`, and only such a one may be asked for an outsider. The
    rows of one that has `packed` arrive as lists of these columns in a single record, `rows`.
    """

    name: str
    sentence: str
    text: str
    parameters: frozenset[str]
    row: type[Row]
    writes: bool
    scoped: bool = False
    packed: tuple[str, ...] = ()


QUERIES: dict[str, Query[Any]] = {}


def load(
    package: str, name: str, row: type[Row], *, scoped: bool = False, in_one: bool = False
) -> Query[Row]:
    """Return the query of file `name`.cypher beside `package`, checked; raises QueryRefused.

    A `scoped` one must have the parameter `$scope`, and no other may. `in_one` is for bounded
    answers, all scoped ones among them: a record costs its reader more than what is in it.
    """
    source = (files(package) / f"{name}.cypher").read_text("utf-8")
    query = parse(f"{package}.{name}", source, row, scoped=scoped)
    if scoped or in_one:
        query = _in_one(query)
    QUERIES[query.name] = query
    return query


def parse(name: str, source: str, row: type[Row], *, scoped: bool = False) -> Query[Row]:
    """Return the query that `source` holds; raises QueryRefused with every reason found."""
    comments = [m[1] for m in map(_COMMENT.match, source.splitlines()) if m]
    lines = [line for line in source.splitlines() if not line.startswith("//")]
    text = "\n".join(lines).strip()
    bare = _STRING.sub("''", text)
    declared = {m[1] for m in map(_DECLARED.match, comments) if m}
    used = set(_PARAMETER.findall(bare))
    problems = [
        *(["no sentence in its first line"] if not comments or comments[0][:1] == "$" else []),
        *(f"parameter ${extra} is declared and not used" for extra in sorted(declared - used)),
        *(f"parameter ${extra} is used and not declared" for extra in sorted(used - declared)),
        *(["its use of $scope is not what is declared"] if (SCOPE in used) != scoped else []),
        *_foreign(bare),
        *_columns(bare, row),
    ]
    if problems:
        raise QueryRefused(f"{name}: " + "; ".join(problems))
    writes = bool(_WRITE.search(bare))
    return Query(name, comments[0], text, frozenset(used), row, writes, scoped)


def _in_one(query: Query[Row]) -> Query[Row]:
    """Return the question that gives all rows in one record, in their order."""
    names = tuple(field.name for field in fields(query.row))  # type: ignore[arg-type]
    columns = ", ".join(f"`{name}`" for name in names)
    text = f"CALL () {{\n{query.text}\n}}\nRETURN collect([{columns}]) AS rows"
    return replace(query, text=text, packed=names)


def _foreign(text: str) -> list[str]:
    labels = {spec.label for spec in NODES.values()}
    relations = {spec.relation for spec in EDGES.values()}
    seen = {word for found in _LABEL.findall(text) for word in _WORD.findall(found)}
    crossed = {word for found in _RELATION.findall(text) for word in _WORD.findall(found)}
    return [
        *(f"label {name} is not declared" for name in sorted(seen - labels)),
        *(f"relation {name} is not declared" for name in sorted(crossed - relations)),
    ]


def _columns(text: str, row: type) -> list[str]:
    wanted = [field.name for field in fields(row)]
    found = _aliases(text)
    return [] if sorted(found) == sorted(wanted) else [f"RETURN gives {found}, row is {wanted}"]


def _aliases(text: str) -> list[str]:
    """Return the aliases of the last RETURN at depth 0; a column without AS is its own text."""
    flat = _outer(text)
    starts = [m.end() for m in re.finditer(r"\bRETURN\b(?:\s+DISTINCT\b)?", flat)]
    if not starts:
        return []
    clause = re.split(r"\b(?:ORDER\s+BY|SKIP|LIMIT)\b", flat[starts[-1] :])[0]
    parts = [part.strip() for part in clause.split(",")]
    return [m[1] if (m := _ALIAS.search(part)) else part for part in parts]


def _outer(text: str) -> str:
    """Return the text without what stands inside any bracket."""
    depth, kept = 0, []
    for letter in text:
        depth -= letter in ")]}"
        if depth == 0 and letter not in ")]}":
            kept.append(letter)
        depth += letter in "([{"
    return "".join(kept)
