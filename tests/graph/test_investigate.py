"""Every question of an investigation, put to a small market on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import pytest

from graphsvc.errors import BadRequest, DatabaseSlow, KeyRefused, NotFound
from graphsvc.investigate import rings, runs, seller, things
from graphsvc.investigate.expand import neighbourhood
from graphsvc.investigate.kinds import IdentifierKind, Ref
from graphsvc.investigate.page import Page
from graphsvc.investigate.paths import paths
from graphsvc.investigate.rings import RingFilter, RingSort
from graphsvc.investigate.search import search as search_under
from graphsvc.investigate.search import suggestions
from graphsvc.store import local
from graphsvc.store.driver import connect
from graphsvc.store.reader import Reader
from ingest.fold.token import Tokeniser
from queries.neighbourhood import HANDLES, NamedRow, StepRow
from tests.graph.small_world import CROWD, FAILED, FIRST, LAST, ODD, OTHER, SHA, build

search = partial(search_under, tokens=lambda: Tokeniser(bytes.fromhex("c" * 64)))
T = TypeVar("T")
Ask = Callable[[Callable[[Reader], Awaitable[Any]]], Any]
NASTY = [
    "",
    " ",
    '"',
    "AND",
    "NOT OR AND",
    "*",
    "?*",
    "a*/b",
    "((([[[{{{",
    "x:y^2~3 && || ! + -",
    "\\",
    "\\u0041 \\",
    "'}) MATCH (n) DETACH DELETE n //",
    "\ud800 lone",
    "\x00\x1b[2J",
    "z" * 10_000,
    "z " * 5_000,
    "مرحبا 中文 ÄÖ",
]


@pytest.fixture(scope="module")
def server(neo4j_server: local.Server, tmp_path_factory: pytest.TempPathFactory) -> local.Server:
    """The session's server with the small market in it."""
    build(neo4j_server, tmp_path_factory.mktemp("small world"))
    return neo4j_server


@pytest.fixture
def ask(server: local.Server) -> Iterator[Ask]:
    """Put one question to the market."""
    with asyncio.Runner() as runner:

        def put(question: Callable[[Reader], Awaitable[T]]) -> T:
            async def whole() -> T:
                async with connect(server) as driver:
                    return await question(Reader(driver))

            return runner.run(whole())

        yield put


def walk(ask: Ask, question: Callable[[Reader, str], Awaitable[Page[Any]]]) -> list[Any]:
    """Follow the cursors to the end."""
    found: list[Any] = []
    after = ""
    for _ in range(100):
        part = ask(lambda reader, after=after: question(reader, after))
        found += part.items
        assert len(part.items) == len(part.cursors)
        if not part.more:
            return found
        after = part.cursors[-1]
    raise AssertionError("the pages never end")


def ref_of(ask: Ask, name: str, kind: str) -> Ref:
    used = ask(lambda r: seller.identifiers_of(r, [name], kinds=[kind]))[name].items
    return Ref(kind, used[0].id)


def test_sellers_by_id_leave_out_who_is_not_there(ask: Ask) -> None:
    found = ask(lambda r: seller.sellers_by_ids(r, ["p:b", "p:nobody", "'}) //", "p:a"]))
    assert sorted(found) == ["p:a", "p:b"]
    assert (found["p:b"].handle, found["p:a"].risk, found["p:a"].stub) == (ODD, 0.9, False)
    assert ask(lambda r: seller.sellers_by_ids(r, [])) == {}


@pytest.mark.parametrize("first", [1, 7, 1000])
def test_a_walk_over_sellers_meets_each_once(ask: Ask, first: int) -> None:
    met = walk(ask, lambda r, after: seller.sellers(r, platform="p", first=first, after=after))
    assert [row.id for row in met] == sorted(f"p:{name}" for name in [*"abcdefghi", *CROWD])
    assert ask(lambda r: seller.sellers(r, platform="q")) == Page()


