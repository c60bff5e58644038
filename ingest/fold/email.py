"""E-mail addresses: one mailbox, one key, however its owner decorates it."""

from __future__ import annotations

from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email

from ingest.errors import ValueRefused
from ingest.fold.text import bounded, visible

# Providers that deliver every dotted spelling to one mailbox (their own documentation).
_DOTS_IGNORED = {"gmail.com"}
LONGEST = 1_000  # characters as written; an address has 254 (RFC 5321)
_SAME = {"googlemail.com": "gmail.com"}


@dataclass(frozen=True, slots=True)
class FoldedEmail:
    """A mailbox: `canonical` (tags and ignored dots removed) and `exact` are secret."""

    canonical: str = field(repr=False)
    exact: str = field(repr=False)
    domain: str
    masked: str


def fold(text: str) -> FoldedEmail:
    """Return the mailbox of an address; nothing is looked up.

    Raises ValueRefused, whose message does not repeat the address.
    """
    given = visible(bounded(text, LONGEST)).strip().casefold()
    try:
        found = validate_email(given, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        raise ValueRefused("not an e-mail address", "write name@domain") from None
    domain = (found.ascii_domain or found.domain).lower()
    domain = _SAME.get(domain, domain)
    exact = f"{found.local_part}@{domain}"
    # Before a tag a dot may stand at the end of the name, alone it may not.
    local = found.local_part.split("+", 1)[0].rstrip(".") or found.local_part
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "") or local
    return FoldedEmail(f"{local}@{domain}", exact, domain, f"{local[:1]}…@{domain}")
