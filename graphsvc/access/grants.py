"""Grants: give one, revoke one, and find the one under which an officer asks. No grant, no data."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from graphsvc import clock
from graphsvc.access.policy import check_standing
from graphsvc.access.principal import Principal, Role, Standing
from graphsvc.access.scope import MOST_SELLERS, Bounds, Scope, reach_of
from graphsvc.errors import CaseMissing, GrantMissing, NotFound, PurposeMissing, UsageError
from graphsvc.store.reader import Reader
from graphsvc.store.writer import Writer
from ingest.records import relation_key
from queries.grants import GRANTS, OPENED, REVOKE_GRANT, SAVE_GRANT, GrantRow, OpenedRow
from queries.schema.casework import Opened, Purpose

LATEST = "latest"
MOST_HOPS, MOST_DAYS, MOST_BASIS, MOST_CASE = 2, 365, 300, 100


@dataclass(frozen=True, slots=True)
class Given:
    """A grant to be given: to whom, of what case, for what, on what legal basis, how far.

    `to` names an agency and its officer, or a platform.
    """

    case: str
    to: Standing
    purpose: Purpose
    basis: str
    fields: Collection[Opened] = ()
    hops: int = 1
    days: int = 30

    def of(self, case: str) -> Given:
        """Return the same grant of a case by its id."""
        return replace(self, case=case)


async def give(writer: Writer, given: Given, *, by: str) -> str:
    """Write a grant and return its id; raises UsageError, NotFound where there is no such case."""
    _check(given)
    name, now = clock.new_id("grant"), clock.now()
    properties = {
        **asdict(given.to),
        "purpose": given.purpose.value,
        "basis": given.basis.strip(),
        "fields": sorted({field.value for field in given.fields}),
        "hops": given.hops,
        "created_at": now.strftime(clock.FORMAT),
        "created_by": by,
        "expires_at": (now + timedelta(days=given.days)).strftime(clock.FORMAT),
    }
    key = relation_key("opens", name, given.case)
    if not await writer.command(
        SAVE_GRANT, id=name, case=given.case, key=key, properties=properties
    ):
        raise NotFound(f"there is no case {given.case}")
    return name


async def revoke(writer: Writer, grant: str, *, by: str, because: str) -> None:
    """End a grant, again without effect; raises NotFound, UsageError where nothing says why."""
    if not because.strip():
        raise UsageError("a grant is revoked for a reason")
    found = await writer.command(
        REVOKE_GRANT, id=grant, now=clock.stamp(), by=by, because=because.strip()
    )
    if not found:
        raise NotFound(f"there is no grant {grant}")


async def list_grants(reader: Reader, *, case: str = "", first: int) -> list[GrantRow]:
    """Return up to `first` grants (of a case), newest first."""
    return await reader.rows(GRANTS, id="", case=case, limit=first)


async def grant_of(reader: Reader, name: str) -> GrantRow:
    """Return a grant, `latest`: the newest; raises NotFound."""
    found = await reader.rows(GRANTS, id="" if name == LATEST else name, case="", limit=1)
    if not found or not name:
        raise NotFound(f"there is no grant {name}; `graphsvc grants list` has them")
    return found[0]


async def admit(
    reader: Reader, principal: Principal, case: str | None, purpose: str | None, bounds: Bounds
) -> tuple[OpenedRow, Scope]:
    """Return the newest grant under which an officer or a platform asks of a case, and its reach.

    Raises CaseMissing, PurposeMissing for a header that is missing or no word of the list, and
    GrantMissing, in the same words whether there is such a case or not.
    """
    if not case or len(case) > MOST_CASE or not case.isprintable():
        raise CaseMissing("the header Case-Id must name a case")
    if purpose not in set(Purpose):
        raise PurposeMissing(f"the header Purpose must be one of {', '.join(Purpose)}")

    async def opened(ahead: list[str] | None) -> OpenedRow:
        found = await reader.one(
            OPENED,
            **asdict(principal.standing),
            case=case,
            purpose=purpose,
            now=clock.stamp(),
            ahead=ahead,
            most=MOST_SELLERS,
            cap=bounds.cap,
            levels=sorted(bounds.levels),
        )
        if found is None:
            who = "this platform" if principal.role is Role.PLATFORM else "this officer"
            raise GrantMissing(f"no grant opens this case to {who} for this purpose")
        return found

    grant = await opened(None)
    return grant, await reach_of(grant, opened, bounds.cap)


def _check(given: Given) -> None:
    check_standing(Role.PLATFORM if given.to.platform else Role.PARTNER, given.to)
    basis = given.basis.strip()
    if not basis or len(basis) > MOST_BASIS or not basis.isprintable():
        raise UsageError(f"a legal basis has 1 to {MOST_BASIS} printable characters")
    if not 0 <= given.hops <= MOST_HOPS:
        raise UsageError(f"a grant reaches 0 to {MOST_HOPS} hops, not {given.hops}")
    if not 1 <= given.days <= MOST_DAYS:
        raise UsageError(f"a grant lasts 1 to {MOST_DAYS} days, not {given.days}")
