"""Translates errors of database drivers into those of this program, with one sentence for the user.

Rule: no password and no SQL statement appears in a message.
"""

import sqlite3
from typing import Literal

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from agent_assist.cleaning import clean_line
from agent_assist.errors import AgentAssistError, Damaged, MaybeSaved, NotSaved, Refused, Unreachable
from agent_assist.library_errors import database_reason, is_not_a_database, lacks_connection
from agent_assist.locale import _

Phase = Literal["read", "write", "commit"]
"""What was under way when a driver raised: it decides whether something may have been saved."""

_MAX_REASON = 200
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_ROLLED_BACK = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_READONLY}
"""Result codes after which a failed commit of SQLite is certainly rolled back."""
_CONNECTION_LOST = ("08", "57")
"""SQLSTATE classes: connection exception, operator intervention."""
_LOCK_TIMEOUT = "55P03"
_NOT_ALLOWED = "42501"


def reason(error: BaseException, secret: str = "") -> str:
    """Return the driver's message on one line, cut to `_MAX_REASON` characters, with `secret` masked."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(origin, PoolTimeoutError):
        return _("earlier calls of this desk take too long")
    words = clean_line(database_reason(str(origin)))
    words = words or type(origin).__name__
    if secret:
        words = words.replace(secret, "***")
    return words if len(words) <= _MAX_REASON else words[:_MAX_REASON] + "…"


def translate(error: SQLAlchemyError | sqlite3.Error, phase: Phase, secret: str = "") -> AgentAssistError:
    """Return the error that callers raise instead of the driver's."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    words = reason(error, secret)
    if isinstance(origin, sqlite3.Error):
        code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
        if code in _CORRUPT or (isinstance(origin, sqlite3.DatabaseError) and is_not_a_database(words)):
            return damaged(words)
        if phase == "commit" and code not in _ROLLED_BACK:
            return maybe_saved(words)
        if code == sqlite3.SQLITE_BUSY:
            words = _("another program keeps it busy")
        elif code == sqlite3.SQLITE_FULL:
            words = _("the disk is full")
    else:
        state = getattr(origin, "sqlstate", None) or ""
        if phase == "commit" and (not state or state.startswith(_CONNECTION_LOST)):
            return maybe_saved(words)
        if state == _LOCK_TIMEOUT:
            words = _("another program keeps it busy")
        elif state == _NOT_ALLOWED:
            return Refused(
                _("The database does not let you do this ({reason}).", reason=words.rstrip(".")),
                hint=_(
                    "Publishing facts, deciding and erasing are for leads, and everybody writes only under their own "
                    "name. As whom you are signed in: agent-assist doctor"
                ),
            )
    if phase == "read":
        return unreachable(words)
    if hint := _way_to_a_connection(words):
        return NotSaved(_("Not saved: the database takes no more connections now."), hint=hint)
    return NotSaved(
        _("Not saved: {reason}.", reason=words.rstrip(".")),
        hint=_("Nothing was written; try again in a moment."),
    )


def _way_to_a_connection(words: str) -> str:
    """Return what to do when these words name a limit of connections; empty when they do not."""
    whose = lacks_connection(words)
    if whose == "account":
        return _("Too many desks of your account are open: close one. This one comes back by itself.")
    if whose == "all":
        return _(
            "Too many desks are open: close those that nobody uses, and tell whoever runs the server (docs/team.md). "
            "This one comes back by itself."
        )
    return ""


def unreachable(words: str) -> Unreachable:
    """Return the error of a read that failed."""
    if hint := _way_to_a_connection(words):
        return Unreachable(_("The database takes no more connections now."), hint=hint)
    return Unreachable(
        _("The database cannot be read: {reason}.", reason=words.rstrip(".")),
        hint=_("Search, filling and copying go on without it; try again in a moment."),
    )


def damaged(words: str) -> Damaged:
    """Return the error of a file that SQLite or a check finds corrupt."""
    return Damaged(
        _("The database is damaged: {reason}.", reason=words.rstrip(".")),
        hint=_("Keep the file as it is, put back a backup, or name another database with AGENT_ASSIST_DATABASE."),
    )


def maybe_saved(words: str, op_id: str = "") -> MaybeSaved:
    """Return the error of a commit that was sent and not answered: the outcome is unknown."""
    return MaybeSaved(
        _("Maybe saved: the database did not answer ({reason}).", reason=words.rstrip(".")),
        op_id=op_id,
        hint=(
            _("Try again with op_id {op_id}: it is recorded once, however often you try.", op_id=op_id)
            if op_id
            else _("Look again in a moment whether it is there.")
        ),
    )