def test_identifiers_of_sellers(ask: Ask) -> None:
    found = ask(lambda r: seller.identifiers_of(r, ["p:a", "p:i", "p:nobody", "p:a"]))
    assert [(u.kind, u.degree) for u in found["p:a"].items] == [
        ("address", 2),
        ("device", 25),
        ("email", 1),
        ("payment_account", 2),
    ]
    assert found["p:i"] == found["p:nobody"] == Page()
    address = found["p:a"].items[0]
    assert address.level == "unit"
    assert "Main St" in address.shown.title()
    assert sorted((c.role, c.asserted_by) for c in address.claims) == [
        ("business", "platform_verified"),
        ("return", "observed"),
    ]
    assert {c.written for c in address.claims} == {
        "Flat 4, 12 MAIN STREET, Leeds LS1 4AP",
        "Flat 4, 12 Main Street, Leeds LS1 4AP",
    }


def test_a_walk_over_identifiers_and_kinds(ask: Ask) -> None:
    async def part(reader: Reader, after: str) -> Page[seller.Used]:
        return (await seller.identifiers_of(reader, ["p:a"], first=1, after=after))["p:a"]

    kinds = [used.kind for used in walk(ask, part)]
    assert kinds == ["address", "device", "email", "payment_account"]
    only = ask(lambda r: seller.identifiers_of(r, ["p:a"], kinds=["email", "phone"]))["p:a"]
    assert [used.kind for used in only.items] == ["email"]
    with pytest.raises(BadRequest, match="no kind"):
        ask(lambda r: seller.identifiers_of(r, ["p:a"], kinds=["passport"]))


def test_a_closed_claim_is_not_shown(ask: Ask) -> None:
    email = ref_of(ask, "p:a", "email")
    assert ask(lambda r: seller.identifiers_of(r, ["p:h"]))["p:h"] == Page()
    users = ask(lambda r: things.users_of(r, [email]))[email]
    assert [user.seller.id for user in users.items] == ["p:a"]
    assert ask(lambda r: things.emails(r, [email.id]))[email.id].degree == 1
    shown = ask(lambda r: things.listings_showing(r, [SHA["stock"]]))[SHA["stock"]]
    assert [row.id for row in shown.items] == ["p:l-a1"]
    assert ask(lambda r: things.images(r, [SHA["stock"]]))[SHA["stock"]].sellers == 1


def test_users_of_identifiers_by_pages(ask: Ask) -> None:
    hub, phone = ref_of(ask, "p:a", "device"), ref_of(ask, "p:b", "phone")
    nothing = Ref("phone", "no such token")

    async def part(reader: Reader, after: str) -> Page[things.User]:
        return (await things.users_of(reader, [hub], first=4, after=after))[hub]

    met = [user.seller.id for user in walk(ask, part)]
    assert met == sorted(f"p:{name}" for name in ["a", "g", *CROWD])
    both = ask(lambda r: things.users_of(r, [phone, nothing, hub], first=2))
    assert [user.seller.id for user in both[phone].items] == ["p:b", "p:c"]
    assert both[phone].items[0].claims[0].first_seen.startswith("2024-01-08")
    assert (both[nothing], both[hub].more) == (Page(), True)


def test_things_by_id(ask: Ask) -> None:
    assert ask(lambda r: things.listings(r, ["p:l-c", "x"]))["p:l-c"].price == 3000
    assert ask(lambda r: things.reports(r, ["p:r-1"]))["p:r-1"].verdict == "confirmed_fake"
    for kind, name, look in (
        ("address", "p:a", things.addresses),
        ("payment_account", "p:a", things.payment_accounts),
        ("phone", "p:b", things.phones),
        ("device", "p:e", things.devices),
    ):
        ref = ref_of(ask, name, kind)
        found = ask(lambda r, look=look, ref=ref: look(r, [ref.id, "none"]))
        assert list(found) == [ref.id]
        assert found[ref.id].degree == 2


