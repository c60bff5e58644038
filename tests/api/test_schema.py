"""The committed schema is the one that is served, and says what each thing in it is."""

from __future__ import annotations

import subprocess
import sys

from graphql import is_introspection_type

from graphsvc.api.arguments import ARGUMENTS
from graphsvc.api.glossary import FIELDS, VALUES
from graphsvc.api.schema import EXECUTABLE
from tests.contract.rules import TOP

OURS = [each for each in EXECUTABLE.type_map.values() if not is_introspection_type(each)]


def test_the_committed_schema_is_the_one_that_is_printed() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "graphsvc.api.schema"],
        capture_output=True,
        text=True,
        check=True,
        cwd=TOP,
        timeout=60,
    ).stdout
    held = (TOP / "graphsvc/api/schema.graphql").read_text("utf-8")
    assert printed == held, "run: python -m graphsvc.api.schema > graphsvc/api/schema.graphql"


def test_every_type_field_argument_and_value_is_described() -> None:
    silent = [each.name for each in OURS if not each.description]
    for kind in OURS:
        for name, field in getattr(kind, "fields", {}).items():
            silent += [f"{kind.name}.{name}"] if not field.description else []
            silent += [
                f"{kind.name}.{name}({called})"
                for called, argument in getattr(field, "args", {}).items()
                if not argument.description
            ]
        for called, value in getattr(kind, "values", {}).items():
            silent += [f"{kind.name}.{called}"] if not value.description else []
    assert silent == []


def test_every_word_of_the_glossary_is_said() -> None:
    said: set[str | None] = set()
    for kind in OURS:
        for field in getattr(kind, "fields", {}).values():
            said.add(field.description)
            said |= {each.description for each in getattr(field, "args", {}).values()}
        said |= {each.description for each in getattr(kind, "values", {}).values()}
    for words in (FIELDS, ARGUMENTS, VALUES):
        assert {name for name, text in words.items() if text not in said} == set()
        assert [name for name, text in words.items() if not text.endswith(".")] == []


def test_the_schema_has_no_subscriptions() -> None:
    assert EXECUTABLE.query_type is not None
    assert EXECUTABLE.mutation_type is not None
    assert EXECUTABLE.subscription_type is None
