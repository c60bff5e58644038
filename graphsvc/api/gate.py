"""The gate: bytes of a body to a request, before anything of GraphQL sees them.

Every malformed body ends here as a refusal. Never guesses, never repairs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphsvc.errors import BadRequest

MOST_NESTING = 64
MOST_DIGITS = 19
MOST_INTEGER = 2**63
FIELDS = {"query", "documentId", "variables", "operationName", "extensions"}
DOCUMENT = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
# A string (or the rest of the text, where it does not end) or one bracket: linear, no backtracking.
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Request:
    """A GraphQL request as it was sent: a document's text, or the id of a trusted one."""

    query: str
    variables: dict[str, Any]
    operation: str | None
    document: str | None = None


def admit(body: bytes) -> Request:
    """Return the request that a body holds; raises BadRequest for anything else."""
    value = _parsed(body)
    if not isinstance(value, dict):
        raise BadRequest("the body must be one JSON object; batches are off")
    if unknown := sorted(value.keys() - FIELDS):
        raise BadRequest(f"the body has an unknown field: {unknown[0][:40]!a}")
    query, variables = value.get("query"), value.get("variables")
    operation, extensions = value.get("operationName"), value.get("extensions")
    document = value.get("documentId")
    if document is None and (not isinstance(query, str) or not query.strip()):
        raise BadRequest("query must be a text")
    if document is not None and (query is not None or not _is_id(document)):
        raise BadRequest("documentId must be sha256: and 64 hexadecimal digits, without a query")
    if variables is not None and not isinstance(variables, dict):
        raise BadRequest("variables must be an object")
    if operation is not None and not isinstance(operation, str):
        raise BadRequest("operationName must be a text")
    if extensions is not None and not isinstance(extensions, dict):
        raise BadRequest("extensions must be an object")
    return Request(query or "", variables or {}, operation or None, document)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and DOCUMENT.fullmatch(value) is not None


def _parsed(body: bytes) -> Any:
    if _is_deep(body):
        raise BadRequest(f"the body is nested deeper than {MOST_NESTING}")
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_constant=_constant,
        )
        if "\\u" in text:
            # A lone surrogate, written as an escape, is no text: nothing downstream can encode it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise BadRequest("the body is not text in UTF-8") from None
    except ValueError:
        raise BadRequest("the body is not JSON") from None
    return value


def _is_deep(body: bytes) -> bool:
    """Tell whether brackets outside strings are nested too deeply; reads no further than there."""
    depth = 0
    for found in _BRACKET.finditer(body):
        first = found[0][:1]
        if first in b"[{":
            depth += 1
            if depth > MOST_NESTING:
                return True
        elif first in b"]}":
            depth -= 1
    return False


def _object(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, unless it names a field twice: two readers would read two requests."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise BadRequest("the body names a field twice")
        made[name] = value
    return made


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS or not -MOST_INTEGER <= int(digits) < MOST_INTEGER:
        raise BadRequest("the body holds an integer of more than 64 bits")
    return int(digits)


def _constant(_: str) -> Any:
    raise BadRequest("NaN and Infinity are not JSON")
