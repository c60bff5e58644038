"""What an export asks for: a path and its parameters, each known and each once, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import Request

from graphsvc.api.errors import FormRefused, MethodRefused, NoSuchPath
from graphsvc.audit.events import digest
from graphsvc.errors import BadRequest
from graphsvc.investigate.kinds import labels_of
from graphsvc.investigate.lines import FORMS, Form

LONGEST = 500  # characters of an id
ANYTHING = ("*/*", "application/*")


class Of(StrEnum):
    """What can leave."""

    NEIGHBOURHOOD = "neighbourhood"
    CASE = "case"
    RING = "ring"


_PARAMETERS: Mapping[Of, frozenset[str]] = {
    Of.NEIGHBOURHOOD: frozenset({"id", "hops", "kinds"}),
    Of.CASE: frozenset({"hops", "kinds"}),
    Of.RING: frozenset({"id"}),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is wanted and in which form; `kinds` None stands for all that may be seen."""

    of: Of
    form: Form
    id: str = ""
    hops: int = 1
    kinds: tuple[str, ...] | None = field(default=None)

    @property
    def told(self) -> str:
        """Return what the journal holds of it: its id, which may be anything, as a digest."""
        kinds = "all kinds" if self.kinds is None else " ".join(self.kinds)
        return f"{self.of} {self.form} {digest(self.id)}, {self.hops} hops, {kinds}"


def asked(request: Request) -> Asked:
    """Return what a request asks for.

    Raises NoSuchPath, MethodRefused, FormRefused, BadRequest.
    """
    name, _, suffix = request.path_params["what"].partition(".")
    if name not in set(Of) or suffix not in {"", *Form}:
        raise NoSuchPath("nothing is served here")
    if request.method != "GET":
        raise MethodRefused("an export is asked for by GET")
    of = Of(name)
    form = Form(suffix) if suffix else _accepted(request.headers.get("accept", ""))
    told = _parameters(request, of)
    if "id" in _PARAMETERS[of] and not 1 <= len(told.get("id", "")) <= LONGEST:
        raise BadRequest(f"id must have 1 to {LONGEST} characters")
    return Asked(of, form, told.get("id", ""), _hops(told.get("hops", "1")), _kinds(told))


def _parameters(request: Request, of: Of) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    told = dict(pairs)
    if len(told) < len(pairs):
        raise BadRequest("a parameter is named twice")
    if unknown := sorted(told.keys() - _PARAMETERS[of]):
        raise BadRequest(f"no parameter of this path: {unknown[0][:40]!a}")
    return told


def _accepted(header: str) -> Form:
    """Return the first form that an Accept header names, NDJSON for anything; FormRefused."""
    named = [each.partition(";")[0].strip().lower() for each in header.split(",")]
    for media in named:
        for form, written in FORMS.items():
            if media == written.media or media in ANYTHING:
                return form
    if named == [""]:
        return Form.NDJSON
    raise FormRefused("no form of an export is accepted")


def _hops(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 1):
        raise BadRequest("hops must be a digit")
    return int(text)


def _kinds(told: Mapping[str, str]) -> tuple[str, ...] | None:
    if "kinds" not in told:
        return None
    kinds = tuple(sorted(set(told["kinds"].split(","))))
    labels_of(kinds)  # refuses a word that is no kind
    return kinds
