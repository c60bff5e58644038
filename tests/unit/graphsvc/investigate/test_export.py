"""An exported ring is the same text for the same finding, readable, and without a token."""

from __future__ import annotations

import html
import io
import json
from dataclasses import replace

import networkx as nx
import pytest

from graphsvc.investigate.export import Format, written
from graphsvc.investigate.rings import MemberView, RingView
from graphsvc.investigate.why import Shared, Why
from queries.rings.views import MemberRow, RingRow

TOKEN = "0badc0de:" + "7" * 64
RING = RingRow(
    "r-1", 2, "evidence", "run-1", "ban", "open", 2, 4.5, 3.5, 1.0, "new", [], "2024", "2023"
)
PHONE = Shared(
    "phone", TOKEN, "+44…18", None, 1, 2, "2024-01-01", None, ("f:1",), ("observed",), False, 0.7,
    0.7, True, True, (),
)  # fmt: skip


def view(handle: str | None = "Shop") -> RingView:
    row = MemberRow("r-1", 2, "p:a", "p", handle, "GB", "active", "ban", 3.0, 1)
    members = [
        MemberView(replace(row, seller=name), Why((PHONE,), exact=True)) for name in ("p:a", "p:b")
    ]
    return RingView(RING, tuple(members))


@pytest.mark.parametrize("form", list(Format))
def test_the_text_depends_on_the_finding_only(form: Format) -> None:
    one = view()
    turned = RingView(one.ring, tuple(reversed(one.members)))
    other = replace(one, ring=replace(RING, id="r-0"))
    assert written([one], form) == written([turned], form)
    assert written([one, other], form) == written([other, one], form)
    assert TOKEN not in written([one], form)
    assert "7777" not in written([one], form)
    assert "+44…18" in html.unescape(written([one], form))


@pytest.mark.parametrize("handle", [None, "", "\x00\x1b\ufffe<&>\"'", "ÄÖ 中文 \U0001f600", "]]>"])
def test_any_handle_can_be_written_and_read(handle: str | None) -> None:
    xml = nx.read_graphml(io.BytesIO(written([view(handle)], Format.GRAPHML).encode()))
    told = json.loads(written([view(handle)], Format.JSON))
    back = nx.node_link_graph(told, edges="links")
    names = {"ring:r-1@2", "seller:p:a", "seller:p:b"}
    assert names < set(xml) == set(back)
    assert len(xml) == 4
    assert (xml.number_of_edges(), back.number_of_edges()) == (4, 4)
    assert back.nodes["seller:p:a"].get("handle") == (
        handle
        and handle.replace("\x00", "\ufffd").replace("\x1b", "\ufffd").replace("\ufffe", "\ufffd")
    )


@pytest.mark.parametrize("form", list(Format))
def test_two_rings_that_share_a_seller_keep_both_reasons(form: Format) -> None:
    rings = [view(), replace(view(), ring=replace(RING, id="r-2"))]
    text = written(rings, form)
    if form is Format.JSON:
        graph = nx.node_link_graph(json.loads(text), edges="links")
    else:
        graph = nx.read_graphml(io.BytesIO(text.encode()), force_multigraph=True)
    assert graph.number_of_edges() == 8


def test_nothing_is_an_empty_graph() -> None:
    assert json.loads(written([], Format.JSON))["nodes"] == []
    assert len(nx.parse_graphml(written([], Format.GRAPHML))) == 0