def test_listings_pictures_and_reports(ask: Ask) -> None:
    async def part(reader: Reader, after: str) -> Page[Any]:
        return (await things.listings_of(reader, ["p:a"], first=2, after=after))["p:a"]

    assert [row.id for row in walk(ask, part)] == ["p:l-a1", "p:l-a2", "p:l-a3"]
    images = ask(lambda r: things.images_of(r, ["p:l-a1", "p:l-d2", "x"]))
    assert [(i.sha256, i.position) for i in images["p:l-a1"].items] == [
        (SHA["stock"], 1),
        (SHA["a"], 0),
    ]
    assert images["p:l-d2"] == images["x"] == Page()
    copies = ask(lambda r: things.near_copies_of(r, [SHA["d"], SHA["a"]]))
    assert [(c.sha256, c.distance) for c in copies[SHA["d"]].items] == [(SHA["c"], 8)]
    assert copies[SHA["a"]] == Page()
    reports = ask(lambda r: things.reports_about(r, ["p:a", "p:c", "p:i"]))
    assert [row.id for row in reports["p:a"].items] == ["p:r-1"], "r-3 is closed"
    assert [(row.id, row.listing) for row in reports["p:c"].items] == [("p:r-2", "p:l-c")]
    assert reports["p:i"] == Page()


@pytest.mark.parametrize("first", [0, -1, 1001])
def test_an_impossible_page_is_refused(ask: Ask, first: int) -> None:
    with pytest.raises(BadRequest, match="first must be"):
        ask(lambda r: things.listings_of(r, ["p:a"], first=first))


def test_search_finds_names_titles_and_the_exact_id_first(ask: Ask) -> None:
    hits = ask(lambda r: search(r, "amber")).items
    assert {(hit.kind, hit.id) for hit in hits} == {
        ("seller", "p:a"),
        ("listing", "p:l-a1"),
        ("listing", "p:l-a2"),
    }
    assert [h.id for h in ask(lambda r: search(r, "amb rin")).items] == ["p:l-a2"]
    assert [h.id for h in ask(lambda r: search(r, "tolva", kinds=["seller"])).items] == ["p:a"]
    assert ask(lambda r: search(r, "p:c")).items[0].id == "p:c"
    assert "p:b" in [h.id for h in ask(lambda r: search(r, ODD)).items], "every letter is a letter"
    with pytest.raises(BadRequest):
        ask(lambda r: search(r, "amber", kinds=["picture"]))


def test_a_term_under_another_key_is_refused(ask: Ask) -> None:
    other = Tokeniser(b"o" * 32)
    with pytest.raises(KeyRefused):
        ask(lambda r: search_under(r, "phone:+44 20 7946 0018", tokens=lambda: other))


def test_names_near_what_is_typed_are_suggested(ask: Ask) -> None:
    def near(text: str) -> list[str]:
        return [hit.id for hit in ask(lambda r: suggestions(r, text, first=3))]

    assert near("amber la") == ["p:a"], "as one types"
    assert near("ambre lame") == ["p:a"], "mistyped"
    assert near("seller:cobolt cornr") == ["p:c"]
    assert near("listing:neklace") == ["p:l-a1"]
    assert near("phone:+44 20 7946 0018") == near("email:shop") == near("") == []
    assert len(near("shop")) == 3


@pytest.mark.parametrize("first", [1, 2, 50])
def test_a_walk_over_hits_meets_each_once(ask: Ask, first: int) -> None:
    met = walk(ask, lambda r, after: search(r, "shop", first=first, after=after))
    assert len(met) == len({hit.id for hit in met}) == len([*"efghi", *CROWD])
    again = walk(ask, lambda r, after: search(r, "shop", first=1000, after=after))
    assert met == again


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_search_is_safe_for_any_text(ask: Ask, text: str) -> None:
    before = ask(lambda r: seller.sellers(r, first=1000))
    found = ask(lambda r: search(r, text))
    assert {hit.kind for hit in found.items} <= {"seller", "listing"}
    assert ask(lambda r: seller.sellers(r, first=1000)) == before


@pytest.mark.parametrize("cursor", ["x", "1.0", "one seller p:a", "1.0 ring p:a"])
def test_a_foreign_cursor_is_refused(ask: Ask, cursor: str) -> None:
    with pytest.raises(BadRequest, match="cursor"):
        ask(lambda r: search(r, "amber", after=cursor))


