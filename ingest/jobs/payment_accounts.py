"""Payment accounts: a number becomes a keyed token and a masked form, and is then forgotten."""

from __future__ import annotations

from ingest.fold import payment, value
from ingest.fold.payment import FoldedAccount
from ingest.fold.token import Tokeniser
from ingest.jobs.job import Context, Job, Row, claim, facts, key_of, maybe, need
from ingest.records import Facts
from queries.schema.identifiers import PaymentAccount
from queries.schema.links import UsesAccount


def transform(row: Row, context: Context) -> Facts:
    """Return the account and that the seller is paid through it."""
    kind = maybe(row, "account_kind", payment.kind_of)
    folded = need(row, "account", payment.fold, kind)
    paid = account(folded, context.tokens)
    used = UsesAccount(
        start=key_of(row, "seller_id"),
        end=paid.id,
        holder=maybe(row, "holder", value.text, 300),
        processor=maybe(row, "processor", value.text, 200),
        **claim(row, context),
    )
    return facts(row, context, paid, used)


def account(folded: FoldedAccount, tokens: Tokeniser) -> PaymentAccount:
    """Return an account as it is stored: the token of its kind and number, and its masked form."""
    return PaymentAccount(
        id=tokens.token(f"payment/{folded.kind}", folded.canonical),
        kind=folded.kind,
        masked=folded.masked,
        country=folded.country,
        bank=folded.bank,
    )


JOB = Job(
    kind="payment_accounts",
    version="1",
    required=("seller_id", "account"),
    optional=("account_kind", "holder", "processor", "asserted_by"),
    transform=transform,
    secret=frozenset({"account", "account_kind"}),  # columns get swapped
    asserts=(UsesAccount,),
)
