"""E-mail addresses: one mailbox, one key, however its owner decorates it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from ingest.errors import ValueRefused
from ingest.fold.text import bounded, visible

# Providers that deliver every dotted spelling to one mailbox (their own documentation).
_DOTS_IGNORED = {"gmail.com"}
LONGEST = 1_000  # characters as written; an address has 254 (RFC 5321)
# What most addresses are: of these the domain alone is left to be looked at, and it is one of few.
_USUAL = re.compile(r"([a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]+)")
_LONGEST_USUAL = 200
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
    name, domain = _parted(given)
    domain = _SAME.get(domain, domain)
    exact = f"{name}@{domain}"
    # Before a tag a dot may stand at the end of the name, alone it may not.
    local = name.split("+", 1)[0].rstrip(".") or name
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "") or local
    return FoldedEmail(f"{local}@{domain}", exact, domain, f"{local[:1]}…@{domain}")


def _parted(given: str) -> tuple[str, str]:
    """Return the name and the ASCII domain of an address in lower case."""
    usual = _USUAL.fullmatch(given)
    if usual and len(given) <= _LONGEST_USUAL and "xn--" not in usual[2]:
        return usual[1], _domain(usual[2])
    return _validated(given)


@lru_cache(maxsize=16_384)
def _domain(domain: str) -> str:
    return _validated(f"a@{domain}")[1]


def _validated(given: str) -> tuple[str, str]:
    try:
        found = validate_email(given, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        raise ValueRefused("not an e-mail address", "write name@domain") from None
    return found.local_part, (found.ascii_domain or found.domain).lower()
