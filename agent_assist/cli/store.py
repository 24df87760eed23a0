"""`agent-assist store`: move everything on record to another database, back it up, put a backup back.

Progress goes to stderr as plain lines, at most one a second. Ctrl+C ends the work and leaves nothing half done.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import output
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.errors import Refused
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _
from agent_assist.settings import prepare_home

if TYPE_CHECKING:
    from agent_assist.settings import Settings

_FILE = click.Path(path_type=Path)


@click.group("store", cls=Group, help=N_("Move, back up and restore everything that is on record."))
def command() -> None:
    """The commands on the whole database."""


@command.command(
    "move",
    help=N_(
        "Take everything into another, empty database: from a file to PostgreSQL or back. The offer log arrives as it "
        "was written. The database you leave is not changed."
    ),
    examples=(
        "agent-assist store move --to postgresql://owner@server/desk",
        "agent-assist store move --to sqlite:////home/me/desk.db",
    ),
)
@click.option("--to", "target", metavar="URL", required=True, help=N_("The new database; it must be empty."))
@click.pass_obj
def move(session: Session, target: str) -> int:
    """Both logs are verified and both sides compared before anything counts."""
    from agent_assist.store.opening import public_url  # SQLAlchemy, loaded with the command
    from agent_assist.store.transfer.move import move as move_to

    settings = _settings(session)
    moved = move_to(settings.database, target, home=settings.home, progress=_Progress())
    if session.json:
        output.as_json({"rows": moved.rows, "head": {"seq": moved.head.seq, "hash": moved.head.hash}})
        return ExitCode.DONE
    output.text(
        _("Moved: {rows} rows, the offer log up to #{seq}. Both sides are equal.", rows=moved.rows, seq=moved.head.seq)
    )
    say(_("From now on use: AGENT_ASSIST_DATABASE={url}", url=public_url(target)))
    say(_("Close every desk that still works with the old database; what is written there does not come along."))
    return ExitCode.DONE


@command.command(
    "backup",
    help=N_("Write everything on record into one file, verified, for its owner's eyes only."),
    examples=("agent-assist store backup desk-2026-11-21.backup",),
)
@click.argument("file", metavar="FILE", type=_FILE)
@click.pass_obj
def backup(session: Session, file: Path) -> int:
    """The file is complete or absent."""
    from agent_assist.store.transfer.backup import back_up  # SQLAlchemy, loaded with the command

    settings = _settings(session)
    kept = back_up(settings.database, file, home=settings.home, progress=_Progress())
    if session.json:
        head = {"seq": kept.head.seq, "hash": kept.head.hash}
        output.as_json({"file": clean_line(str(file)), "bytes": kept.size, "head": head})
    else:
        output.text(
            _("Saved and verified: {file}, the offer log up to #{seq}.", file=clean_line(str(file)), seq=kept.head.seq)
        )
    return ExitCode.DONE


@command.command(
    "restore",
    help=N_(
        "Put a backup back. What is there now is kept beside it; a PostgreSQL database must be empty. A backup that "
        "ends before the last entry seen is refused."
    ),
    examples=("agent-assist store restore desk-2026-11-21.backup",),
)
@click.argument("file", metavar="FILE", type=_FILE)
@click.option("--older", is_flag=True, help=N_("Put it back although later entries of the log were seen."))
@click.pass_obj
def restore(session: Session, file: Path, older: bool) -> int:
    """The log in the backup is verified first."""
    from agent_assist.store.transfer.backup import restore as put_back  # SQLAlchemy, loaded with the command

    settings = _settings(session)
    restored = put_back(settings.database, file, home=settings.home, older=older, progress=_Progress())
    if session.json:
        head = {"seq": restored.head.seq, "hash": restored.head.hash}
        output.as_json({"head": head, "before": restored.before})
        return ExitCode.DONE
    output.text(_("Restored and verified: the offer log up to #{seq}.", seq=restored.head.seq))
    if restored.before:
        say(_("What was there before is kept in {file}.", file=restored.before))
    return ExitCode.DONE


class _Progress:
    """Says how far it is, once a second and only when it takes longer than that."""

    def __init__(self) -> None:
        self._said = time.monotonic()

    def __call__(self, done: int, everything: int) -> None:
        now = time.monotonic()
        if now - self._said >= 1:
            self._said = now
            say(_("{done} of {all}", done=f"{done:,}", all=f"{everything:,}"))
            sys.stderr.flush()


def _settings(session: Session) -> "Settings":
    if session.demo:
        raise Refused(_("The demo keeps nothing."), hint=_("Call it without --demo."))
    prepare_home(session.settings)
    return session.settings
