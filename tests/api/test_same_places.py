"""What is probably one place with an address, over real HTTP."""

from __future__ import annotations

import json

from tests.api.conftest import TOKEN_KEY, Api, in_process
from tests.graph.driving import write_csv

OF_SELLER = """{ seller(platform: "p", sellerId: "near-1") { identifiers { edges { node {
  id } } } } }"""
ASKED = """query ($i: ID!) { address(id: $i) { display samePlaces(first: 1) {
  edges { node { level score band rule features model address { display sellers } } }
  pageInfo { hasNextPage } } } }"""
HOME = "12 Marwick Street, Kestleford, MK40 1LR"


def test_an_address_names_what_is_probably_one_place_with_it(api: Api) -> None:
    cli = in_process(api.settings)
    texts = (HOME, HOME.replace("Marwick", "Marwikc"), f"Flat 7, {HOME}")
    rows = [{"seller_id": f"near-{n}", "address": text} for n, text in enumerate(texts, start=1)]
    path = write_csv(cli.folder / "near.csv", rows)
    cli.json("load", "addresses", path, "--platform", "p", GRAPHSVC_TOKEN_KEY=TOKEN_KEY)
    assert cli.json("link", "addresses")["made"] == 3
    [edge] = api.ask(OF_SELLER)["seller"]["identifiers"]["edges"]
    page = api.ask(ASKED, i=edge["node"]["id"])["address"]["samePlaces"]
    [node] = [each["node"] for each in page["edges"]]
    assert page["pageInfo"]["hasNextPage"] is True
    assert (node["level"], node["band"], node["rule"]) in {
        ("unit", "confirmed", "postcode_number"),
        ("premise", "confirmed", "postcode_number"),
    }
    assert node["score"] >= 0.9
    assert json.loads(node["features"])["postcode_equal"] == 1
    assert node["address"]["sellers"] == 1
    assert node["address"]["display"] in texts[1:]
