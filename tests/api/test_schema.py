"""The committed schema is the one that is served, and says what each thing is."""

from __future__ import annotations

from graphql import GraphQLObjectType, is_introspection_type

from graphsvc.api import errors
from graphsvc.api.schema import EXECUTABLE, sdl
from graphsvc.errors import GraphsvcError
from queries.schema import NODES
from tests.contract.rules import TOP

# What no field shows, by label: tokens and digests of secrets, and what only the loader needs.
WITHHELD = {
    "ApiKey": "keys are for the command line; a digest is never shown",
    "TokenKey": "names the key of the tokens; of no use outside",
    "WriteLease": "how loaders take turns",
    "Platform": "shown as the platform of what is on it",
}
WITHHELD_PROPERTIES = {
    "tax_token",  # a keyed token
    "recorded_to",  # nothing is closed by a record yet
    "digest",  # of the winning row, for the loader
    "pixels_sha256",  # what `link images` compares
    "target",  # shown as what the report is about
    "description_digest",  # tells only whether two descriptions are equal
    "rejects_file",  # a path of the server's machine
}


def test_the_committed_schema_is_the_one_that_is_served() -> None:
    held = (TOP / "graphsvc/api/schema.graphql").read_text("utf-8")
    assert sdl() == held, "run: python -m graphsvc.api.schema > graphsvc/api/schema.graphql"


def test_every_type_and_root_field_is_described() -> None:
    ours = [
        each
        for each in EXECUTABLE.type_map.values()
        if isinstance(each, GraphQLObjectType)
        and not is_introspection_type(each)
        and not each.name.endswith(("Connection", "Edge"))  # Relay says what these are
    ]
    assert [each.name for each in ours if not each.description] == []
    root = EXECUTABLE.query_type
    assert root is not None
    assert [name for name, field in root.fields.items() if not field.description] == []


def test_every_property_is_exposed_or_withheld_for_a_reason() -> None:
    shown = {
        name.lower()
        for each in EXECUTABLE.type_map.values()
        if isinstance(each, GraphQLObjectType)
        for name in each.fields
    }
    missing = {
        f"{spec.label}.{mark.name}"
        for spec in NODES.values()
        if spec.label not in WITHHELD
        for mark in spec.properties
        if mark.name not in WITHHELD_PROPERTIES and mark.name.replace("_", "").lower() not in shown
    }
    assert missing == set()


def test_every_refusal_of_the_api_is_documented() -> None:
    page = (TOP / "docs/api.md").read_text("utf-8")
    classes = [
        each
        for name, each in vars(errors).items()
        if isinstance(each, type)
        and issubclass(each, GraphsvcError)
        and each.__module__ == errors.__name__
        and not name.startswith("_")
    ]
    assert len(classes) > 10
    assert [c.__name__ for c in classes if f"| `{c.code}` | {c.status} |" not in page] == []
