"""What sellers share: addresses, payment accounts, phones, e-mails, devices; never in clear."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types.claim import Claim, claims
from graphsvc.api.types.node import Node, Trace, node_id, trace
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    PageInfo,
    Placed,
    connection,
    load_page,
    page_info,
    placed,
)
from graphsvc.api.types.selected import asks_for
from graphsvc.investigate import things
from graphsvc.investigate.kinds import CAP, IdentifierKind, Ref
from graphsvc.investigate.seller import Used
from queries.addresses import LikenessRow
from queries.identifiers import AccountRow, AddressRow, ContactRow

if TYPE_CHECKING:
    from graphsvc.api.types.seller import Seller

LOOK_UP: dict[str, Any] = {
    IdentifierKind.ADDRESS: things.addresses,
    IdentifierKind.PAYMENT_ACCOUNT: things.payment_accounts,
    IdentifierKind.PHONE: things.phones,
    IdentifierKind.EMAIL: things.emails,
    IdentifierKind.DEVICE: things.devices,
}


@strawberry.enum(name="IdentifierKind")
class Kind(Enum):
    """What sellers may share; the words are those of the command line and of files."""

    address = "address"
    payment_account = "payment_account"
    phone = "phone"
    email = "email"
    device = "device"
    image = "image"


def words(kinds: Iterable[Kind] | None) -> tuple[str, ...] | None:
    """Return kinds as the services name them."""
    return None if kinds is None else tuple(sorted({kind.value for kind in kinds}))


@strawberry.type
class UserEdge(Placed):
    """A seller who uses an identifier, and the claims that say so."""

    node: Annotated[Seller, strawberry.lazy("graphsvc.api.types.seller")]
    claims: list[Claim]


@strawberry.type
class UserConnection:
    """A page of the sellers who use an identifier."""

    edges: list[UserEdge]
    page_info: PageInfo


async def users_of(info: Info, ref: Ref, first: int, after: str | None) -> UserConnection:
    """Return a page of who uses an identifier, in the batch of this level."""
    from graphsvc.api.types.seller import seller

    wanted: dict[str, Any] = {"first": first, "claims": asks_for(info, "edges", "claims")}
    page = await load_page(info, "users", things.users_of, ref, after=after, **wanted)
    edges = [
        UserEdge(place=place, node=seller(info, user.seller), claims=claims(user.claims))
        for place, user in placed("users", page)
    ]
    return UserConnection(edges=edges, page_info=page_info(info, "users", page, after))


@strawberry.interface
class Identifier(Node):
    """Something that sellers share; `sellers` distinct ones use it, `hub` if too many to link.

    To a platform `elsewhere` says that it is also used on another platform; to all others it is
    false, and of those sellers nothing is shown.
    """

    kind: Kind
    sellers: int
    hub: bool
    elsewhere: bool
    trace: Trace
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def users(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> UserConnection:
        """The sellers who use it."""
        return await users_of(info, self.ref, first, after)


@strawberry.type
class SamePlace:
    """An address that is probably one unit or one premise with another, and on what ground.

    `cutAt`, `cutBy` and `cutBecause` where somebody found that it is not.
    """

    level: str
    score: float
    band: str
    rule: str
    features: str
    model: str
    cut_at: str | None
    cut_by: str | None
    cut_because: str | None
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def address(
        self, info: Info
    ) -> Annotated[Address, strawberry.lazy("graphsvc.api.types.identifier")] | None:
        """The address itself."""
        found = await load_identifier(info, self.ref)
        return found if isinstance(found, Address) else None


def _same_place(row: LikenessRow) -> SamePlace:
    return SamePlace(
        level=row.level,
        score=row.score,
        band=row.band,
        rule=row.rule,
        features=row.features,
        model=row.model,
        cut_at=row.cut_at,
        cut_by=row.cut_by,
        cut_because=row.cut_because,
        ref=Ref(IdentifierKind.ADDRESS, row.id),
    )


@strawberry.type
class Address(Identifier):
    """A postal address; `level` tells how exact it is: unit, building, street, city or none.

    `addressKind` is a proposal of `kindModel` for `kindReason`, as `link addresses` made it:
    residential, forwarder, mail_drop, virtual_office, registered_agent or unknown.
    """

    country: str | None
    postcode: str | None
    unit: str | None
    level: str | None
    city: str | None
    display: str | None
    address_kind: str | None
    kind_reason: str | None
    kind_model: str | None

    @strawberry.field
    async def same_places(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[SamePlace]:
        """The addresses that are probably one place with it, as `link addresses` found."""
        page = await load_page(
            info, "same places", things.same_places_of, self.ref.id, first=first, after=after
        )
        return connection(info, "same places", page, after=after, make=_same_place)


@strawberry.type
class PaymentAccount(Identifier):
    """A payment account; `masked` is all that is shown of its number."""

    account_kind: str | None
    masked: str | None
    country: str | None
    bank: str | None


@strawberry.type
class Phone(Identifier):
    """A telephone number, masked."""

    masked: str | None
    country: str | None


@strawberry.type
class Email(Identifier):
    """An e-mail address, masked; `domain` is in clear."""

    masked: str | None
    domain: str | None


@strawberry.type
class Device(Identifier):
    """A device fingerprint, masked."""

    masked: str | None


@strawberry.type
class UsedIdentifier:
    """An identifier in short; `shown` is an address as written, the masked form of all else."""

    id: strawberry.ID
    kind: Kind
    shown: str | None
    level: str | None
    sellers: int
    hub: bool
    elsewhere: bool
    ref: strawberry.Private[Ref]

    @strawberry.field
    async def identifier(self, info: Info) -> Identifier | None:
        """The identifier with all that is known of it."""
        return await load_identifier(info, self.ref)

    @strawberry.field
    async def users(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> UserConnection:
        """The sellers who use it."""
        return await users_of(info, self.ref, first, after)


def used(info: Info, item: Used) -> dict[str, Any]:
    """Return the node and the claims of an edge to something that a seller uses."""
    node = UsedIdentifier(
        id=node_id(info, item.kind, item.id),
        kind=Kind(item.kind),
        shown=item.shown,
        level=item.level,
        sellers=item.degree,
        hub=item.degree > CAP,
        elsewhere=item.elsewhere,
        ref=Ref(item.kind, item.id),
    )
    return {"node": node, "claims": claims(item.claims)}


def identifier(info: Info, ref: Ref, row: AddressRow | AccountRow | ContactRow) -> Identifier:
    """Return an identifier as the API shows it."""
    own: dict[str, Any] = {
        "id": node_id(info, ref.kind, ref.id),
        "kind": Kind(ref.kind),
        "sellers": row.degree,
        "hub": row.degree > CAP,
        "elsewhere": row.elsewhere,
        "trace": trace(row),
        "ref": ref,
    }
    if isinstance(row, AddressRow):
        return Address(
            **own,
            country=row.country,
            postcode=row.postcode,
            unit=row.unit,
            level=row.level,
            city=row.city,
            display=row.display,
            address_kind=row.kind,
            kind_reason=row.kind_reason,
            kind_model=row.kind_model,
        )
    if isinstance(row, AccountRow):
        return PaymentAccount(
            **own, account_kind=row.kind, masked=row.masked, country=row.country, bank=row.bank
        )
    if ref.kind == IdentifierKind.PHONE:
        return Phone(**own, masked=row.masked, country=row.country)
    if ref.kind == IdentifierKind.EMAIL:
        return Email(**own, masked=row.masked, domain=row.domain)
    return Device(**own, masked=row.masked)


async def load_identifier(info: Info, ref: Ref) -> Identifier | None:
    """Return an identifier (pictures apart), in the batch of this level, or None."""
    question = LOOK_UP.get(ref.kind)
    row = await info.context.loaders.load(question, ref.id) if question else None
    return identifier(info, ref, row) if row else None
