"""What a batch says, packed and unpacked: the same columns, without what others give."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from graphsvc.loading.observed import pack, unpack
from graphsvc.loading.prepare import Load
from tests.unit.graphsvc.loading.test_apart import load_of

ACCOUNTS = [
    {"seller_id": f"s-{n % 7}", "account": f"MERCHANT{n % 5:04}", "holder": f"H {n % 2}",
     "seen_at": f"2024-01-{1 + n % 9:02}"}
    for n in range(40)
]  # fmt: skip
LISTINGS = [
    {"listing_id": f"l-{n}", "seller_id": f"s-{n}", "title": "Vase", "price": "12.50",
     "currency": "EUR", "seen_at": "2024-01-01"}
    for n in range(3)
]  # fmt: skip
PLACES = [
    {"seller_id": "s-1", "street": "1 High St", "city": "Leeds", "country": "GB"},
    {"seller_id": "s-2", "street": "1 High St", "city": "Leeds", "country": "GB"},
    {"seller_id": "s-3", "street": "", "city": "", "country": "XX"},
]
KINDS = {"payment_accounts": ACCOUNTS, "listings": LISTINGS, "addresses": PLACES}


def loaded(folder: Path, kind: str) -> Load:
    file = folder / f"{kind}.jsonl"
    file.write_text("\n".join(map(json.dumps, KINDS[kind])), "utf-8")
    return load_of(file, kind, rows=100)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_unpacked_is_what_was_packed(tmp_path: Path, kind: str) -> None:
    load = loaded(tmp_path, kind)
    (batch,) = load.batches()
    said = unpack(pack(batch, load.job))
    columns = {table.shape.spec.row.__name__: table.columns for table in batch.tables}
    assert any(table.keys for table in batch.tables)
    assert said.columns == columns
    assert {name: list(held) for name, held in said.columns.items()} == {
        name: list(held) for name, held in columns.items()
    }
    assert bool(said.spared) == bool(batch.issues)


def test_no_key_or_digest_is_packed_and_no_token_twice(tmp_path: Path) -> None:
    load = loaded(tmp_path, "payment_accounts")
    (batch,) = load.batches()
    text = zlib.decompress(b64decode(pack(batch, load.job))).decode()
    by_name = {table.shape.spec.row.__name__: table for table in batch.tables}
    used, accounts = by_name["UsesAccount"], by_name["PaymentAccount"]
    assert not [key for key in (*used.keys, *used.columns["digest"]) if key in text]
    assert {text.count(key) for key in accounts.keys} == {1}


def test_what_was_packed_whole_is_unpacked_as_well(tmp_path: Path) -> None:
    load = loaded(tmp_path, "payment_accounts")
    (batch,) = load.batches()
    columns = {table.shape.spec.row.__name__: dict(table.columns) for table in batch.tables}
    whole = json.dumps({"tables": columns, "spared": []}).encode()
    assert unpack(b64encode(zlib.compress(whole)).decode()).columns == columns
