"""From an admitted request to its answer: prepared, allowed, run; errors written out and masked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import structlog
from graphql import ExecutionResult, GraphQLError, OperationDefinitionNode, OperationType, execute

from graphsvc.access.policy import may, require
from graphsvc.access.principal import Principal, Scope
from graphsvc.api.context import Context
from graphsvc.api.documents import MOST_MESSAGE, Documents, Prepared
from graphsvc.api.errors import IntrospectionOff, VariablesInvalid, as_json, unexpected
from graphsvc.api.gate import Request
from graphsvc.api.schema import EXECUTABLE
from graphsvc.api.straight import StraightExecutor
from graphsvc.audit.events import digest
from graphsvc.errors import DatabaseAway, DatabaseSlow, GraphsvcError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves; `status` is 200 where there is any data, else that of the first error."""

    body: dict[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """An operation that may run, its variables, its cost, and its document's id.

    `trusted`: the document is one of ours.
    """

    prepared: Prepared
    operation: OperationDefinitionNode
    variables: dict[str, Any]
    cost: int
    document: str
    trusted: bool

    @property
    def writes(self) -> bool:
        """Tell whether it is a mutation."""
        return self.operation.operation is OperationType.MUTATION


def plan(documents: Documents, asked: Request, principal: Principal) -> Plan:
    """Return what a request would run, and at what cost; nothing has run yet.

    Raises a limit's error, UnknownDocument or IntrospectionOff; Forbidden for a document of one's
    own or a mutation without the scope for it.
    """
    if asked.document is None:
        require(principal, Scope.QUERY_ADHOC)
    prepared = documents.trusted(asked.document) if asked.document else documents.get(asked.query)
    operation = prepared.operation(asked.operation)
    shape = prepared.shape(operation, asked.variables)
    if operation.operation is OperationType.MUTATION:
        require(principal, Scope.DECIDE)
    if shape.introspects and not may(principal, Scope.SCHEMA_READ):
        raise IntrospectionOff("the schema may not be asked for")
    name = asked.document or digest(asked.query)
    trusted = asked.document is not None
    return Plan(prepared, operation, asked.variables, shape.cost, name, trusted)


async def answer(planned: Plan, context: Context, *, seconds: float) -> Answer:
    """Return the answer to a planned request, its errors included.

    Raises VariablesInvalid before anything runs; DatabaseAway or DatabaseSlow where any field met
    it, because half an answer would look like a whole one.
    """
    name = planned.operation.name
    running = execute(
        EXECUTABLE,
        planned.prepared.document,
        context_value=context,
        variable_values=planned.variables,
        operation_name=name.value if name else None,
        hide_suggestions=True,
        executor_class=StraightExecutor,
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
