"""Rows of odd values in every column of every kind; seeded, so that a failure can be had again."""

from __future__ import annotations

import random
from collections.abc import Iterator

from ingest.jobs.catalogue import JOBS

ODD = (
    *("", " ", "\u202e", "\u200b", "\u3164", "\ufffe", "\U0010ffff", "\u0345", "\x01", "\t", "\n"),
    *("é", "ｓ", "İ", "ß", "ſ", "㎏", "١٢٣", "\U0001faf0", "ﷺ" * 50, "a\u0300" * 100),
    *("'", '"', "`", "{", "}", "$", "\\", ";", "/*", "//", "null", "NaN", "-1", "1e9", "0" * 19),
    *("2024-01-01", "GB", "EUR", "s-1", "a@b.org", "+442079460018", "ab" * 32, "x" * 1000),
)
PLAIN = {
    "seller_id": [f"s-{n}" for n in range(40)],
    "listing_id": [f"l-{n}" for n in range(40)],
    "report_id": [f"r-{n}" for n in range(40)],
    "title": ["Vase"],
    "price": ["1.5"],
    "currency": ["EUR"],
    "country": ["GB", "DE"],
    "address": ["12 Main St, Leeds LS1 4AP", "3 High Street, York YO1 7HH"],
    "account": ["GB82WEST12345698765432", "wallet-1234567"],
    "phone": ["+442079460018"],
    "email": ["desk@tolva.example.com"],
    "device": ["device-1234", "device-1235"],
    "sha256": ["ab" * 32, "ba" * 32],
    "pdq": ["cd" * 32],
    "reporter": ["desk"],
    "at": ["2024-01-01"],
    "verdict": ["suspected"],
    "risk": ["0.5"],
    "position": ["1"],
    "seen_at": ["2024-01-01", "2024-02-01", ""],
    "registered_at": ["2024-01-01"],
    "verified_at": ["2024-01-01"],
    "listed_at": ["2024-01-01"],
    "first_sold_at": ["2024-03-01"],
    "removed_at": ["2024-03-01"],
    "status": ["active"],
    "role": ["business", "return"],
    "asserted_by": ["observed"],
}


def feed(kind: str, dice: random.Random, rows: int) -> Iterator[dict[str, str]]:
    """Yield rows of which about half can be used."""
    job = JOBS[kind]
    columns = [name for name in job.columns if name not in ("platform", "path")]
    for _ in range(rows):
        row = {
            name: dice.choice(PLAIN.get(name, ["word"]))
            for name in columns
            if name in job.required or dice.random() < 0.6
        }
        for name in columns:
            if dice.random() < 0.5 / len(columns):
                row[name] = "".join(dice.choices(ODD, k=dice.randint(1, 3)))
            elif dice.random() < 0.2 / len(columns):
                row[name] = "".join(map(chr, (_letter(dice) for _ in range(dice.randint(1, 40)))))
        yield row


def _letter(dice: random.Random) -> int:
    """Return any character but a surrogate, which is tested by itself."""
    found = dice.randrange(0x110000 - 0x800)
    return found if found < 0xD800 else found + 0x800