def test_detection_runs_newest_first(ask: Ask) -> None:
    met = walk(ask, lambda r, after: runs.detection_runs(r, first=3, after=after))
    assert [run.id for run in met] == [FAILED, OTHER, LAST, FIRST]
    assert ask(lambda r: runs.detection_run(r, "nope")) is None
    assert ask(lambda r: runs.shown_run(r)).id == LAST
    for run in (FAILED, "nope"):
        with pytest.raises(NotFound):
            ask(lambda r, run=run: runs.shown_run(r, run))


def test_rings_are_those_of_the_last_evidence_run(ask: Ask) -> None:
    found = ask(lambda r: rings.list_rings(r)).items
    assert [(ring.id, ring.version, ring.size) for ring in found] == [
        ("ring-1", 2, 4),
        ("ring-2", 1, 2),
    ]
    assert [x.id for x in ask(lambda r: rings.list_rings(r, run=OTHER)).items] == ["ring-9"]
    assert [x.version for x in ask(lambda r: rings.list_rings(r, run=FIRST)).items] == [1]
    review = RingFilter(tier="review")
    assert [x.id for x in ask(lambda r: rings.list_rings(r, wanted=review)).items] == ["ring-2"]
    large = RingFilter(min_size=3, status="open")
    assert [x.id for x in ask(lambda r: rings.list_rings(r, wanted=large)).items] == ["ring-1"]
    closed = RingFilter(status="dismissed")
    assert ask(lambda r: rings.list_rings(r, wanted=closed)) == Page()


@pytest.mark.parametrize("sort", list(RingSort))
def test_a_walk_over_rings_meets_each_once(ask: Ask, sort: RingSort) -> None:
    met = walk(ask, lambda r, after: rings.list_rings(r, sort=sort, first=1, after=after))
    assert [ring.id for ring in met] == ["ring-1", "ring-2"]


def test_why_a_member_is_in_its_ring(ask: Ask) -> None:
    shown = ask(lambda r: rings.show_ring(r, "ring-1"))
    why = {
        each.member.seller: [(x.kind, x.members, x.sellers) for x in each.reasons]
        for each in shown.members
    }
    assert list(why) == ["p:a", "p:b", "p:c", "p:d"], "the surest first"
    assert sorted(why["p:a"]) == [("address", 1, 2), ("payment_account", 1, 2)]
    assert sorted(why["p:b"]) == [("address", 1, 2), ("payment_account", 1, 2), ("phone", 1, 2)]
    assert sorted(why["p:c"]) == [("image", 1, 2), ("phone", 1, 2)]
    assert why["p:d"] == [("image", 1, 2)], "a copy of a picture is that picture"
    address = next(x for x in shown.members[1].reasons if x.kind == "address")
    assert (address.own_word, address.counts, address.weight > 0) == (True, True, True)
    assert address.first_seen.startswith("2024-03-05")
    assert [reason.weight for reason in shown.members[1].reasons] == sorted(
        (reason.weight for reason in shown.members[1].reasons), reverse=True
    )


def test_a_ring_by_version_and_run(ask: Ask) -> None:
    first = ask(lambda r: rings.show_ring(r, "ring-1", 1))
    assert [each.member.seller for each in first.members] == ["p:a", "p:b", "p:c"]
    assert [x.kind for x in first.members[2].reasons] == ["phone"], "d is not in this version"
    assert ask(lambda r: rings.show_ring(r, "ring-1", run=FIRST)).ring.version == 1
    assert ask(lambda r: rings.ring_of(r, "ring-1")).run == LAST
    for name, version in (("ring-1", 3), ("nope", None), ("' OR 1=1", None)):
        with pytest.raises(NotFound):
            ask(lambda r, n=name, v=version: rings.show_ring(r, n, v))


