"""What a user meets is in the documentation: verbs, settings, errors, labels, relations, kinds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphsvc import errors
from graphsvc.api import errors as api_errors
from graphsvc.cli import verbs
from graphsvc.investigate.roam import TooLarge
from graphsvc.settings import Settings
from ingest.jobs.catalogue import JOBS
from queries.schema import EDGES, NODES
from tests.contract.rules import TOP

# Errors of the common tree that a request can meet.
MET_OVER_HTTP = (
    errors.Unauthenticated,
    errors.Forbidden,
    errors.BadRequest,
    errors.NotFound,
    TooLarge,
    errors.CaseMissing,
    errors.PurposeMissing,
    errors.GrantMissing,
    errors.NotOpen,
    errors.IssuerAway,
    errors.JournalAway,
    errors.DatabaseAway,
    errors.DatabaseRefused,
    errors.DatabaseSlow,
    errors.GraphsvcError,
)


def page(name: str) -> str:
    return (TOP / "docs" / name).read_text("utf-8")


def commands() -> Iterator[tuple[str, object]]:
    for word in verbs.VERBS:
        yield from walk(verbs.command(word), word)


def walk(command: object, words: str) -> Iterator[tuple[str, object]]:
    inner = getattr(command, "commands", None)
    if inner is None or (getattr(command, "invoke_without_command", False) and words):
        yield words, command
    for name, part in (inner or {}).items():
        yield from walk(part, f"{words} {name}".strip())


@pytest.mark.parametrize(("words", "command"), [pytest.param(*c, id=c[0]) for c in commands()])
def test_every_verb_is_documented_and_ends_its_help_with_an_example(
    words: str, command: object
) -> None:
    assert f"| `{words}" in page("cli.md")
    epilog = getattr(command, "epilog", None) or ""
    assert epilog.startswith(f"Example: `graphsvc {words}")


def test_every_setting_is_documented() -> None:
    missing = [
        name
        for name, field in Settings.model_fields.items()
        if f"| `{name}` | `{field.validation_alias}` |" not in page("settings.md")
    ]
    assert missing == []


def test_every_error_is_documented() -> None:
    classes = [
        cls
        for cls in vars(errors).values()
        if isinstance(cls, type) and issubclass(cls, errors.GraphsvcError)
    ]
    rows = {f"| {c.__name__} | `{c.code}` | {c.status} | {c.exit_code} |" for c in classes}
    assert [row for row in sorted(rows) if row not in page("cli.md")] == []
    assert len(rows) == len(classes)


def test_every_error_of_the_api_is_documented_with_its_status() -> None:
    classes = [
        each
        for name, each in vars(api_errors).items()
        if isinstance(each, type)
        and issubclass(each, errors.GraphsvcError)
        and each.__module__ == api_errors.__name__
        and not name.startswith("_")
    ]
    assert len(classes) > 10
    told = [*classes, *MET_OVER_HTTP]
    rows = {f"| `{each.code}` | {each.status} |" for each in told}
    assert [row for row in sorted(rows) if row not in page("api.md")] == []


def test_every_label_relation_and_property_is_documented() -> None:
    model = page("data-model.md")
    for spec in NODES.values():
        assert f"| {spec.label} | `{spec.key}` |" in model
    for edge in EDGES.values():
        assert f"| {edge.name} |" in model


def test_every_kind_and_column_is_documented() -> None:
    guide = page("guide.md")
    missing = [
        f"{kind}.{column}"
        for kind, job in JOBS.items()
        for column in (*job.required, *job.optional)
        if f"`{column}`" not in guide or f"| {kind} |" not in guide
    ]
    assert missing == []
