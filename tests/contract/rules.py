"""The rules of the house that a test can hold: each names the breaches of one file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGES = ("graphsvc", "ingest", "queries")
CYPHER = re.compile(r"\b(MATCH|MERGE|UNWIND|DETACH DELETE|CREATE|CALL)\s+[(\[{$a-z]")
DRAWERS = {
    *("util", "utils", "helper", "helpers", "common"),
    *("base", "manager", "misc", "core", "lib"),
}
ASKS_THE_MACHINE = {
    "datetime.now",
    "datetime.utcnow",
    "uuid.uuid4",
    "uuid4",
    "os.environ",
    "os.getenv",
}
SPEAKS_TO_NEO4J = {"execute_query", "execute_read", "execute_write"}
HOMES = {
    "neo4j": ("graphsvc/store/",),
    "networkx": ("graphsvc/rings/", "graphsvc/investigate/"),
    "community": ("graphsvc/rings/", "graphsvc/investigate/"),
    "graspologic_native": ("graphsvc/rings/", "graphsvc/investigate/"),
    "scipy": ("graphsvc/rings/", "graphsvc/investigate/"),
    "strawberry": ("graphsvc/api/",),
    "starlette": ("graphsvc/api/", "graphsvc/console/", "graphsvc/app.py"),
}
Rule = Callable[[str, str], Iterator[str]]


def sources() -> Iterator[tuple[str, str]]:
    """Yield each of our modules as (place in the repository, text)."""
    for package in PACKAGES:
        for path in sorted((TOP / package).rglob("*.py")):
            yield path.relative_to(TOP).as_posix(), path.read_text("utf-8")


def no_cypher_outside_queries(place: str, text: str) -> Iterator[str]:
    """Cypher is text in queries/ only; docstrings may speak of it."""
    if place.startswith("queries/"):
        return
    tree = ast.parse(text)
    spoken = {id(part) for part in _docstrings(tree)}
    for part in ast.walk(tree):
        said = isinstance(part, ast.Constant) and isinstance(part.value, str)
        if said and id(part) not in spoken and CYPHER.search(part.value):  # type: ignore[arg-type]
            yield f"{place}:{part.lineno}: Cypher text"


def no_session_outside_store(place: str, text: str) -> Iterator[str]:
    """Only the store runs a query."""
    if place.startswith("graphsvc/store/"):
        return
    for call in _calls(text):
        name = _dotted(call.func)
        if name.rsplit(".", 1)[-1] in SPEAKS_TO_NEO4J or name.endswith("session.run"):
            yield f"{place}:{call.lineno}: {name}"


def no_built_query(place: str, text: str) -> Iterator[str]:
    """Outside queries/, nothing that is run is an f-string, a sum or a format."""
    if place.startswith("queries/"):
        return
    for call in _calls(text):
        last = _dotted(call.func).rsplit(".", 1)[-1]
        if last in ("run", "text", "created", "values", "schema", *SPEAKS_TO_NEO4J) and call.args:
            first = call.args[0]
            if isinstance(first, ast.JoinedStr | ast.BinOp):
                yield f"{place}:{call.lineno}: a query text is put together"


def no_clock_or_environment(place: str, text: str) -> Iterator[str]:
    """Time, fresh ids and the environment come from clock and settings."""
    if place in ("graphsvc/clock.py", "graphsvc/settings.py"):
        return
    for part in ast.walk(ast.parse(text)):
        if isinstance(part, ast.Attribute | ast.Name) and _dotted(part) in ASKS_THE_MACHINE:
            yield f"{place}:{part.lineno}: {_dotted(part)}"


def no_drawer(place: str, text: str) -> Iterator[str]:
    """A module's name says what is in it."""
    del text
    for part in Path(place).with_suffix("").parts:
        if part in DRAWERS:
            yield f"{place}: a drawer called {part}"


def libraries_at_home(place: str, text: str) -> Iterator[str]:
    """Each big library is imported where it belongs and nowhere else."""
    for part in ast.walk(ast.parse(text)):
        for name in _imported(part):
            homes = HOMES.get(name.split(".")[0])
            if homes is not None and not place.startswith(homes):
                yield f"{place}: imports {name}, which belongs to {homes[0]}"


def nothing_upwards(place: str, text: str) -> Iterator[str]:
    """graphsvc may use ingest and queries, ingest queries, queries nobody."""
    order = ("queries", "ingest", "graphsvc")
    own = order.index(place.split("/", maxsplit=1)[0])
    for part in ast.walk(ast.parse(text)):
        for name in _imported(part):
            top = name.split(".")[0]
            if top in order and order.index(top) > own:
                yield f"{place}: imports {name} from above"


def short_and_introduced(place: str, text: str) -> Iterator[str]:
    """A module is under 300 lines and says what it is for."""
    if text.count("\n") > 300:
        yield f"{place}: more than 300 lines"
    if text.strip() and ast.get_docstring(ast.parse(text)) is None:
        yield f"{place}: no docstring"


RULES: tuple[Rule, ...] = (
    no_cypher_outside_queries,
    no_session_outside_store,
    no_built_query,
    no_clock_or_environment,
    no_drawer,
    libraries_at_home,
    nothing_upwards,
    short_and_introduced,
)


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for part in ast.walk(tree):
        if isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant):
            yield part.value


def _calls(text: str) -> Iterator[ast.Call]:
    return (part for part in ast.walk(ast.parse(text)) if isinstance(part, ast.Call))


def _dotted(part: ast.AST) -> str:
    if isinstance(part, ast.Attribute):
        inner = _dotted(part.value)
        return f"{inner}.{part.attr}" if inner else part.attr
    return part.id if isinstance(part, ast.Name) else ""


def _imported(part: ast.AST) -> list[str]:
    if isinstance(part, ast.Import):
        return [alias.name for alias in part.names]
    if isinstance(part, ast.ImportFrom) and part.module and not part.level:
        return [part.module]
    return []
