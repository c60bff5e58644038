"""What hangs together: the parts of a market that can be solved apart, and what tells them again.

Under a fixed model nothing that a seller is judged by comes from beyond its component.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from graphsvc.rings import coupling, project, weigh
from graphsvc.rings.columns import Flags, Ints, Longs, Market
from graphsvc.rings.distinct import changes
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Parameters
from graphsvc.rings.project import Links

Records = npt.NDArray[np.generic]

WIDTH = 12  # bytes of a digest: chance makes two of a million alike once in 10**17 times
_NAME = np.dtype("V16")


def components_of(market: Market, model: Model, parameters: Parameters) -> Ints:
    """Return for each seller the least of those whom links reach from it, by either table."""
    parameters = parameters.weighed_by(model.calibration.source)
    ties = weigh.shared_ties(market, parameters)
    links = [project.links(weigh.weigh(ties, model.calibration, parameters), parameters)]
    if model.coupling is not None:
        loose = parameters.coupled()
        ties = coupling.beside_home(ties, loose)
        links.append(project.links(weigh.weigh(ties, model.coupling, loose), loose))
    return joined(len(market.sellers), links)


def joined(sellers: int, links: Sequence[Links]) -> Ints:
    """Return for each of `sellers` the least of those whom any of these links reach from it."""
    a, b = (np.concatenate([getattr(each, side) for each in links]) for side in "ab")
    return project.components(sellers, a, b)


def part_of(market: Market, inside: Flags) -> Market:
    """Return the market with nothing but what is said of the sellers `inside`.

    Codes stay, and so does how widely each identifier is used, by whomever.
    """
    rows = inside[market.row_seller]
    judged = inside[market.judged_a] & inside[market.judged_b]
    names = ("seller", "identifier", "confidence", "first_seen", "self_declared")
    return replace(
        market,
        identifier_reach=market.degree().astype(np.int32),
        judged_a=market.judged_a[judged],
        judged_b=market.judged_b[judged],
        judged=market.judged[judged],
        **{f"row_{name}": getattr(market, f"row_{name}")[rows] for name in names},
    )


def digests(market: Market, label: Ints) -> dict[int, bytes]:
    """Return by its label a digest of all that a component of two or more is judged by.

    Equal digests stand for equal components, whatever there is beside them (BLAKE2b).
    """
    several = (np.bincount(label, minlength=label.size) > 1)[label]
    sellers = np.flatnonzero(several)
    rows = np.flatnonzero(several[market.row_seller])
    said = np.flatnonzero(label[market.judged_a] == label[market.judged_b])
    who = _sellers(market, sellers)
    hashed = {int(each): blake2b(digest_size=WIDTH) for each in np.unique(label[sellers])}
    for part, records in (
        (label[sellers], who[sellers]),
        (label[market.row_seller[rows]], _rows(market, rows, who)),
        (label[market.judged_a[said]], _judgements(market, said, who)),
    ):
        for each, told in _apart(part, records):
            hashed[each].update(b"%d " % len(told))
            hashed[each].update(told)
    return {each: found.digest() for each, found in hashed.items()}


def joint(found: Collection[bytes]) -> str:
    """Return digests as one text, the same for the same digests."""
    return b64encode(b"".join(sorted(found))).decode()


def single(text: str) -> frozenset[bytes]:
    """Return the digests of which `joint` made a text."""
    whole = b64decode(text)
    return frozenset(whole[at : at + WIDTH] for at in range(0, len(whole), WIDTH))


def _apart(part: Ints, records: Records) -> Iterator[tuple[int, bytes]]:
    """Give the bytes of each part's records, in their order."""
    order = np.argsort(part, kind="stable")
    starts = np.flatnonzero(changes(part[order])).tolist()
    ordered = records[order]
    for start, end in zip(starts, [*starts[1:], part.size], strict=False):
        yield int(part[order[start]]), ordered[start:end].tobytes()


def _sellers(market: Market, sellers: Longs) -> Records:
    """Return a record of each seller, of those asked for: its name, risk and reports."""
    told = (market.risk[sellers].tolist(), market.report_count[sellers].tolist())
    names = (market.sellers[code] for code in sellers.tolist())
    found = np.zeros(len(market.sellers), dtype=_NAME)
    found[sellers] = _hashed(zip(names, *told, strict=True))
    return found


def _rows(market: Market, rows: Longs, who: Records) -> Records:
    """Return a record of each of these assertions: who uses what, and how that is told."""
    used, place = np.unique(market.row_identifier[rows], return_inverse=True)
    degree = market.degree()[used]
    things = zip(
        (market.identifiers[code] for code in used.tolist()),
        (market.identifiers[code] for code in market.identifier_place[used].tolist()),
        market.identifier_kind[used].tolist(),
        market.identifier_level[used].tolist(),
        market.identifier_hub[used].tolist(),
        degree.tolist(),
        strict=True,
    )
    columns = {
        "seller": who[market.row_seller[rows]],
        "thing": _hashed(things)[place],
        "confidence": market.row_confidence[rows],
        "day": market.row_first_seen[rows],
        "declared": market.row_self_declared[rows],
    }
    return _records(columns)


def _judgements(market: Market, said: Longs, who: Records) -> Records:
    columns = {
        "a": who[market.judged_a[said]],
        "b": who[market.judged_b[said]],
        "verdict": market.judged[said],
    }
    return _records(columns)


def _records(columns: dict[str, Records]) -> Records:
    """Return columns side by side, without a gap."""
    rows = next(iter(columns.values())).size
    found = np.empty(rows, dtype=[(name, column.dtype) for name, column in columns.items()])
    for name, column in columns.items():
        found[name] = column
    return found


def _hashed(things: Iterable[object]) -> Records:
    texts = (json.dumps(thing).encode() for thing in things)
    return np.frombuffer(
        b"".join(blake2b(text, digest_size=_NAME.itemsize).digest() for text in texts), _NAME
    )
