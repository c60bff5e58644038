"""The rules of the house hold for every module, and each rule notices a planted breach."""

from __future__ import annotations

import pytest

from tests.contract.rules import (
    RULES,
    Rule,
    libraries_at_home,
    no_built_query,
    no_clock_or_environment,
    no_cypher_outside_queries,
    no_drawer,
    no_session_outside_store,
    nothing_upwards,
    short_and_introduced,
    sources,
)

DOC = '"""What it is for."""\n'
PLANTED: list[tuple[Rule, str, str]] = [
    (no_cypher_outside_queries, "graphsvc/api/x.py", 'Q = "MATCH (n) RETURN n"\n'),
    (no_cypher_outside_queries, "ingest/x.py", 'Q = f"UNWIND $rows AS row {1}"\n'),
    (no_session_outside_store, "graphsvc/api/x.py", "driver.execute_query(q)\n"),
    (no_session_outside_store, "graphsvc/rings/x.py", "self.session.run(q)\n"),
    (no_built_query, "graphsvc/store/x.py", 'session.run(f"{a} {b}")\n'),
    (no_built_query, "graphsvc/store/x.py", 'tx.run("a" + b)\n'),
    (no_clock_or_environment, "graphsvc/rings/x.py", "import datetime\ndatetime.now()\n"),
    (no_clock_or_environment, "ingest/x.py", 'import os\nos.environ["HOME"]\n'),
    (no_drawer, "graphsvc/utils/x.py", ""),
    (no_drawer, "graphsvc/api/base.py", ""),
    (libraries_at_home, "graphsvc/api/x.py", "import neo4j\n"),
    (libraries_at_home, "graphsvc/cli/x.py", "from networkx import Graph\n"),
    (nothing_upwards, "queries/x.py", "from ingest.errors import RowIssue\n"),
    (nothing_upwards, "ingest/x.py", "import graphsvc.settings\n"),
    (short_and_introduced, "graphsvc/x.py", "A = 1\n"),
    (short_and_introduced, "graphsvc/x.py", DOC + "A = 1\n" * 301),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_module_keeps_the_rule(rule: Rule) -> None:
    found = [breach for place, text in sources() for breach in rule(place, text)]
    assert found == []


@pytest.mark.parametrize(("rule", "place", "text"), PLANTED)
def test_a_planted_breach_is_noticed(rule: Rule, place: str, text: str) -> None:
    assert list(rule(place, text))


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)
