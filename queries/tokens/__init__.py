"""What of the graph stands under a token key, and how it is taken from one key to another."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class Touched:
    """How many nodes or relations a command found."""

    number: int


UNSETTLE_SELLERS = load(__package__, "unsettle_sellers", Touched)
DROP_ASSERTIONS = load(__package__, "drop_assertions", Touched)
DROP_BATCHES = load(__package__, "drop_batches", Touched)
RETIRE_RUNS = load(__package__, "retire_runs", Touched)
DROP_IDENTIFIERS = load(__package__, "drop_identifiers", Touched)
DROP_TAX_NUMBERS = load(__package__, "drop_tax_numbers", Touched)
GIVE_TO_KEY = load(__package__, "give_to_key", Touched)
