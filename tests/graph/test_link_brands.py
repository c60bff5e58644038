"""Brand names on a real graph: titles joined with the brands they name, and only once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.settings import Settings
from ingest.match.brands import MODEL
from tests.graph.driving import PLATFORM, Cli, cypher, kept


@pytest.fixture
def cli(empty_graph: Settings, tmp_path: Path) -> Cli:
    """The command line over an empty graph, beside a list of brands."""
    (tmp_path / "b.csv").write_text("brand,alias\nSolvantix,SVX One\nNorvaine,\n,\n", "utf-8")
    return Cli(empty_graph, tmp_path)


def load(cli: Cli, seen: str, **titles: str) -> None:
    """Load listings with these titles, seen at that date."""
    rows = [f"{key},s-1,{title},{seen}" for key, title in titles.items()]
    text = "\n".join(["listing_id,seller_id,title,seen_at", *rows]) + "\n"
    (cli.folder / "l.csv").write_text(text, "utf-8")
    cli.json("load", "listings", "l.csv", "--platform", PLATFORM)


def names(cli: Cli) -> list[tuple[str, str, str, str, str]]:
    """Return listing, brand, span, disguise and context of each naming."""
    found: list[dict[str, Any]] = cypher(cli.settings, kept("names"))
    assert {row["kept"]["model"] for row in found} <= {MODEL}
    return [
        (
            row["listing"].removeprefix(f"{PLATFORM}:"),
            row["brand"],
            *(row["kept"][mark] for mark in ("span", "disguise", "context")),
        )
        for row in found
    ]


def test_titles_are_joined_with_the_brands_they_name(cli: Cli) -> None:
    load(cli, "2024-01-01", a="S0lvantix bag", b="case for svx one", c="plain bag")
    told = cli.json("link", "brands", "b.csv")
    assert told == {
        "brands": 2,
        "rejected": 1,
        "listings": 3,
        "named": 2,
        "hits": 2,
        "made": 2,
        "gone": 0,
    }
    assert names(cli) == [
        ("a", "Solvantix", "0-9", "leet", "use"),
        ("b", "Solvantix", "9-16", "exact", "reference"),
    ]


def test_a_second_run_makes_what_is_new_and_takes_away_what_is_no_longer_said(cli: Cli) -> None:
    load(cli, "2024-01-01", a="Solvantix bag", b="Norvaine bag")
    assert cli.json("link", "brands", "b.csv")["made"] == 2
    before, digest = names(cli), cli.digest()
    again = cli.json("link", "brands", "b.csv")
    assert (again["hits"], again["made"], again["gone"]) == (2, 0, 0)
    assert (names(cli), cli.digest()) == (before, digest)
    load(cli, "2024-02-01", a="plain bag", c="Norvaine hat")
    later = cli.json("link", "brands", "b.csv")
    assert (later["hits"], later["made"], later["gone"]) == (2, 1, 1)
    assert [name[:2] for name in names(cli)] == [("b", "Norvaine"), ("c", "Norvaine")]


def test_another_list_leaves_the_first_ones_namings_alone(cli: Cli) -> None:
    load(cli, "2024-01-01", a="Solvantix bag", b="Norvaine bag")
    cli.json("link", "brands", "b.csv")
    (cli.folder / "other.csv").write_text("brand\nVelmora\n", "utf-8")
    assert cli.json("link", "brands", "other.csv")["gone"] == 0
    assert len(names(cli)) == 2


def test_namings_are_no_facts_of_the_graph(cli: Cli) -> None:
    load(cli, "2024-01-01", a="Solvantix bag")
    digest = cli.digest()
    assert cli.json("link", "brands", "b.csv")["made"] == 1
    assert cli.digest() == digest


def test_a_list_without_brands_is_refused(cli: Cli) -> None:
    (cli.folder / "none.csv").write_text("name\nVelmora\n", "utf-8")
    done = cli.call("link", "brands", "none.csv")
    assert done.returncode == 3
    assert "missing columns: brand" in done.stderr
