"""A market of any size as plain rows; the same rows, as a networkx graph, say what is right.

Nothing here asks the product: what it answers is held against what this knows of the rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Thing = tuple[str, int]  # an identifier: its kind, its number
Told = tuple[str, int, bool]
PLATFORM, SEED = "shopnest", 6
NODES_A_SELLER = 6.7  # itself, a listing, and of five identifiers what it does not share
CAP, HUB_USERS = 20, 60
KINDS = ("address", "payment_account", "phone", "email", "device")
RING_SHARE, PAIR_SHARE, REPORTED = 0.02, 0.04, 0.4
STREETS = ("Alder", "Birch", "Cedar", "Hazel", "Linden", "Maple", "Rowan", "Walnut")
COUNTRIES = ("GB", "FR", "DE", "NL", "IT")


@dataclass(frozen=True, slots=True)
class Raw:
    """Sellers by number; `uses` has for each kind pairs (seller, number of the identifier)."""

    count: int
    uses: dict[str, Longs]
    risk: npt.NDArray[np.float64]
    reported: Longs

    def write(self, folder: Path) -> None:
        """Write a file for each kind of row, as `load-bulk` takes them."""
        folder.mkdir(parents=True)
        everyone = range(self.count)
        _csv(
            folder / "sellers.csv",
            ("seller_id", "handle", "country", "risk"),
            ((f"s-{n}", handle(n), country(n), f"{self.risk[n]:.3f}") for n in everyone),
        )
        _csv(
            folder / "listings.csv",
            ("listing_id", "seller_id", "title"),
            ((f"l-{n}", f"s-{n}", title(n)) for n in everyone),
        )
        _csv(
            folder / "addresses.csv",
            ("seller_id", "address", "country", "role"),
            ((f"s-{n}", address(value), "GB", "business") for n, value in self.pairs("address")),
        )
        _csv(
            folder / "payment_accounts.csv",
            ("seller_id", "account", "account_kind"),
            ((f"s-{n}", f"wallet-{v:09}", "wallet") for n, v in self.pairs("payment_account")),
        )
        contacts = [(f"s-{n}", phone(value), "") for n, value in self.pairs("phone")]
        contacts += [(f"s-{n}", "", email(value)) for n, value in self.pairs("email")]
        _csv(folder / "contacts.csv", ("seller_id", "phone", "email"), contacts)
        _csv(
            folder / "devices.csv",
            ("seller_id", "device"),
            ((f"s-{n}", f"device-{value:09}") for n, value in self.pairs("device")),
        )
        _csv(
            folder / "reports.csv",
            ("report_id", "seller_id", "reporter", "at", "verdict"),
            ((f"r-{n}", f"s-{n}", "a guild", "2024-05-01", "confirmed_fake")
             for n in self.reported.tolist()),
        )  # fmt: skip

    def pairs(self, kind: str) -> Iterable[tuple[int, int]]:
        """Return who uses what of a kind."""
        return ((seller, value) for seller, value in self.uses[kind].tolist())


@dataclass(frozen=True)
class Known:
    """What the rows say: the graph of sellers (numbers) and identifiers (kind, number)."""

    raw: Raw

    @cached_property
    def graph(self) -> nx.Graph[Any]:
        """Return the graph of who uses what."""
        graph: nx.Graph[Any] = nx.Graph()
        graph.add_nodes_from(range(self.raw.count))
        for kind in KINDS:
            graph.add_edges_from((n, (kind, value)) for n, value in self.raw.pairs(kind))
        return graph

    def is_hub(self, identifier: Thing) -> bool:
        """Tell whether an identifier has too many sellers to link them."""
        return int(self.graph.degree[identifier]) > CAP

    def reach(self, members: Iterable[int], hops: int) -> tuple[set[int], set[Thing]]:
        """Return what a grant of a case opens, never over a hub.

        The sellers within `hops` (1 at least) of the case's members, and what all use who are
        reached with a hop to spare.
        """
        passable = nx.subgraph_view(
            self.graph, filter_node=lambda node: isinstance(node, int) or not self.is_hub(node)
        )
        near = nx.multi_source_dijkstra_path_length(passable, set(members), cutoff=2 * hops)
        sellers = {node for node in near if isinstance(node, int)}
        spare = [node for node in sellers if near[node] <= 2 * hops - 2]
        return sellers, {each for seller in spare for each in self.graph[seller]}

    def shared(self, seller: int, sellers: frozenset[int], things: frozenset[Thing]) -> list[Told]:
        """Return (kind, sellers, hub) of what a seller uses, as told to whom these are open."""
        found = []
        for thing in things.intersection(self.graph[seller]):
            hub = self.is_hub(thing)
            count = CAP + 1 if hub else len(sellers.intersection(self.graph[thing]))
            found.append((thing[0], count, hub))
        return sorted(found)

    def co_users(self, seller: int, sellers: frozenset[int], things: frozenset[Thing]) -> set[int]:
        """Return who uses what a seller uses, never over a hub, as told to whom these are open."""
        held = [each for each in things.intersection(self.graph[seller]) if not self.is_hub(each)]
        users = {user for each in held for user in self.graph[each]}
        return {user for user in users if user in sellers} - {seller}


def raw_market(nodes: int) -> Raw:
    """Return the rows of a market of about so many nodes: rings, pairs, a few hubs, and loners."""
    count = max(200, round(nodes / NODES_A_SELLER))
    rng = np.random.default_rng([SEED, count])
    order = rng.permutation(count)
    ringed = order[: max(8, int(count * RING_SHARE))]
    values = {kind: np.arange(count) for kind in KINDS}
    for group in _groups(rng, ringed):
        for kind in KINDS:
            if rng.random() < 0.7:
                values[kind][group] = group[0]
    for kind in KINDS:
        paired = rng.choice(order[ringed.size :], int(count * PAIR_SHARE) // 2 * 2, replace=False)
        half = paired.size // 2
        values[kind][paired[:half]] = paired[half:]
    uses = {kind: np.column_stack([np.arange(count), held]) for kind, held in values.items()}
    for kind in ("address", "device"):
        uses[kind] = np.concatenate([uses[kind], _hubs(rng, count)])
    risk = rng.beta(2, 6, count)
    risk[ringed] = rng.beta(5, 3, ringed.size)
    reported = np.sort(ringed[rng.random(ringed.size) < REPORTED])
    return Raw(count, uses, risk, reported)


def handle(seller: int) -> str:
    """Return a seller's name."""
    return f"Shop {seller}"


