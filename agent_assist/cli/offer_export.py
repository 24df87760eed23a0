"""`offer export`: the log, or a part of it, as a file; `offer verify --against`: the log held against such a file."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import json_views, output
from agent_assist.cli import offer_filters as filters
from agent_assist.cli.click_command import Command
from agent_assist.cli.diagnostics import fail, say
from agent_assist.cli.session import Session
from agent_assist.errors import Usage
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _
from agent_assist.offers.export import EXPORT_FORMATS
from agent_assist.services.export_job import ExportJob, check_against, format_of

if TYPE_CHECKING:
    from agent_assist.services.export_job import ExportResult


@click.command(
    "export",
    cls=Command,
    help=N_("Write offers into a file: a table for people (CSV, XLSX) or everything for programs and checks (JSON)."),
    examples=(
        "agent-assist offer export offers.xlsx --since 2026-11-01",
        "agent-assist offer export log.json",
        "agent-assist offer verify --against log.json",
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format", "format_name", type=click.Choice(EXPORT_FORMATS), help=N_("Default: as the file's name ends.")
)
@filters.options
@click.pass_obj
def command(session: Session, /, file: Path, format_name: str | None, **conditions: str | None) -> int:
    """Ctrl+C stops it; an older file of that name stays as it was then."""
    if str(file) == "-":
        raise Usage(
            _("An export is a file; it does not go to standard output."),
            hint=_("Name a file. As data: {line}", line="agent-assist offer list --json"),
        )
    form = format_of(file, format_name or "")
    offer_filter = filters.filter_from_options(session, conditions)
    shown = Progress()
    try:
        written = ExportJob(session.records.context, offer_filter, progress=shown).to(file, form)
    except KeyboardInterrupt:
        shown.end()
        fail(_("The export was stopped; no file was written."))
        return ExitCode.INTERRUPTED
    shown.end()
    if session.json:
        output.as_json(_shape(written))
        return ExitCode.DONE
    name = clean_line(str(written.path))
    output.text(_("Written: {file}, {offers} offers.", file=name, offers=f"{written.offers:,}"))
    if written.sheets > 1:
        output.text(
            _("A sheet holds no more rows than 1,048,576: the offers are on {count} sheets.", count=written.sheets)
        )
    if written.head_file is not None:
        head_file = clean_line(str(written.head_file))
        output.text(_("The head of the log is in {file}; keep it with the export.", file=head_file))
    return ExitCode.DONE


class Progress:
    """A counter on a terminal's last line, at most ten times a second; nothing where nobody sees it."""

    def __init__(self) -> None:
        self._is_seen = sys.stderr.isatty()
        self._last = 0.0
        self._is_open = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._is_seen and now - self._last >= 0.1:
            self._last, self._is_open = now, True
            sys.stderr.write("\r" + _("{done} of {total}…", done=f"{done:,}", total=f"{total:,}") + "\x1b[K")
            sys.stderr.flush()

    def end(self) -> None:
        """Clear the line."""
        if self._is_open:
            sys.stderr.write("\r\x1b[K")
            self._is_open = False


def verify_against(session: Session, file: Path, progress: Progress) -> int:
    """Check the log itself, then that it still holds what was exported; exit code 5 names the first difference."""
    verdict, difference = check_against(session.records.context, file, progress)
    progress.end()
    name = clean_line(str(file))
    if session.json:
        found = {"seq": difference.seq, "reason": difference.reason} if difference else None
        output.as_json(json_views.verdict(verdict) | {"against": name, "difference": found})
    if not verdict.ok:
        fail(
            _("The log does not add up: {reason}", reason=verdict.reason),
            _("Keep the database as it is and show it to your lead; a backup may still be whole."),
        )
        return ExitCode.DAMAGED
    if difference is not None:
        fail(
            _("Log and export differ: {reason}", reason=difference.reason),
            _("Keep both as they are and show them to your lead."),
        )
        return ExitCode.DAMAGED
    if not session.json:
        output.text(_("The log is whole: {count} entries, last {hash}.", count=verdict.entries, hash=verdict.head.hash))
        say(_("It still holds everything that {file} says.", file=name))
    return ExitCode.DONE


def _shape(written: "ExportResult") -> dict[str, object]:
    return {
        "file": str(written.path),
        "head_file": str(written.head_file) if written.head_file else None,
        "offers": written.offers,
        "entries": written.entries,
        "sheets": written.sheets,
        "head": {"seq": written.head.seq, "hash": written.head.hash},
    }
