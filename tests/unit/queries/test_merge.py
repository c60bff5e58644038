"""Merge texts are derived: two are kept whole, of all the rest the rules are held."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from queries import merge
from queries.merge import Spec
from queries.schema import EDGES, NODES, EdgeSpec, Keep, NodeSpec
from queries.schema.actors import Platform, Seller
from queries.schema.goods import Image, Listing
from queries.schema.links import Shows, UsesAccount, UsesDevice

DATA = Path(__file__).resolve().parents[2] / "data"
MARKS = {"run", "now", "snapshot"}
TEXTS = (merge.held_text, merge.create_text, merge.merge_text, merge.settle_text)
SPECS: list[Spec] = [spec for spec in (*NODES.values(), *EDGES.values()) if spec.domain]
every_spec = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.row.__name__)
every_text = pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.__name__)


def used(text: str) -> set[str]:
    """Return the parameters that a text reads."""
    return set(re.findall(r"\$([a-z_0-9]+)", text))


@pytest.mark.parametrize(
    ("spec", "name"),
    [(NODES[Image], "image"), (EDGES[UsesAccount], "uses_account")],
    ids=["a node", "an edge"],
)
def test_the_texts_of_a_record_are_these(spec: Spec, name: str) -> None:
    made = "\n".join(f"// {text.__name__}\n{text(spec)}\n" for text in TEXTS)
    assert made == (DATA / f"merge_{name}.cypher").read_text("utf-8")


def test_an_end_that_no_row_brought_is_a_stub() -> None:
    made = merge.create_text(EDGES[Shows])
    assert "MERGE (a:Listing {id: $starts[i]})\nON CREATE SET a.stub = true, a.run = $run" in made
    assert "MERGE (b:Image {sha256: $ends[i]})\nON CREATE SET b.stub = true, b.run = $run" in made
    assert "a.recorded_from = $now, a.platform = split($starts[i], ':')[0]\n" in made
    assert "b.recorded_from = $now\n" in made, "a picture is of no platform"


def test_the_columns_of_a_record_are_its_key_its_values_and_its_trail() -> None:
    assert merge.columns(NODES[Platform]) == ("id", "name", "seen_at", "digest", "source")
    assert merge.columns(EDGES[UsesDevice]) == (
        *("key", "start", "end", "role", "source_system", "asserted_by"),
        *("first_seen", "last_seen", "source"),
    )


@every_spec
@every_text
def test_a_text_reads_the_columns_of_its_record_and_nothing_else(
    spec: Spec, text: Callable[[Spec], str]
) -> None:
    ends = set() if isinstance(spec, NodeSpec) else {"starts", "ends"}
    own = {"key"} if text is merge.held_text else {*merge.columns(spec), *MARKS, *ends}
    if text is not merge.settle_text or merge.named(spec, Keep.WINNER):
        assert used(text(spec)) <= own


@every_spec
def test_a_new_record_is_made_with_every_column(spec: Spec) -> None:
    ends = set() if isinstance(spec, NodeSpec) else {"starts", "ends"}
    assert used(merge.create_text(spec)) == {*merge.columns(spec), *ends, "run", "now"}


@every_spec
def test_every_value_that_can_change_is_written_when_it_does(spec: Spec) -> None:
    text = merge.merge_text(spec)
    variable = "n" if isinstance(spec, NodeSpec) else "r"
    for name in merge.named(spec, Keep.LEAST, Keep.GREATEST):
        assert f"SET {variable}.{name} = ${name}[i])" in text
    for name in merge.named(spec, Keep.WINNER):
        assert text.count(f"{variable}.{name} = ${name}[i]") == 2, "new and newer"
    opened = () if isinstance(spec, NodeSpec) else ("valid_to", "closed_by")
    for name in merge.named(spec, Keep.BOOKED):
        assert text.count(f"{variable}.{name} =") == (name in opened)


@every_spec
def test_only_what_rows_can_contradict_has_ties(spec: Spec) -> None:
    tied = "'tie'" in merge.merge_text(spec)
    assert tied == bool(merge.named(spec, Keep.WINNER))


@every_spec
def test_no_text_holds_a_value(spec: Spec) -> None:
    """Labels and keys come from declarations; all that comes from rows is a parameter."""
    names = {"", ":", "new", "newer", "same", "older", "tie"}
    for text in TEXTS:
        assert set(re.findall("'([^']*)'", text(spec))) <= names


def test_an_edge_is_found_by_its_key_and_made_between_its_ends() -> None:
    assert "MATCH ()-[r:SHOWS {key: $key[i]}]->()" in merge.merge_text(EDGES[Shows])
    made = merge.create_text(EDGES[Shows])
    assert "UNWIND range(0, size($starts) - 1) AS i\nMERGE (a:Listing {id: $starts[i]})" in made
    assert "UNWIND range(0, size($ends) - 1) AS i\nMERGE (b:Image {sha256: $ends[i]})" in made
    assert "WITH i, starts[$start[i]] AS a, ends[$end[i]] AS b" in made
    assert "CREATE (a)-[:SHOWS {" in made


def test_the_canonical_rows_leave_out_who_wrote_them() -> None:
    texts = merge.canonical_texts()
    assert set(texts) == {s.label if isinstance(s, NodeSpec) else s.name for s in SPECS}
    assert texts["Image"] == (
        "MATCH (n:Image) WHERE n.sha256 IS NOT NULL RETURN ['Image', n.sha256, n.pdq, "
        "n.pdq_trimmed, n.pixels_sha256, n.quality, n.width, n.height, n.media_type, n.stub] "
        "AS row ORDER BY n.sha256"
    )
    for text in texts.values():
        assert not re.search(r"\.(source|run|recorded_from|recorded_to|digest|seen_at)\b", text)


def test_relations_of_one_type_are_told_apart_by_their_ends() -> None:
    about = [spec for spec in EDGES.values() if spec.relation == "ABOUT"]
    assert {spec.end for spec in about} == {Seller, Listing}
    texts = merge.canonical_texts()
    assert "(b:Seller)" in texts["Report-ABOUT->Seller"]
    assert "(b:Listing)" in texts["Report-ABOUT->Listing"]
    assert all(isinstance(spec, EdgeSpec) for spec in about)
