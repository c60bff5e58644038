"""The tree of errors: what went wrong and what to do next; never a secret in a message."""

from __future__ import annotations

from typing import ClassVar


class GraphsvcError(Exception):
    """An error whose message a user may read; `advice` says what to do next.

    `code` is for programs, `status` is the HTTP status, `exit_code` the one of the command line.
    """

    code: ClassVar[str] = "INTERNAL"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1
    advice: ClassVar[str] = "Repeat the command; if it fails again, report the request id."


class CheckFailed(GraphsvcError):
    """A check, verification or comparison gave a difference."""

    code = "CHECK_FAILED"
    status = 409
    advice = "Read the difference above; nothing was changed."


class UsageError(GraphsvcError):
    """The call itself is wrong: a missing option, a name that does not exist."""

    code = "USAGE"
    status = 400
    exit_code = 2
    advice = "Run the command with --help; its last lines are an example that runs."


class OutsideServer(UsageError):
    """The command works on the files of the managed server, and NEO4J_URI names another one."""

    code = "OUTSIDE_SERVER"
    advice = "Unset NEO4J_URI for the managed server, or load the files with `graphsvc load`."


class InputRefused(GraphsvcError):
    """A file, a mapping or a value cannot be used as a whole."""

    code = "INPUT_REFUSED"
    status = 400
    exit_code = 3
    advice = "Correct the input named above and run the same command again."


class FeedShrinks(InputRefused):
    """A whole feed would end more than 5 % of what it should list, or perhaps the wrong ones."""

    code = "FEED_SHRINKS"
    advice = "Is the file whole? Then repeat the command with --accept-shrink."


class SourceChanged(InputRefused):
    """A file is no longer what a run loaded from it, or gone, and is needed again."""

    code = "SOURCE_CHANGED"
    advice = "Put the file back where the message says, or enter the whole rows anew."


class KeyMissing(InputRefused):
    """No token key: payment and contact values may not be stored without one."""

    code = "TOKEN_KEY_MISSING"
    advice = "Run `graphsvc tokens create`, or set GRAPHSVC_TOKEN_KEY to 64 hexadecimal digits."


class KeyRefused(InputRefused):
    """The token key is malformed, or not the one that the graph was loaded with."""

    code = "TOKEN_KEY_REFUSED"
    advice = "Use the key that this graph was loaded with; see docs/security.md on keys."


class SourceGone(InputRefused):
    """A file that was loaded is not there any more, or not as it was."""

    code = "SOURCE_GONE"
    advice = "Put it back, or repeat with --drop-missing: what it alone said is then removed."


class JarRefused(InputRefused):
    """A server file does not match the committed lock."""

    code = "JAR_REFUSED"
    advice = "Delete the cache folder named above and start again; if it repeats, do not run it."


class NotWritable(InputRefused):
    """A folder that must be written to cannot be."""

    code = "NOT_WRITABLE"
    advice = "Give the current user write permission, or point GRAPHSVC_HOME to another folder."


class DiskFull(InputRefused):
    """A folder that must be written to has less room than the floor that is set."""

    code = "DISK_FULL"
    advice = "Make room there, or set GRAPHSVC_DISK_FLOOR lower; nothing was written."


class PortInUse(InputRefused):
    """Another process listens on the wanted port."""

    code = "PORT_IN_USE"
    advice = "Choose another port with --port, or stop the process that uses it."


class DatabaseAway(GraphsvcError):
    """Neo4j does not answer, or stopped answering."""

    code = "DATABASE_AWAY"
    status = 503
    exit_code = 4
    advice = "Start it with `graphsvc neo4j start` or check NEO4J_URI, then repeat the command."


class DatabaseRefused(DatabaseAway):
    """Neo4j answers but refuses the credentials."""

    code = "DATABASE_REFUSED"
    advice = "Check NEO4J_USER and NEO4J_PASSWORD; a managed server keeps its own in GRAPHSVC_HOME."


class DatabaseSlow(DatabaseAway):
    """A query ran into its time limit."""

    code = "DATABASE_TIMEOUT"
    advice = "Ask for less (fewer hops, a smaller page), or raise GRAPHSVC_QUERY_SECONDS."


class AssemblyFailed(DatabaseAway):
    """The server's files could not be fetched."""

    code = "ASSEMBLY_FAILED"
    advice = "Check the network and the proxy variables and repeat, or set NEO4J_URI to a Neo4j."


