"""From an admitted request to its answer: prepared, allowed, run; errors written out and masked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import ExecutionResult, GraphQLError, execute

from graphsvc.access.policy import may, require
from graphsvc.access.principal import Scope
from graphsvc.api.context import Context
from graphsvc.api.documents import MOST_MESSAGE, Documents
from graphsvc.api.errors import IntrospectionOff, VariablesInvalid, as_json, unexpected
from graphsvc.api.gate import Request
from graphsvc.api.schema import EXECUTABLE
from graphsvc.errors import DatabaseAway, DatabaseSlow, GraphsvcError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves; `status` is 200 where there is any data, else that of the first error."""

    body: dict[str, Any]
    status: int = 200


async def answer(
    documents: Documents, asked: Request, context: Context, *, seconds: float
) -> Answer:
    """Return the answer to a request, its errors included.

    Raises a limit's error, IntrospectionOff or VariablesInvalid before anything runs; DatabaseAway
    or DatabaseSlow where any field met it, because half an answer would look like a whole one.
    """
    require(context.principal, Scope.QUERY_ADHOC)
    prepared = documents.get(asked.query)
    operation = prepared.operation(asked.operation)
    shape = prepared.shape(operation, asked.variables)
    if shape.introspects and not may(context.principal, Scope.SCHEMA_READ):
        raise IntrospectionOff("the schema may not be asked for")
    running = execute(
        EXECUTABLE,
        prepared.document,
        context_value=context,
        variable_values=asked.variables,
        operation_name=operation.name.value if operation.name else None,
        hide_suggestions=True,
    )
    return _written(await _within(running, seconds))


async def _within(
    running: ExecutionResult | Awaitable[ExecutionResult], seconds: float
) -> ExecutionResult:
    if isinstance(running, ExecutionResult):
        return running
    try:
        async with asyncio.timeout(seconds):
            return await running
    except TimeoutError:
        raise DatabaseSlow("the request ran longer than its time limit") from None


def _written(result: ExecutionResult) -> Answer:
    if not result.errors:
        return Answer({"data": result.data})
    for error in result.errors:
        if isinstance(error.original_error, DatabaseAway):
            raise error.original_error
    if result.data is None and not any(error.path for error in result.errors):
        raise VariablesInvalid(result.errors[0].message[:MOST_MESSAGE])
    causes = [_cause(error) for error in result.errors]
    told = [
        {**as_json(cause), "path": error.path}
        for cause, error in zip(causes, result.errors, strict=True)
    ]
    status = 200 if result.data is not None else causes[0].status
    return Answer({"data": result.data, "errors": told}, status)


def _cause(error: GraphQLError) -> GraphsvcError:
    """Return what a field's error is told as; the words of one that is not ours stay in the log."""
    cause = error.original_error
    if isinstance(cause, GraphsvcError):
        return cause
    if isinstance(cause, GraphQLError) and cause.nodes:
        # An argument: null in a variable where the field takes no null. Validation lets it pass.
        return VariablesInvalid(cause.message[:MOST_MESSAGE])
    place = ".".join(map(str, error.path or ()))
    log.error("unexpected", field=place, error=type(cause or error).__name__, exc_info=cause)
    return unexpected()
