"""What the API refuses, each with its code, status and advice; and how an error is written out.

Never a stack trace, a query text, or the words of an exception that is not ours.
"""

from __future__ import annotations

from typing import Any

from graphsvc.errors import (
    BadRequest,
    DatabaseAway,
    DatabaseSlow,
    GraphsvcError,
    JournalAway,
    UsageError,
)


class MediaTypeRefused(UsageError):
    """The body is not application/json in UTF-8."""

    code = "MEDIA_TYPE"
    status = 415
    advice = "Send Content-Type: application/json, encoded in UTF-8, not compressed."


class FormRefused(UsageError):
    """An export in a form that there is not."""

    code = "FORM"
    status = 415
    advice = (
        "Accept application/x-ndjson or application/graphml+xml, or end the path by the suffix."
    )


class BodyTooLarge(UsageError):
    """The body is larger than the limit."""

    code = "BODY_LIMIT"
    status = 413
    advice = "Send a body of at most 64 KiB; put values into variables, ask for less at once."


class NoSuchPath(UsageError):
    """Nothing is served here."""

    code = "NO_SUCH_PATH"
    status = 404
    advice = "There are POST /graphql, GET /export/…, GET /livez and GET /readyz: docs/api.md."


class MethodRefused(UsageError):
    """The path is served, by another method."""

    code = "METHOD"
    status = 405
    advice = "Send queries as POST /graphql with a JSON body."


class SyntaxRefused(BadRequest):
    """The document is not GraphQL."""

    code = "GRAPHQL_SYNTAX"
    advice = "Correct the document at the place named above."


class DocumentInvalid(BadRequest):
    """The document does not fit the schema."""

    code = "GRAPHQL_INVALID"
    advice = "Compare the document with docs/api.md or graphsvc/api/schema.graphql."


class VariablesInvalid(BadRequest):
    """A variable is missing or of the wrong type."""

    code = "VARIABLES_INVALID"
    advice = "Send each declared variable with a value of its declared type."


class IntrospectionOff(BadRequest):
    """The schema may be read by administrators only."""

    code = "INTROSPECTION_OFF"
    status = 403
    advice = "Read graphsvc/api/schema.graphql, or use a key of the role admin."


class CostLimit(BadRequest):
    """The document could return more than one request may."""

    code = "COST_LIMIT"
    advice = "Ask for fewer fields, or smaller pages (first) of nested connections."


class DepthLimit(BadRequest):
    """The document is nested too deeply."""

    code = "DEPTH_LIMIT"
    advice = "Ask in two requests; node(id) goes on from any node."


class FieldLimit(BadRequest):
    """The document selects too many fields, fragments spread out."""

    code = "FIELD_LIMIT"
    advice = "Select fewer fields, or ask in several requests."


class AliasLimit(BadRequest):
    """The document uses too many aliases."""

    code = "ALIAS_LIMIT"
    advice = "Ask in several requests."


class DirectiveLimit(BadRequest):
    """The document uses too many directives."""

    code = "DIRECTIVE_LIMIT"
    advice = "Leave out @skip and @include where the condition is known beforehand."


class TokenLimit(BadRequest):
    """The document has too many tokens."""

    code = "TOKEN_LIMIT"
    advice = "Put values into variables, or ask in several requests."


class QueryTooLong(BadRequest):
    """The document's text is too long."""

    code = "QUERY_LIMIT"
    advice = "Send a document of at most 16 KiB; put values into variables."


class PageLimit(BadRequest):
    """A size (first, k) outside its bounds."""

    code = "PAGE_LIMIT"
    advice = (
        "Ask for a size within the bounds; a page goes on with after: pageInfo.endCursor, and a "
        "whole sub-graph leaves by GET /export/neighbourhood."
    )


class UnknownDocument(BadRequest):
    """An id that is none of the trusted documents'."""

    code = "UNKNOWN_DOCUMENT"
    advice = "Send an id of docs/partner-documents.md."


class Overloaded(GraphsvcError):
    """This worker answers as many requests as it can; who waits would only make all wait longer."""

    code = "OVERLOADED"
    status = 503
    advice = "Ask again after Retry-After; ask less at once."


class NotReady(GraphsvcError):
    """The journal cannot be written, or the disk is under the floor; the log says which."""

    code = "NOT_READY"
    status = 503
    advice = "Send requests to another server until /readyz is 200 again; see docs/operations.md."


class RateLimited(GraphsvcError):
    """A client has used up its points; `seconds` until it has enough for this request."""

    code = "RATE_LIMIT"
    status = 429
    advice = "Wait as long as Retry-After says; Cost and RateLimit tell where a client stands."

    def __init__(self, message: str, seconds: int = 1) -> None:
        super().__init__(message)
        self.seconds = seconds


class CursorRefused(BadRequest):
    """A cursor that this field did not give."""

    code = "BAD_CURSOR"
    advice = "Send an endCursor of the same field, unchanged, or leave `after` out."


def as_json(error: GraphsvcError) -> dict[str, Any]:
    """Return an error as it leaves: a message, and what to do by code and by advice."""
    message, advice = str(error), error.advice
    if database_away(error):
        # Where the database is, and how it failed, is for the log; it is not theirs to start.
        message = "the database does not answer now"
        advice = "Repeat the request after the seconds that Retry-After gives."
    if isinstance(error, JournalAway):
        # Where the journal is, and how it failed, is for the log as well.
        message = "the journal cannot be written now, so nothing was done"
        advice = "Repeat the request after the seconds that Retry-After gives."
    return {"message": message, "extensions": {"code": error.code, "advice": advice}}


def database_away(error: GraphsvcError) -> bool:
    """Tell whether the database is away; one that was only too slow for a query is not."""
    return isinstance(error, DatabaseAway) and not isinstance(error, DatabaseSlow)


def unexpected() -> GraphsvcError:
    """Return what is said of any error that is not ours: nothing but the request id finds it."""
    return _Internal("something went wrong here; the request id in X-Request-Id finds it")


class _Internal(GraphsvcError):
    """An error that nobody foresaw."""

    advice = "Repeat the request; if it fails again, report the request id."
