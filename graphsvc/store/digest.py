"""The canonical digest of the graph: equal for equal content, whatever the way it got there."""

from __future__ import annotations

import json
from hashlib import sha256

from graphsvc.store.reader import Reader
from queries.merge import canonical_texts


async def graph_digest(reader: Reader) -> str:
    """Return the SHA-256 over every domain node and assertion, each a line of canonical JSON.

    Lines stream in label and key order, in constant memory; runs, findings, likeness edges,
    provenance and clock values are no part of it.
    """
    found = sha256()
    for text in canonical_texts().values():
        async for answer in reader.values(text):
            line = json.dumps(answer["row"], ensure_ascii=False, separators=(",", ":"))
            found.update(line.encode() + b"\n")
    return found.hexdigest()
