"""The verbs `rings list|show|export` as a person and a program meet them."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from graphsvc.settings import Settings
from graphsvc.store import local
from tests.graph.driving import Cli
from tests.graph.small_world import FAILED, FIRST, LAST, ODD, OTHER, build

Verb = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def server(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> local.Server:
    """The session's server with the small market in it."""
    build(neo4j_server, tmp_path_factory.mktemp("small world"))
    return neo4j_server


@pytest.fixture
def rings(server: local.Server, settings: Settings, tmp_path: Path) -> Verb:
    """Run `graphsvc rings …` from its words to its exit code."""
    del server
    cli = Cli(settings, tmp_path)
    return lambda *words: cli.call("rings", *words)


def test_list_says_which_rings_and_what_they_share(rings: Verb) -> None:
    told = rings("list", "--json")
    assert told.returncode == 0, told.stderr
    items = json.loads(told.stdout)["items"]
    assert [(i["ring"], i["version"], i["tier"], i["size"], i["score"]) for i in items] == [
        ("ring-1", 2, "ban", 4, 9.5),
        ("ring-2", 1, "review", 2, 2.5),
    ]
    assert items[1]["kinds"] == {"device": 1}
    table = rings("list", "--tier", "review").stdout
    assert "ring-2" in table
    assert "ring-1" not in table
    assert len(json.loads(rings("list", "--first", "1", "--json").stdout)["items"]) == 1
    other = json.loads(rings("list", "--run", OTHER, "--json").stdout)["items"]
    assert [item["ring"] for item in other] == ["ring-9"]


def test_show_gives_each_member_its_reasons_and_no_token(rings: Verb) -> None:
    top, cited = rings("show", "top", "--json"), rings("show", "ring-1@2", "--json")
    assert top.returncode == 0, top.stderr
    assert top.stdout == cited.stdout
    members = json.loads(top.stdout)["members"]
    assert [member["seller"] for member in members] == ["p:a", "p:b", "p:c", "p:d"]
    assert {reason["kind"] for reason in members[0]["reasons"]} == {"address", "payment_account"}
    account = next(r for r in members[0]["reasons"] if r["kind"] == "payment_account")
    assert (account["members"], account["sellers"], account["counts"]) == (1, 2, True)
    assert account["identifier"].startswith("payment_account-")
    assert ":" not in account["identifier"], "a token has a colon"
    assert account["cut"]
    flat = next(r for r in members[0]["reasons"] if r["kind"] == "address")
    assert flat["weight"] > 0 == flat["ban_weight"], "b only declares it"
    assert "00001234" not in top.stdout
    text = rings("show", "top").stdout
    assert ODD in text
    assert "platform_verified" in text
    assert "0 for a ban" in " ".join(text.split())
    assert "00001234" not in text
    old = json.loads(rings("show", "ring-1@1", "--json").stdout)
    assert old["ring"]["run"] == FIRST
    assert len(old["members"]) == 3


def test_export_is_a_graph_that_others_read_and_always_the_same(rings: Verb) -> None:
    told = rings("export", "ring-1", "--format", "json")
    assert told.returncode == 0, told.stderr
    assert rings("export", "ring-1", "--format", "json").stdout == told.stdout
    graph = nx.node_link_graph(json.loads(told.stdout), edges="links")
    assert {"ring:ring-1@2", "seller:p:a", "seller:p:d"} <= set(graph)
    assert graph.nodes["seller:p:b"]["handle"] == ODD
    assert nx.has_path(graph.subgraph(set(graph) - {"ring:ring-1@2"}), "seller:p:a", "seller:p:d")
    xml = rings("export", "--run", LAST).stdout
    both = nx.read_graphml(io.BytesIO(xml.encode()))
    assert {"ring:ring-1@2", "ring:ring-2@1", "seller:p:e"} <= set(both)
    assert both.nodes["seller:p:b"]["handle"] == ODD
    assert "00001234" not in xml + told.stdout


def test_export_to_a_file(rings: Verb, tmp_path: Path) -> None:
    told = rings("export", "top", "--format", "graphml", "--out", "top.graphml")
    assert (told.returncode, told.stdout) == (0, "")
    assert (tmp_path / "top.graphml").read_text("utf-8") == rings("export", "top").stdout
    refused = rings("export", "top", "--out", str(tmp_path / "no folder" / "x"))
    assert refused.returncode == 3
    assert "no folder" in refused.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("show", "ring-7"), 1, "no ring ring-7"),
        (("show", "ring-1@9"), 1, "no ring ring-1@9"),
        (("show", "ring-1@two"), 2, "id@version"),
        (("show", "' OR 1=1 //"), 1, "no ring"),
        (("list", "--run", "nope"), 1, "no finished detection run nope"),
        (("list", "--run", FAILED), 1, "no finished detection run"),
        (("export",), 2, "name a ring"),
        (("export", "ring-1", "--run", OTHER), 1, "no ring ring-1"),
        (("list", "--first", "0"), 2, "--first"),
    ],
)
def test_what_is_not_there_is_said(
    rings: Verb, words: tuple[str, ...], code: int, said: str
) -> None:
    told = rings(*words)
    assert (told.returncode, told.stdout) == (code, "")
    assert said in " ".join(told.stderr.split())
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("verb", ["list", "show", "export"])
def test_the_example_in_the_help_runs(rings: Verb, verb: str) -> None:
    text = " ".join(rings(verb, "--help").stdout.split())
    example = text.split("Example: graphsvc rings ", 1)[1]
    ran = rings(*example.split())
    assert ran.returncode == 0, ran.stderr
