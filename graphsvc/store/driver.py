"""One driver a process, and the translation of its errors; never a query text of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from neo4j import AsyncDriver, AsyncGraphDatabase, NotificationMinimumSeverity
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    TransientError,
)

from graphsvc.errors import CommitUnknown, Conflict, DatabaseAway, DatabaseRefused, DatabaseSlow
from graphsvc.store.local import Server

LOCKED = ("DeadlockDetected", "LockAcquisitionTimeout", "LockClientStopped", "Outdated")


# `IF NOT EXISTS` looks and makes in two steps: another session may come between them.
MADE_BY_ANOTHER = ("EquivalentSchemaRuleAlreadyExists", "IndexAlreadyExists")


@asynccontextmanager
async def connect(server: Server, *, pool: int = 100) -> AsyncIterator[AsyncDriver]:
    """Yield a driver that has reached the server; raises DatabaseAway or DatabaseRefused."""
    with translated():
        driver = AsyncGraphDatabase.driver(
            server.uri,
            auth=(server.user, server.password),
            connection_timeout=3.0,
            connection_acquisition_timeout=20.0,
            max_transaction_retry_time=10.0,
            max_connection_pool_size=pool,
            notifications_min_severity=NotificationMinimumSeverity.OFF,
            telemetry_disabled=True,
            user_agent="graphsvc",
        )
    async with driver:
        with translated():
            await driver.verify_connectivity()
        yield driver


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's exceptions into ours; a message never carries a parameter's value."""
    try:
        yield
    except AuthError:
        raise DatabaseRefused("Neo4j refuses the user name or password") from None
    except ConfigurationError as error:
        raise DatabaseRefused(f"NEO4J_URI cannot be used: {error}") from None
    except IncompleteCommit:
        raise CommitUnknown("the connection broke while Neo4j committed") from None
    except (ServiceUnavailable, OSError) as error:
        raise DatabaseAway(f"Neo4j does not answer: {_first_line(error)}") from None
    except TransientError as error:
        if gave_way(error):
            raise Conflict(f"Neo4j gave way to another writer: {error.code}") from None
        raise DatabaseAway(f"Neo4j cannot do it now: {error.code}") from None
    except ClientError as error:
        if "TransactionTimedOut" in (error.code or ""):
            raise DatabaseSlow("the query ran longer than its time limit") from None
        if "ConstraintValidationFailed" in (error.code or ""):
            raise Conflict("another writer made the same key") from None
        raise
    except Neo4jError as error:
        raise DatabaseAway(f"Neo4j failed: {error.code}") from None
    except DriverError as error:
        raise DatabaseAway(f"the connection broke: {_first_line(error)}") from None


def already_there(error: ClientError) -> bool:
    """Tell whether another migration made the same constraint or index a moment before."""
    return (error.code or "").endswith(MADE_BY_ANOTHER)


def gave_way(error: TransientError) -> bool:
    """Tell whether the server refused because of another writer's lock, and of nothing else."""
    code = error.code or ""
    return code.startswith("Neo.TransientError.Transaction.") and code.endswith(LOCKED)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
