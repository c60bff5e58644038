"""Calibrate: learn a model of the graph as it stands, keep it under a name, find it again.

It must never change a ring: a model weighs where a detection names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphsvc import clock
from graphsvc.errors import NotFound, UsageError
from graphsvc.rings import detect, learned, project, self_calibration, weigh
from graphsvc.rings.columns import Market
from graphsvc.rings.learned import Reliability
from graphsvc.rings.model import Model
from graphsvc.rings.parameters import Engine, Parameters
from graphsvc.rings.read import read_market
from graphsvc.rings.run import in_thread
from graphsvc.rings.solve import Grouped, learn
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from queries.models import MODELS, SAVE_MODEL
from queries.runs import LEASE
from queries.schema.findings import EvidenceModel

HOLDER = "calibrate"
NAME = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
CITED = re.compile(rf"({NAME.pattern})(?:@([1-9][0-9]{{0,8}}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Taught:
    """A model, and how its P compares with what people judged of the same market."""

    model: Model
    reliability: Reliability


def teach(market: Market, parameters: Parameters, *, seed: int, by_judgements: bool) -> Taught:
    """Learn all that a detection would of a market, weights from judgements where that is asked.

    Raises Conflict where too few pairs are judged.
    """
    ties = weigh.shared_ties(market, parameters)
    table = self_calibration.calibrate(ties, parameters)
    if by_judgements:
        table, reliability = learned.learn(ties, table, parameters)
    else:
        reliability = learned.measure(ties, table, parameters)
    parameters = parameters.weighed_by(table.source)
    pairs = weigh.weigh(ties, table, parameters)
    links = project.links(pairs, parameters)
    label = detect.groups(market, links, parameters, engine=Engine.EVIDENCE, seed=seed)
    return Taught(learn(market, Grouped(table, pairs, links, label), parameters), reliability)


async def calibrate(
    reader: Reader,
    writer: Writer,
    name: str,
    *,
    parameters: Parameters,
    seed: int,
    by_judgements: bool,
    tell: Callable[[str], None],
) -> EvidenceModel:
    """Learn a model of the graph and write it as the next version of `name`.

    Raises UsageError for an odd name, Conflict where too few pairs are judged or somebody writes
    meanwhile.
    """
    if not NAME.fullmatch(name) or name == "latest" or name.startswith("detect-"):
        raise UsageError(
            f"{name!r} is no name: small letters, digits and hyphens, 64 at most;"
            " latest and detect-… mean runs"
        )
    tell("reading shared identifiers")
    market = await read_market(reader, parameters)
    tell(f"learning from {len(market.sellers):,} sellers")
    taught = await in_thread(
        lambda: teach(market, parameters, seed=seed, by_judgements=by_judgements)
    )
    saved = await _save(writer, name, _properties(market, taught, parameters))
    return await find(reader, saved)


def _properties(market: Market, taught: Taught, parameters: Parameters) -> dict[str, Any]:
    return {
        "source": taught.model.calibration.source,
        "created_at": clock.stamp(),
        "tables": json.dumps(taught.model.as_json(), sort_keys=True),
        "parameters": json.dumps(parameters.as_json(), sort_keys=True),
        "reliability": json.dumps(taught.reliability.as_json(), sort_keys=True),
        "input_digest": market.digest(),
    }


async def _save(writer: Writer, name: str, properties: dict[str, Any]) -> str:
    async def whole(transaction: Transaction) -> str:
        # One at a time: two of one name must not become one version.
        await transaction.run(LEASE, run=HOLDER)
        (row,) = await transaction.run(SAVE_MODEL, name=name, properties=properties)
        return str(row["id"])

    return await writer.within(whole)


async def list_models(reader: Reader, *, first: int) -> list[EvidenceModel]:
    """Return the models that there are, newest first."""
    return await reader.rows(MODELS, name="", version=0, limit=first)


async def find(reader: Reader, cited: str) -> EvidenceModel:
    """Return the model `name@version`, or the last version of `name`; raises NotFound."""
    parts = CITED.fullmatch(cited)
    name, version = parts.groups() if parts else (cited, None)
    found = await reader.rows(MODELS, name=name, version=int(version or 0), limit=1)
    if not (name and found):
        raise NotFound(f"there is no model {cited}")
    return found[0]
