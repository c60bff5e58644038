"""Pictures: what is found of each edit, what is found where nothing is, how fast, against faiss.

The photographs are real ones from beside the repository; the edits are our own generator's.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from random import Random
from statistics import median

import faiss
import numpy as np
from PIL import Image

from benchmarks.ground import Ground, table
from benchmarks.picture_edits import BEYOND, EDITS, saved
from benchmarks.real import DATA
from ingest.ahead import ahead, cores
from ingest.match.images import PictureHash, decode, hashes_of
from ingest.match.keypoints import Keypoints, keypoints
from ingest.match.pairs import CANDIDATE, PARTIAL, Pair, paired
from ingest.match.pdq import RADIUS, Hashes, near

SAMPLE, HASHES, PLANTED, ROUNDS = 100, 100_000, 2_000, 3
FOLDERS = ("clothing", "imagededup", "pdq/labelme-subset", "pdq/bridge-mods")
EDITED = ("_", "-a-", "high-", "square-")  # in the names of files that are edits of another one
# One garment photographed twice from one spot, with and without its tag: no false pair.
TWICE = {"skirt__02341619", "skirt__78b7da73"}
Seen = tuple[PictureHash, Keypoints]


def run(ground: Ground) -> str:
    """Return the tables: recall by edit, false pairs, the search against faiss, loading."""
    if not (DATA / "pictures").is_dir():
        return "No pictures beside the repository: nothing was run."
    files = originals()
    seen = dict(zip(files, ahead(lambda file: _seen(file.read_bytes()), files), strict=True))
    return "\n\n".join((_recall(seen), _false_pairs(seen), _join(), _loading(ground)))


def originals() -> list[Path]:
    """Return the photographs that are no edits of one another."""
    found = []
    for folder in FOLDERS:
        for file in sorted((DATA / "pictures" / folder).glob("*.jpg")):
            edit = any(mark in file.name for mark in EDITED[0 if folder == "imagededup" else 1 :])
            if not edit:
                found.append(file)
    return found


def _seen(data: bytes) -> Seen:
    decoded = decode(data)
    return hashes_of(data, decoded), keypoints(decoded.picture)


def _pairs(seen: list[Seen]) -> list[Pair]:
    return paired([hashes for hashes, _ in seen], [corners for _, corners in seen])


def _recall(seen: dict[Path, Seen]) -> str:
    chosen = sorted(Random(1).sample(sorted(seen), SAMPLE))
    rows = []
    for name, edit in EDITS.items():

        def edited(file: Path, edit=edit) -> Seen:  # type: ignore[no-untyped-def]
            with Image.open(file) as opened:
                return _seen(saved(edit(opened.convert("RGB"))))

        both = [seen[file] for file in chosen] + list(ahead(edited, chosen))
        own = [pair for pair in _pairs(both) if pair.right == pair.left + SAMPLE]
        tiers = Counter(pair.tier for pair in own)
        found = sum(count for tier, count in tiers.items() if tier != CANDIDATE)
        target = "" if name in BEYOND else "≥ 0.95"
        told = (found - tiers[PARTIAL], tiers[PARTIAL], tiers[CANDIDATE])
        rows.append((name, f"{found / SAMPLE:.2f}", *told, target))
    return table(("edit", "recall", "copy", "partial", "candidate only", "target"), rows)


def _false_pairs(seen: dict[Path, Seen]) -> str:
    files = list(seen)
    pairs = _pairs(list(seen.values()))
    counts: Counter[str] = Counter()
    same = []
    for pair in pairs:
        names = [files[place].name.split("-")[0] for place in (pair.left, pair.right)]
        if set(names) == TWICE:
            same.append(f"{' and '.join(names)} ({pair.tier})")
        else:
            counts[pair.tier] += 1
    every = len(files) * (len(files) - 1) // 2
    rows = [
        ("exact and copy", counts["exact"] + counts["copy"], "0"),
        ("partial", counts[PARTIAL], f"≤ {every / 18_000:.1f} (1 in 18,000)"),
        ("candidate, which joins nobody", counts[CANDIDATE], ""),
    ]
    told = table((f"tier, {every:,} pairs of {len(files)} pictures", "false pairs", "target"), rows)
    return f"{told}\n\nOne thing photographed twice, not counted: {', '.join(same) or 'none'}."


def planted() -> Hashes:
    """Return random hashes of which some are others with 0–40 bits changed, half of them 30–33."""
    dice = np.random.default_rng(1)
    hashes = dice.integers(0, 256, (HASHES, 32), dtype=np.uint8)
    bits = np.unpackbits(hashes[:PLANTED], axis=1)
    for place, row in enumerate(bits):
        many = dice.integers(30, 34) if place % 2 else dice.integers(0, 41)
        row[dice.choice(256, many, replace=False)] ^= 1
    hashes[-PLANTED:] = np.packbits(bits, axis=1)
    return hashes


def _join() -> str:
    hashes = planted()
    faiss.omp_set_num_threads(1)  # as many as ours
    ours, theirs = [], []
    for _ in range(ROUNDS):
        began = time.process_time()  # one thread each: of CPU, whoever else is at work
        index = faiss.IndexBinaryFlat(256)
        index.add(hashes)
        limits, _, right = index.range_search(hashes, RADIUS + 1)
        theirs.append(time.process_time() - began)
        began = time.process_time()
        found = near(hashes, hashes, once=True)
        ours.append(time.process_time() - began)
    left = np.repeat(np.arange(HASHES), np.diff(limits.astype(np.int64)))
    ahead_of = left < right
    wanted = set(zip(left[ahead_of].tolist(), right[ahead_of].tolist(), strict=True))
    assert wanted == set(zip(found[0].tolist(), found[1].tolist(), strict=True))
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    rows = [
        ("faiss IndexBinaryFlat, CPU s", f"{median(theirs):.1f}", _listed(theirs), ""),
        ("ours, CPU s", f"{median(ours):.1f}", _listed(ours), ""),
        ("ours : faiss", f"{median(ratios):.2f}", _listed(ratios), "≤ 0.5"),
    ]
    head = f"{HASHES:,} hashes with themselves, radius {RADIUS}, one thread each"
    return (
        table((head, "median", "rounds", "target"), rows)
        + f"\n\nThe same {len(wanted):,} pairs, of which {int((found[2] >= 30).sum()):,} are 30 or "
        "31 bits apart."
    )


def _loading(ground: Ground) -> str:
    folder = ground.folder / "pictures"
    folder.mkdir()
    clothing = sorted((DATA / "pictures" / "clothing").glob("*.jpg"))
    for quality in (95, 90, 85, 80):
        for file in clothing:
            with Image.open(file) as opened:
                (folder / f"{quality}-{file.name}").write_bytes(saved(opened, quality))
    rates, of_cpu = [], []
    for _ in range(ROUNDS):
        ran = ground.graphsvc("load", "images", folder, "--platform", "shopnest")
        assert ran.answer["loaded"] == ran.answer["in"], ran.answer
        rates.append(ran.answer["loaded"] / ran.answer["seconds"] / cores())
        of_cpu.append(ran.answer["loaded"] / ran.cpu)
        ground.wipe()
    rows = [
        (name, f"{median(each):.0f}", ", ".join(f"{rate:.0f}" for rate in each), target)
        for name, each, target in (
            (f"pictures/s a core of {cores()}", rates, "≥ 40"),
            ("pictures a second of the command's CPU, its start in it", of_cpu, ""),
        )
    ]
    head = f"{4 * len(clothing)} photographs of some 400 × 530"
    return table((head, "median", "rounds", "target"), rows)


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)
