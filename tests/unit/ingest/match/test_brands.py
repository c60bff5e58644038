"""Brand names in titles: each disguise is found and named, chance is passed over."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.match.brands import LONGEST_TITLE, Brands, Hit

BRANDS = Brands(
    [
        ("Solvantix", ["Solvantix Pro"]),
        ("Norvaine", []),
        ("Brumel's", []),
        ("Tirrandel Home", ["TH Living"]),
        ("Q&V", []),
        ("Marnilo", []),
        ("Linnen", []),
        ("Harbour", []),
        ("Boss", []),
        ("Kestrano Été", []),
        ("Overlay", []),
        ("青木屋", []),
    ]
)
DISGUISED = [
    ("Solvantix bag", "Solvantix", "exact"),
    ("a SOLVANTIX bag", "Solvantix", "exact"),
    ("Sоlvаntix bag", "Solvantix", "homoglyph"),
    ("Ｓｏｌｖａｎｔｉｘ bag", "Solvantix", "homoglyph"),
    ("𝓢𝓸𝓵𝓿𝓪𝓷𝓽𝓲𝔁 bag", "Solvantix", "homoglyph"),
    ("🅝🅞🅡🅥🅐🅘🅝🅔 bag", "Norvaine", "homoglyph"),
    ("Soivantlx bag", "Solvantix", "homoglyph"),
    ("Tirrandel Horne lamp", "Tirrandel Home", "homoglyph"),
    ("S0lv4ntix bag", "Solvantix", "leet"),
    ("$olv@ntix bag", "Solvantix", "leet"),
    ("Norva!ne bag", "Norvaine", "leet"),
    ("Sólvãntix bag", "Solvantix", "accents"),
    ("So\u0301lvantix bag", "Solvantix", "accents"),
    ("Solvan\u030atix bag", "Solvantix", "accents"),
    ("S0l•van•tix bag", "Solvantix", "leet+symbol"),
    ("Har*bour view", "Harbour", "symbol"),
    ("Sol\u200bvan\u2060tix bag", "Solvantix", "zero_width"),
    ("S o l v a n t i x bag", "Solvantix", "spaced"),
    ("Sol vantix bag", "Solvantix", "spaced"),
    ("S.o.l.v.a.n.t.i.x bag", "Solvantix", "dotted"),
    ("Sol-vantix bag", "Solvantix", "hyphen"),
    ("Sol–vantix bag", "Solvantix", "hyphen"),
    ("Sol*vantix bag", "Solvantix", "symbol"),
    ("S_o_l_v_a_n_t_i_x bag", "Solvantix", "symbol"),
    ("S*lvantix bag", "Solvantix", "masked"),
    ("N•rvaine bag", "Norvaine", "masked"),
    ("TirrandelHome lamp", "Tirrandel Home", "joined"),
    ("Solvanitx bag", "Solvantix", "typo"),
    ("Slvantix bag", "Solvantix", "typo"),
    ("Solvanttix bag", "Solvantix", "typo"),
    ("Tirandel Home lamp", "Tirrandel Home", "typo"),
    ("S0l\u200bvantix bag", "Solvantix", "leet+zero_width"),
    ("th living lamp", "Tirrandel Home", "exact"),
    ("q&v top", "Q&V", "exact"),
    ("Brumels jeans", "Brumel's", "exact"),
    ("Brumel’s jeans", "Brumel's", "exact"),
    ("Kestrano Ete", "Kestrano Été", "exact"),
    ("Kestrano Été", "Kestrano Été", "exact"),
    ("新款青木屋衬衫", "青木屋", "exact"),
    ("Norvaine™ bag", "Norvaine", "exact"),
]


@pytest.mark.parametrize(("title", "brand", "disguise"), DISGUISED)
def test_a_disguise_is_seen_through_and_named(title: str, brand: str, disguise: str) -> None:
    assert [(hit.brand, hit.disguise) for hit in BRANDS.find(title)] == [(brand, disguise)]


@pytest.mark.parametrize(
    "title",
    [
        "",
        "plain leather bag",
        "Q V top",  # a short name counts as it is written only
        "qv top",
        "O&V top",
        "bolt 8055",  # a number, though it could be drawn for Boss
        "Norvaineesque bag",  # no word edge
        "xySolvantix",
        "linen shirt",  # a word one letter from a brand
        "over lay",  # two words that make a brand
        "bossy cat",
        "solv antique x",
    ],
)
def test_chance_is_passed_over(title: str) -> None:
    assert BRANDS.find(title) == []


@pytest.mark.parametrize(
    ("title", "contexts"),
    [
        ("Solvantix charger", ["use"]),
        ("charger for Solvantix", ["reference"]),
        ("charger for the new Solvantix 12", ["reference"]),
        ("case compatible with Solvantix 9 Pro, Norvaine", ["reference", "reference"]),
        ("fits Solvantix and Norvaine", ["reference", "reference"]),
        ("Norvaine charger for Solvantix", ["use", "reference"]),
        ("shoes for men Solvantix", ["use"]),
        ("Solvantix style bag", ["reference"]),
        ("Hülle für Solvantix", ["reference"]),
        ("strap for watch. Solvantix bag", ["use"]),
    ],
)
def test_what_a_thing_fits_is_a_reference(title: str, contexts: list[str]) -> None:
    assert [hit.context for hit in BRANDS.find(title)] == contexts


def test_the_span_names_what_was_written() -> None:
    title = "new \u200b Sо\u200blvantix! bag"
    (hit,) = BRANDS.find(title)
    assert title[hit.start : hit.end] == "Sо\u200blvantix"


def test_of_names_that_overlap_the_longest_is_kept() -> None:
    (hit,) = BRANDS.find("Solvantix Pro bag")
    assert (hit.start, hit.end) == (0, 13)


def test_an_ordinary_word_scores_less_than_a_name() -> None:
    (word,), (name,) = BRANDS.find("harbour view print"), BRANDS.find("norvaine view print")
    assert word.score <= 0.5 < name.score == 1.0


def test_brands_that_share_a_name_are_both_hit() -> None:
    shared = Brands([("Velmora Shoes", ["Velmora"]), ("Velmora Bags", ["Velmora"])])
    assert [hit.brand for hit in shared.find("velmora")] == ["Velmora Shoes", "Velmora Bags"]


def test_a_longer_list_asks_for_more() -> None:
    many = Brands([("Zuval", []), *((f"qx{n:04}zk vwq", []) for n in range(1_100))])
    few = Brands([("Zuval", [])])
    assert few.find("zubal")
    assert not many.find("zubal")
    assert many.find("zuvall")


def test_names_without_letters_are_passed() -> None:
    assert Brands([("", []), ("!!!", ["--"])]).find("!!! -- ???") == []


odd = st.text(
    st.sampled_from("Solvantix0@$!|*#?.- \u200b\u0301оіrnvwQ&'’青木屋ß™") | st.characters(),
    max_size=60,
)


@given(odd)
def test_it_never_raises_and_spans_lie_within_the_title(title: str) -> None:
    hits = BRANDS.find(title)
    assert all(0 <= hit.start < hit.end <= len(title) and 0 < hit.score <= 1 for hit in hits)
    assert all(hit.context in ("use", "reference") and hit.disguise for hit in hits)
    assert hits == BRANDS.find(title)


@given(odd, odd)
def test_any_text_may_be_a_brand(name: str, title: str) -> None:
    assert all(isinstance(hit, Hit) for hit in Brands([(name, [title])]).find(f"{title} {name}"))


@pytest.mark.parametrize("unit", ["@", "S ", "a.", "é", "s*", "Solvantix ", "rn", "\u200b", "$o"])
def test_a_long_text_is_read_to_the_limit(unit: str) -> None:
    # Were the time not linear in the length, the test's own limit would end this.
    assert all(hit.end <= LONGEST_TITLE for hit in BRANDS.find((unit * 100_000)[:100_000]))