def test_rings_of_sellers_members_and_kinds(ask: Ask) -> None:
    found = ask(lambda r: rings.rings_of(r, ["p:a", "p:i", "p:nobody"]))
    assert [(row.ring, row.version, row.ring_tier) for row in found["p:a"]] == [
        ("ring-1", 2, "ban")
    ]
    assert found["p:i"] == found["p:nobody"] == ()
    other = ask(lambda r: rings.rings_of(r, ["p:a"], run=OTHER))
    assert [row.ring for row in other["p:a"]] == ["ring-9"]

    async def part(reader: Reader, after: str) -> Page[Any]:
        pages = await rings.members_of(reader, [("ring-1", 2)], first=3, after=after)
        return pages["ring-1", 2]

    assert [row.seller for row in walk(ask, part)] == ["p:a", "p:b", "p:c", "p:d"]
    keys = [("ring-1", 1), ("ring-1", 2), ("ring-2", 1), ("ring-1", 7)]
    kinds = ask(lambda r: rings.kinds_of(r, keys))
    assert dict(kinds["ring-1", 1]) == {"address": 1, "payment_account": 1, "phone": 1}
    assert dict(kinds["ring-1", 2])["image"] == 1, "a picture and its copy are one"
    assert (kinds["ring-2", 1], kinds["ring-1", 7]) == ((("device", 1),), ())


def test_a_neighbourhood_grows_by_hops(ask: Ask) -> None:
    seen = {}
    for hops in (1, 2, 3):
        around = ask(lambda r, h=hops: neighbourhood(r, Ref("seller", "p:a"), hops=h))
        seen[hops] = {node.ref.id for node in around.nodes if node.ref.kind == "seller"}
        assert not around.truncated
    assert seen == {1: {"p:a", "p:b"}, 2: {"p:a", "p:b", "p:c"}, 3: {"p:a", "p:b", "p:c", "p:d"}}


def test_a_hub_is_shown_and_never_crossed(ask: Ask) -> None:
    around = ask(lambda r: neighbourhood(r, Ref("seller", "p:a"), hops=3, first=500))
    hubs = [node for node in around.nodes if node.hub]
    assert [(node.ref.kind, node.degree, node.distance) for node in hubs] == [("device", 25, 1)]
    assert "p:g" not in {node.ref.id for node in around.nodes}
    alone = ask(lambda r: neighbourhood(r, hubs[0].ref, hops=2))
    assert [(node.ref, node.hub) for node in alone.nodes] == [(hubs[0].ref, True)]


def test_a_neighbourhood_from_an_identifier_with_bounds(ask: Ask) -> None:
    phone = ref_of(ask, "p:b", "phone")
    around = ask(lambda r: neighbourhood(r, phone, hops=1, kinds=["phone"]))
    assert [(node.ref.id, node.distance) for node in around.nodes] == [
        (phone.id, 0),
        ("p:b", 1),
        ("p:c", 1),
    ]
    assert {(tie.seller, tie.identifier) for tie in around.edges} == {
        ("p:b", phone),
        ("p:c", phone),
    }
    picture = ask(lambda r: neighbourhood(r, Ref("image", SHA["d"]), hops=1, kinds=["image"]))
    assert {n.ref.id for n in picture.nodes if n.ref.kind == "seller"} == {"p:c", "p:d"}
    cut = ask(lambda r: neighbourhood(r, Ref("seller", "p:a"), hops=3, first=3))
    assert (len(cut.nodes), cut.truncated) == (3, True)
    ends = {node.ref for node in cut.nodes}
    assert all({tie.identifier, Ref("seller", tie.seller)} <= ends for tie in cut.edges)
    lonely = ask(lambda r: neighbourhood(r, Ref("seller", "p:i")))
    assert (len(lonely.nodes), lonely.edges) == (1, ())


@pytest.mark.parametrize("kind", ["seller", *IdentifierKind])
def test_a_neighbourhood_of_nothing_is_not_found(ask: Ask, kind: str) -> None:
    with pytest.raises(NotFound):
        ask(lambda r: neighbourhood(r, Ref(kind, "'}) //")))


def test_a_neighbourhood_refuses_what_it_cannot_do(ask: Ask) -> None:
    start = Ref("seller", "p:a")
    for wrong in ({"hops": 0}, {"hops": 4}, {"first": 501}, {"kinds": ["x"]}):
        with pytest.raises(BadRequest):
            ask(lambda r, wrong=wrong: neighbourhood(r, start, **wrong))
    with pytest.raises(BadRequest):
        ask(lambda r: neighbourhood(r, Ref("ring", "ring-1")))


