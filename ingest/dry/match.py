"""`match`: what looks alike among addresses and pictures, which brands titles name."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from ingest.dry.addresses import write_address_matches
from ingest.dry.images import PAIRS, write_image_pairs
from ingest.dry.telling import Refusals, keep_inputs, say, writing
from ingest.match.brand_list import read_brands, read_titles
from ingest.match.brands import Brands

HITS = ("id", "brand", "score", "start", "end", "disguise", "context")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands."""
    made = commands.add_parser("match", help="addresses and pictures that look alike, brands")
    kinds = made.add_subparsers(required=True, metavar="WHAT")
    _add_addresses(kinds)
    _add_brands(kinds)
    _add_images(kinds)


def _add_addresses(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = kinds.add_parser(
        "addresses",
        help="which addresses are probably one place",
        description="In: id,address[,country]. Out: left,right,score,level,rule; level unit or "
        "premise, every pair from the review band up.",
        epilog="example: python -m ingest match addresses a.csv --out pairs.csv",
    )
    made.add_argument("file", metavar="FILE", help="addresses (CSV)")
    made.add_argument("--out", required=True, type=Path, metavar="FILE", help="pairs (CSV)")
    made.set_defaults(work=addresses)


def _add_brands(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = kinds.add_parser(
        "brands",
        help="which brands titles name, where, and how they were disguised",
        description="Titles: id,title. Brands: brand[,alias], several rows or aliases parted by |. "
        f"Out: {','.join(HITS)}; start and end count characters of the title as it is written.",
        epilog="example: python -m ingest match brands t.csv --brands b.csv --out hits.csv",
    )
    made.add_argument("titles", metavar="TITLES", help="CSV, JSON Lines, Parquet")
    made.add_argument("--brands", required=True, metavar="FILE", help="the brands to look for")
    made.add_argument("--out", required=True, type=Path, metavar="FILE", help="hits (CSV)")
    made.set_defaults(work=brands)


def _add_images(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = kinds.add_parser(
        "images",
        help="which pictures of a folder are copies, or show a part of one another",
        description=f"Out: {','.join(PAIRS)}. Tiers: exact (equal pixels), copy (at most 31 bits "
        "apart in one of eight turns, with or without an even border), partial (crops, banners, "
        "logos, small turns: corners that agree), candidate (32 to 60 bits: for a person to see).",
        epilog="example: python -m ingest match images pictures --out pairs.csv",
    )
    made.add_argument("folder", type=Path, metavar="DIR", help="pictures, also in folders below")
    made.add_argument("--out", required=True, type=Path, metavar="FILE", help="pairs (CSV)")
    made.set_defaults(work=images)


def addresses(asked: argparse.Namespace) -> int:
    """Write the pairs of addresses that are probably one place; print counts."""
    keep_inputs("--out", asked.out, [asked.file])
    say(write_address_matches(Path(asked.file), asked.out))
    return 0


def brands(asked: argparse.Namespace) -> int:
    """Write the hits of each title; print counts."""
    began = time.perf_counter()
    keep_inputs("--out", asked.out, [asked.titles, asked.brands])
    refusals = Refusals()
    known = Brands(read_brands(asked.brands, refusals.add))
    titles = named = hits = 0
    with writing(asked.out, HITS) as write:
        for key, title in read_titles(asked.titles, refusals.add):
            found = known.find(title)
            titles, named, hits = titles + 1, named + bool(found), hits + len(found)
            for hit in found:
                place = (hit.start, hit.end)
                write((key, hit.brand, hit.score, *place, hit.disguise, hit.context))
    seconds = round(time.perf_counter() - began, 3)
    say(
        {"titles": titles, "named": named, "hits": hits, "rejected": refusals.count}
        | {"seconds": seconds, "out": str(asked.out)}
    )
    return 0


def images(asked: argparse.Namespace) -> int:
    """Write the pairs of pictures of a folder; print counts."""
    say(write_image_pairs(asked.folder, asked.out))
    return 0
