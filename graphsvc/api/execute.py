"""From an admitted request to its answer: prepared, allowed, run; errors written out and masked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from graphql import ExecutionResult, GraphQLError, execute

from graphsvc.access.policy import Action, may
from graphsvc.api.context import Context
from graphsvc.api.documents import MOST_MESSAGE, Documents
from graphsvc.api.errors import IntrospectionOff, VariablesInvalid, as_json, unexpected
from graphsvc.api.gate import Request
from graphsvc.api.schema import EXECUTABLE
from graphsvc.errors import DatabaseAway, DatabaseSlow, GraphsvcError

log = structlog.get_logger()


async def answer(
    documents: Documents, asked: Request, context: Context, *, seconds: float
) -> dict[str, Any]:
    """Return the answer to a request, its errors included.

    Raises a limit's error, IntrospectionOff or VariablesInvalid before anything runs; DatabaseAway
    or DatabaseSlow where any field met it, because half an answer would look like a whole one.
    """
    prepared = documents.get(asked.query)
    operation = prepared.operation(asked.operation)
    shape = prepared.shape(operation, asked.variables)
    if shape.introspects and not may(context.principal, Action.READ_SCHEMA):
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


def _written(result: ExecutionResult) -> dict[str, Any]:
    if not result.errors:
        return {"data": result.data}
    causes = [error.original_error for error in result.errors]
    for cause in causes:
        if isinstance(cause, DatabaseAway):
            raise cause
    if result.data is None and not any(error.path for error in result.errors):
        raise VariablesInvalid(result.errors[0].message[:MOST_MESSAGE])
    return {"data": result.data, "errors": [_error(error) for error in result.errors]}


def _error(error: GraphQLError) -> dict[str, Any]:
    """Return an error with its place; the words of one that is not ours stay in the log."""
    cause = error.original_error
    if not isinstance(cause, GraphsvcError):
        place = ".".join(map(str, error.path or ()))
        log.error("unexpected", field=place, error=type(cause or error).__name__, exc_info=cause)
        cause = unexpected()
    return {**as_json(cause), "path": error.path}