class CommitUnknown(DatabaseAway):
    """The connection broke while Neo4j committed: nobody knows yet whether it did."""

    code = "COMMIT_UNKNOWN"
    advice = "Repeat the command: it looks up how far it came, and goes on from there."


class IssuerAway(GraphsvcError):
    """The issuer of tokens does not give its keys, so that no token can be verified."""

    code = "ISSUER_AWAY"
    status = 503
    exit_code = 4
    advice = "Repeat the request after the seconds that Retry-After gives."


class Conflict(GraphsvcError):
    """Another process got there first, or the graph is not what the command expects."""

    code = "CONFLICT"
    status = 409
    exit_code = 5
    advice = "Let the other command finish, then repeat this one."


class Fenced(Conflict):
    """Another loader took the run over, or it was aborted; this one writes no more."""

    code = "FENCED"
    advice = "See `graphsvc runs show RUN`; nothing of this loader is half-written."


class NotEmpty(Conflict):
    """A first load wants an empty graph."""

    code = "NOT_EMPTY"
    advice = "Load into this graph with `graphsvc load`, or set GRAPHSVC_HOME to another folder."


class HomeNotEmpty(Conflict):
    """A restore would take the place of what is there."""

    code = "HOME_NOT_EMPTY"
    advice = "Restore into another GRAPHSVC_HOME, or repeat with --replace, which moves it aside."


class SchemaDrift(Conflict):
    """Constraints or indexes of the database are not those of the declarations."""

    code = "SCHEMA_DRIFT"
    advice = "Run `graphsvc migrate`; it prints what is missing and what is foreign."


class NotFound(GraphsvcError):
    """No such thing, or not yours: the answer is the same."""

    code = "NOT_FOUND"
    status = 404
    advice = "Check the id; ids are written platform:local_id."


class BadRequest(UsageError):
    """A request that is not JSON, not GraphQL, or outside the bounds of the schema."""

    code = "BAD_REQUEST"
    advice = "Correct what the message names; docs/api.md has the form and the bounds of a request."


class Unauthenticated(GraphsvcError):
    """No credential, or one that is unknown, expired or revoked."""

    code = "UNAUTHENTICATED"
    status = 401
    advice = "Send `Authorization: Bearer KEY`; make a key with `graphsvc keys create`."


class CaseMissing(GraphsvcError):
    """A partner's request names no case."""

    code = "CASE_MISSING"
    status = 403
    advice = "Send the header Case-Id with the case that the grant opens."


class PurposeMissing(GraphsvcError):
    """A partner's request names no purpose of the closed list."""

    code = "PURPOSE_MISSING"
    status = 403
    advice = "Send the header Purpose with the grant's purpose; docs/api.md has the list."


class GrantMissing(GraphsvcError):
    """No grant stands for this officer, case and purpose; or there is no such case."""

    code = "GRANT_MISSING"
    status = 403
    advice = "Ask your contact for a grant; it names officer, case and purpose, and it expires."


class NotOpen(GraphsvcError):
    """A field that nobody from outside may ask, whatever it would answer."""

    code = "NOT_OPEN"
    status = 403
    advice = "Leave the field out; docs/api.md says which fields are open to partners."


class Forbidden(GraphsvcError):
    """The credential is good, and does not open this."""

    code = "FORBIDDEN"
    status = 403
    advice = "Ask an administrator which role this needs; see docs/security.md."


class JournalAway(GraphsvcError):
    """The journal cannot be written or read, so what must be recorded is not done."""

    code = "JOURNAL_AWAY"
    status = 503
    exit_code = 3
    advice = "Run `graphsvc audit verify` and look at the disk of GRAPHSVC_HOME; nothing was done."


class JournalBusy(JournalAway):
    """Another process holds the journal for longer than a writer may."""

    code = "JOURNAL_BUSY"
    exit_code = 5
    advice = "Repeat the command; if it repeats, find the process that holds the file."


class JournalFull(JournalAway):
    """The disk of the journal is full."""

    code = "JOURNAL_FULL"
    advice = "Make room on the disk of GRAPHSVC_HOME, then repeat the command; nothing was done."


class JournalNotWritable(JournalAway):
    """The journal's file cannot be opened or written by this user."""

    code = "JOURNAL_NOT_WRITABLE"
    advice = "Give the current user write permission in GRAPHSVC_HOME/journal; nothing was done."


class JournalCorrupt(JournalAway):
    """The journal's file is damaged or not a journal."""

    code = "JOURNAL_CORRUPT"
    exit_code = 1
    advice = "Keep the file for examination, bring back the last backup: docs/operations.md."
