"""`match`: what looks alike among addresses and pictures, which brands titles name."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ingest.dry.addresses import write_address_matches
from ingest.dry.telling import Refusals, keep_inputs, say, writing
from ingest.errors import RowIssue, SourceEmpty, SourceMissing, ValueRefused
from ingest.match.brand_list import read_brands, read_titles
from ingest.match.brands import Brands
from ingest.match.images import LARGEST_FILE, PictureHash, hash_picture
from ingest.match.pairs import CANDIDATE, COPY, EXACT, paired

PAIRS = ("left", "right", "distance", "transform", "tier")
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
        help="which pictures of a folder are copies",
        description=f"Out: {','.join(PAIRS)}. Tiers: exact (equal pixels), copy (at most 31 bits "
        "apart in one of eight turns), candidate (32 to 60). The tier partial, for crops and "
        "overlays, is not built: such pairs are not found.",
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
    began = time.perf_counter()
    refusals = Refusals()
    names: list[str] = []
    hashes: list[PictureHash] = []
    for name, found in _pictures(asked.folder, refusals):
        names.append(name)
        hashes.append(found)
    pairs = paired(hashes)
    with writing(asked.out, PAIRS) as write:
        for pair in pairs:
            ends = (names[pair.left], names[pair.right])
            write((*ends, pair.distance, pair.transform, pair.tier))
    counts = Counter(pair.tier for pair in pairs)
    seconds = round(time.perf_counter() - began, 3)
    say(
        {"pictures": len(names), "rejected": refusals.count}
        | {tier: counts[tier] for tier in (EXACT, COPY, CANDIDATE)}
        | {"seconds": seconds, "out": str(asked.out)}
    )
    return 0


def _pictures(folder: Path, refusals: Refusals) -> Iterator[tuple[str, PictureHash]]:
    """Yield the path below the folder and the hashes of each picture; others are refused."""
    if not folder.is_dir():
        raise SourceMissing(str(folder), "no such folder", "name a folder of pictures")
    files = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )
    if not files:
        raise SourceEmpty(str(folder), "the folder holds no files", "name a folder of pictures")
    for name in files:
        try:
            with (folder / name).open("rb") as file:
                yield name, hash_picture(file.read(LARGEST_FILE + 1))
        except ValueRefused as refused:
            refusals.add(RowIssue(f"{folder}/{name}", 0, "", refused.reason, refused.remedy, {}))
        except OSError as error:
            reason = error.strerror or "unreadable"
            refusals.add(RowIssue(f"{folder}/{name}", 0, "", reason, "check its permissions", {}))
