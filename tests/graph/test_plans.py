"""How Neo4j looks records up by their keys, whenever it makes its plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from graphsvc.settings import Settings
from queries import change, merge
from queries.schema import EDGES, NODES
from queries.schema.actors import Seller
from queries.schema.links import UsesAccount
from tests.graph.driving import cypher, kept, session, wipe

ROUNDS = 4  # of which some come before Neo4j's own count, which comes when it likes
BY_KEY = (merge.held_text, merge.merge_text, merge.settle_text, change.restore_text)


def operators(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a plan's operators."""
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", []):
        yield from operators(child)


def test_a_record_is_looked_up_in_its_index_while_its_type_is_not_counted_yet(
    empty_graph: Settings,
) -> None:
    account = EDGES[UsesAccount]
    texts = [text(spec) for text in BY_KEY for spec in (account, NODES[Seller])]
    texts += [change.close_text(account), change.remove_text(account), merge.create_text(account)]
    for _ in range(ROUNDS):
        wipe(empty_graph)
        cypher(empty_graph, kept("count_now"))  # nothing, and that is what plans go by from now on
        cypher(empty_graph, kept("new_relations"))
        with session(empty_graph) as opened:
            for text in texts:
                asked = f"EXPLAIN /* {uuid4()}: not one that was planned before */ {text}"
                plan = opened.run(asked).consume().plan  # type: ignore[arg-type]
                assert plan is not None
                found = list(operators(plan))
                assert any("UniqueIndexSeek" in name for name in found), text
                assert not [name for name in found if "Scan" in name], text