def country(seller: int) -> str:
    """Return a seller's country."""
    return COUNTRIES[seller % len(COUNTRIES)]


def title(listing: int) -> str:
    """Return what a listing offers."""
    return f"Vase number {listing}"


def address(number: int) -> str:
    """Return an address in the one spelling that is used of it."""
    street = f"{STREETS[number % 8]}{STREETS[number // 8 % 8].lower()} Street"
    return f"Flat {number // 64 % 90 + 1}, {number // 5760 + 1} {street}, Leeds LS1 4AP"


def phone(number: int) -> str:
    """Return a telephone number."""
    return f"+44 74{number // 1_000_000:02} {number % 1_000_000:06}"


def email(number: int) -> str:
    """Return a mailbox."""
    return f"shop{number}@mail{number % 97}.example.com"


def _groups(rng: np.random.Generator, sellers: Longs) -> list[Longs]:
    cuts = np.cumsum(rng.integers(3, 13, sellers.size))
    return [part for part in np.split(sellers, cuts[cuts < sellers.size]) if part.size > 1]


def _hubs(rng: np.random.Generator, count: int) -> Longs:
    """Return who uses one of a few identifiers that many use."""
    hubs = max(1, count // 20_000)
    users = rng.choice(count, hubs * HUB_USERS, replace=False)
    return np.column_stack([users, count + np.repeat(np.arange(hubs), HUB_USERS)])


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
