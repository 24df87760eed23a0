"""What `doctor` says about the database: engine and role, the disk below it, the log in it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from agent_assist.errors import AgentAssistError, NotFound
from agent_assist.locale import N_, _
from agent_assist.services.current_policy import in_force, notes, short_source
from agent_assist.services.doctor.finding import Finding
from agent_assist.settings import Settings
from agent_assist.store.database_info import DatabaseInfo, is_network, read_database_info

if TYPE_CHECKING:
    from agent_assist.store.server_info import Connections

LOW_DISK_BYTES, FULL_DISK_BYTES = 200_000_000, 20_000_000
"""Bytes free below which the disk is worth a word, and below which work is about to fail."""

SCARCE = 0.8
"""Share of the connections that are allowed, from which on it is worth a word."""

MAX_SHOWN_ROWS = 5
"""Of those that are left out; `--json` names all."""

_LABEL = N_("Database")
_SOUND_WAL = (3, 51, 3)


def database_findings(settings: Settings) -> Iterator[Finding]:
    """Yield one finding while there is no database or it cannot be reached; else one each about engine, connections
    (of a server), disk (of a file on this machine), log, policy and rows."""
    try:
        database = read_database_info(settings.database, home=settings.home)
    except NotFound as none:
        yield Finding(
            name="database",
            label=_LABEL,
            state="note",
            found=none.message,
            hint=_("It is made when something has to be kept."),
            details={"exists": False},
        )
        return
    except AgentAssistError as error:
        yield Finding(name="database", label=_LABEL, state="bad", found=error.message, hint=error.hint)
        return
    yield _engine(database, settings)
    if database.connections is not None:
        yield _connections(database.connections, is_owner=database.is_owner)
    if database.free is not None:
        yield _disk(database, database.free)
    yield _log(database)
    yield _policy(database, settings)
    yield _rows(database)


def _engine(database: DatabaseInfo, settings: Settings) -> Finding:
    role = database.role or settings.role
    found = _("{engine} {version}, {place}", engine=database.engine, version=database.version, place=database.place)
    if database.journal:
        found += _(", journal {mode}", mode=database.journal)
    if database.account:
        found += _(", signed in as {account}", account=database.account)
    found += _(", role: lead") if role == "lead" else _(", role: agent")
    details = {
        "exists": True,
        "engine": database.engine,
        "version": database.version,
        "journal": database.journal,
        "place": database.place,
        "account": database.account,
        "role": role,
        "is_team": database.role is not None,
        "is_owner": database.is_owner,
    }
    finding = Finding(name="database", label=_LABEL, state="ok", found=found, details=details)
    if troubles := list(_troubles(database, settings)):
        return msgspec.structs.replace(finding, state="bad", hint=" ".join(troubles))
    return _noted(finding, list(_notes(database)))


def _troubles(database: DatabaseInfo, settings: Settings) -> Iterator[str]:
    if database.role is not None and database.account != settings.agent:
        yield _(
            "You work under the name {agent}, but a team's database takes only what {account} writes. Leave out "
            "AGENT_ASSIST_AGENT.",
            agent=settings.agent,
            account=database.account,
        )
    if database.is_read_only:
        yield _("The server is a standby and takes no writes. Name the main server in AGENT_ASSIST_DATABASE.")
    if database.unsafe:
        names = ", ".join(database.unsafe)
        yield _("A power cut can undo what was saved: the server has {names} off. Have it turned on.", names=names)
    if database.journal == "wal" and _version(database.version) < _SOUND_WAL:
        yield _("This SQLite can damage such a journal. Leave journal=wal out of the database URL.")


def _notes(database: DatabaseInfo) -> Iterator[str]:
    if database.is_owner:
        yield _("This account owns the database and no rule binds it. For daily work: agent-assist team add NAME")
    if database.is_encrypted is False:
        yield _("The connection is not encrypted. Add ?sslmode=require to the URL.")


def _connections(connections: "Connections", *, is_owner: bool) -> Finding:
    found = _("{used} of {allowed} in use", used=connections.used, allowed=connections.allowed)
    if connections.account_limit is not None:
        found += _(
            ", by this account {used} of {allowed}", used=connections.account_used, allowed=connections.account_limit
        )
    if connections.is_pooled:
        found += _(", through a connection pooler")
    finding = Finding(
        name="connections",
        label=N_("Connections"),
        state="ok",
        found=found,
        details=msgspec.structs.asdict(connections),
    )
    return _noted(finding, list(_connection_notes(connections, is_owner=is_owner)))


def _connection_notes(connections: "Connections", *, is_owner: bool) -> Iterator[str]:
    if _is_scarce(connections.used, connections.allowed) or _is_scarce(
        connections.database_used, connections.database_limit
    ):
        yield _(
            "Soon the server takes no more desks. Close those that nobody uses, have max_connections raised, or put "
            "PgBouncer in front of it: docs/team.md"
        )
    if _is_scarce(connections.account_used, connections.account_limit):
        yield _("Soon this account may open no more connections. Close its desks that nobody uses.")
    if is_owner and connections.unlimited:
        yield _(
            "Accounts that may open any number of connections: {count}. To limit them: agent-assist team init",
            count=connections.unlimited,
        )


def _is_scarce(used: int, limit: int | None) -> bool:
    return limit is not None and used >= SCARCE * limit


def _disk(database: DatabaseInfo, free: int) -> Finding:
    kind = database.file_system or "—"
    size = f"{free / 1e9:,.1f} GB" if free >= 1e9 else f"{free // 1_000_000:,} MB"
    finding = Finding(
        name="disk",
        label=N_("Disk"),
        state="ok",
        found=_("{kind}, free: {size}", kind=kind, size=size),
        details={"file_system": database.file_system, "is_network": is_network(kind), "free": free},
    )
    if free < FULL_DISK_BYTES:
        hint = _("The disk is nearly full; soon nothing can be saved. Make room.")
        return msgspec.structs.replace(finding, state="bad", hint=hint)
    notes = []
    if is_network(kind):
        notes.append(_("Files on a network are not locked reliably. Use a local disk (--home DIR), or PostgreSQL."))
    if free < LOW_DISK_BYTES:
        notes.append(_("There is little room left."))
    return _noted(finding, notes)


def _log(database: DatabaseInfo) -> Finding:
    log, seen = database.log, database.known
    found = (
        _("entries: {count}, ends with {hash}", count=log.seq, hash=log.hash[:12]) if log.seq else _("no entries yet")
    )
    finding = Finding(
        name="log",
        label=N_("Offer log"),
        state="ok",
        found=found,
        details={
            "entries": log.seq,
            "head": log.hash,
            "seen": seen.seq if seen else None,
            "is_whole": database.is_whole,
        },
    )
    if database.is_whole:
        return finding
    return msgspec.structs.replace(
        finding,
        state="bad",
        hint=_(
            "Entry #{seq}, which was seen here, is gone or changed. Look: agent-assist offer verify",
            seq=seen.seq if seen else 0,
        ),
    )


def _policy(database: DatabaseInfo, settings: Settings) -> Finding:
    found = in_force(settings.home, database.policy, is_team=database.role is not None)
    finding = Finding(
        name="policy",
        label=N_("Policy"),
        state="ok",
        found=f"{short_source(found)}, {found.place}",
        details={"source": found.source, "version": found.version or None, "is_missing": found.is_missing},
    )
    if found.problems:
        return msgspec.structs.replace(finding, state="bad", hint=found.policy.fault)
    return _noted(finding, notes(found))


def _rows(database: DatabaseInfo) -> Finding:
    rows = [{"table": row.table, "row": row.key, "reason": row.reason} for row in database.left_out]
    finding = Finding(
        name="rows",
        label=N_("Rows"),
        state="ok",
        found=_("all that were looked at can be used"),
        details={"left_out": rows},
    )
    if not rows:
        return finding
    some = "; ".join(f"{row.table} {row.key}: {row.reason}" for row in database.left_out[:MAX_SHOWN_ROWS])
    more = len(rows) - MAX_SHOWN_ROWS
    return msgspec.structs.replace(
        finding,
        state="note",
        found=_("left out, since they cannot be used: {count}", count=len(rows)),
        hint=some
        + (_(" … and {count} more", count=more) if more > 0 else "")
        + ". "
        + _("The desk works without them; the owner of the database can correct or remove them."),
    )


def _noted(finding: Finding, notes: Sequence[str]) -> Finding:
    return msgspec.structs.replace(finding, state="note", hint=" ".join(notes)) if notes else finding


def _version(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