def test_paths_name_every_fact(ask: Ask) -> None:
    found = ask(lambda r: paths(r, "p:a", "p:d", k=5))
    chains = [[h.left.identifier.kind for h in chain.hops] for chain in found.chains]
    assert sorted(chains) == [["address", "phone", "image"], ["payment_account", "phone", "image"]]
    hops = found.chains[0].hops
    assert [hops[0].left.seller, *(hop.right.seller for hop in hops)] == [
        "p:a",
        "p:b",
        "p:c",
        "p:d",
    ]
    assert all(hop.left.sources and hop.right.first_seen for hop in hops)
    back = ask(lambda r: paths(r, "p:d", "p:a", k=1))
    assert [hop.left.seller for hop in back.chains[0].hops] == ["p:d", "p:c", "p:b"]
    assert "3 shared" in found.answer


def test_the_best_chain_is_the_one_that_says_most_not_the_shortest(ask: Ask) -> None:
    found = ask(lambda r: paths(r, "p:a", "p:d", k=5))
    best, other = found.chains
    assert [hop.left.identifier.kind for hop in best.hops] == ["payment_account", "phone", "image"]
    assert [hop.weight for hop in best.hops] == [0.95, 0.75, 0.3]
    assert best.evidence == pytest.approx(0.95 * 0.75 * 0.3)
    assert best.evidence > other.evidence
    assert (found.hubs, found.answer) == (1, "linked over 3 shared identifiers; 1 hub not crossed")


class Ladder(Reader):
    """Three weak phones lead from 0 to 9 in one hop each way, strong accounts in three."""

    def __init__(self) -> None:
        self.uses = {("0", "Phone", 19): 1, ("9", "Phone", 19): 1}
        for a, b in (("0", "1"), ("1", "2"), ("2", "9")):
            self.uses |= {(a, f"PaymentAccount{a}", 2): 1, (b, f"PaymentAccount{a}", 2): 1}

    async def stream(self, query: Any, **parameters: Any) -> AsyncIterator[Any]:
        if query is HANDLES:
            for name in parameters["ids"]:
                yield NamedRow(name, None)
            return
        sellers = parameters.get("sellers")
        ids = [key["id"] for key in parameters.get("keys", [])]
        for name, thing, degree in self.uses if sellers or ids else ():
            if name in (sellers or [name]) and (sellers or thing in ids):
                label = thing.rstrip("0123456789")
                yield StepRow(name, label, thing, None, None, degree, None, None, [], [])


def test_a_longer_chain_of_strong_ties_comes_before_a_short_weak_one() -> None:
    found = asyncio.run(paths(Ladder(), "0", "9", k=2, kinds=["phone", "payment_account"]))
    assert [len(chain.hops) for chain in found.chains] == [3, 1]
    assert found.chains[0].evidence == pytest.approx(0.95**3)


def test_a_search_that_takes_too_long_is_a_typed_error(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graphsvc.investigate.paths.SECONDS", -1.0)
    with pytest.raises(DatabaseSlow):
        ask(lambda r: paths(r, "p:a", "p:d"))


def test_no_path_is_said_plainly_and_a_hub_is_none(ask: Ask) -> None:
    for end in ("p:g", "p:h", "p:i", "p:e"):
        found = ask(lambda r, end=end: paths(r, "p:a", end))
        assert (found.chains, found.complete) == ((), True)
        assert found.answer.startswith("no path")
    only = ask(lambda r: paths(r, "p:a", "p:d", kinds=["address", "phone"]))
    assert only.chains == ()


def test_paths_refuse_what_cannot_be(ask: Ask) -> None:
    for start, end in (("p:a", "nope"), ("nope", "p:a")):
        with pytest.raises(NotFound):
            ask(lambda r, s=start, e=end: paths(r, s, e))
    for wrong in ({"k": 0}, {"k": 6}, {"kinds": ["x"]}):
        with pytest.raises(BadRequest):
            ask(lambda r, wrong=wrong: paths(r, "p:a", "p:d", **wrong))
    with pytest.raises(BadRequest):
        ask(lambda r: paths(r, "p:a", "p:a"))
