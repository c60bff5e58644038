"""What a selection asks for, through fragments and inline fragments, and what it does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from graphsvc.api.types.selected import asks_for


def info_of(text: str) -> Any:
    """Return as much of a resolver's info as is looked at: that of the first root field."""
    document = parse(text)
    (operation,) = (d for d in document.definitions if isinstance(d, OperationDefinitionNode))
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    nodes = [operation.selection_set.selections[0]]
    return SimpleNamespace(_raw_info=SimpleNamespace(field_nodes=nodes, fragments=fragments))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("{ users { edges { claims { source } } } }", True),
        ("{ users { edges { told: claims { source } } } }", True),
        ("{ users { edges { ... { claims { source } } } } }", True),
        ("{ users { ...A } } fragment A on U { edges { ...B } } fragment B on E { claims }", True),
        ("{ users { edges { node { id } } edges { claims } } }", True),
        ("{ users { edges { node { claims } } } }", False),
        ("{ users { claims } }", False),
        ("{ users { edges { claim: node { id } } } }", False),
        ("{ users { ...A } } fragment A on U { edges { cursor } }", False),
    ],
)
def test_a_path_is_asked_for_or_not(text: str, asked: bool) -> None:
    assert asks_for(info_of(text), "edges", "claims") is asked
