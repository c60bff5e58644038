"""The demo's partner: a case of the top ring, a grant for one officer, and what that opens."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from graphsvc.access.grants import Given, give
from graphsvc.access.keys import NewKey, create_key
from graphsvc.access.principal import Role, Standing
from graphsvc.api.trusted import documents
from graphsvc.audit.events import digest
from graphsvc.audit.verify import verify
from graphsvc.cases.register import Members, add_members, create_case
from graphsvc.cli.database import Graph
from graphsvc.cli.demo_serve import post
from graphsvc.cli.main import notes
from graphsvc.settings import Settings
from queries.rings.detection import KnownRing
from queries.schema.casework import Handling, Opened, Purpose

AGENCY, OFFICER, BY = "customs-north", "officer-7", "demo"
PURPOSE = Purpose.CUSTOMS_ENFORCEMENT
BASIS = "a formal request, art. 9 DSA"
DOCUMENT = "seller"


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer's key, the case that is open to it, a seller in it and one outside."""

    key: str
    case: str
    inside: str
    outside: str


async def open_case(graph: Graph, ring: KnownRing, outside: str) -> Officer:
    """Make a case of a ring, open it to an officer for a day, and return the officer."""
    case = await create_case(
        graph.writer, title="the ring on top", handling=Handling.AMBER, owner=BY
    )
    await add_members(graph.writer, case, Members(rings=[f"{ring.id}@{ring.version}"]), by=BY)
    fields = [Opened.IDENTITY, Opened.REPORTS]
    standing = Standing(agency=AGENCY, officer=OFFICER)
    given = Given(case, standing, PURPOSE, BASIS, fields, hops=1, days=1)
    await give(graph.writer, given, by=BY)
    made = await create_key(
        graph.writer, NewKey("demo officer", Role.PARTNER.value, 1, standing=standing)
    )
    surest = ring.members[ring.posteriors.index(max(ring.posteriors))]
    return Officer(made.key, case, surest, outside)


def visit(url: str, officer: Officer, settings: Settings) -> None:
    """Ask as the officer: what is open, what is not, without a purpose; then verify the journal."""
    _say("an officer asks for a seller of the case, by a trusted document")
    told = _ask(url, officer, officer.inside)
    sys.stdout.write(_short(told) + "\n")
    _say("for a seller of no case of theirs: the answer is that of a seller who is not there")
    sys.stdout.write(json.dumps(_ask(url, officer, officer.outside)) + "\n")
    _say("without saying what for")
    sys.stdout.write(json.dumps(_ask(url, officer, officer.inside, Purpose="")) + "\n")
    verdict = verify(settings.journal_folder)
    _say("graphsvc audit verify")
    what = verdict.problem or f"{verdict.entries} entries, {verdict.checkpoints} signed checkpoints"
    sys.stdout.write(f"{'a problem: ' if verdict.problem else 'ok: '}{what}\n")


def _ask(url: str, officer: Officer, seller: str, **more: str) -> Any:
    platform, _, local = seller.partition(":")
    headers = {"Case-Id": officer.case, "Purpose": PURPOSE.value, **more}
    body = {
        "documentId": digest(documents()[DOCUMENT]),
        "variables": {"platform": platform, "sellerId": local},
    }
    return post(url, officer.key, body, headers)


def _short(told: Any) -> str:
    """Return an answer with two of its identifiers and without listings: a page is enough."""
    seller = (told.get("data") or {}).get("seller")
    if seller is None:
        return json.dumps(told)
    seller["identifiers"]["edges"] = seller["identifiers"]["edges"][:2]
    seller["listings"]["edges"] = seller["listings"]["edges"][:1]
    return json.dumps(told, indent=2, ensure_ascii=False)


def _say(text: str) -> None:
    notes.print(f"\n[bold]{text}[/]")
