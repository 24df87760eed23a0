"""Writing the offer log into a file, with progress, and checking a later log against such a file.

The file is the log as it was when the export began: entries made meanwhile are left out. It is written aside and
renamed, so that a stopped or failed export leaves the old file, or none. A CSV and an XLSX get a small file
`NAME.head.json` beside them with the head of the log and the SHA-256 of the file: what `offer verify --against` needs.
"""

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, get_args

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import NotSaved, Refused
from agent_assist.files import is_there, read_lines, read_whole, reason, write_whole
from agent_assist.locale import _
from agent_assist.offers import Entry, Head, Offer, OfferFilter, VerifyResult, replay
from agent_assist.offers.export import EXPORT_FORMATS, Format, csv_parts
from agent_assist.offers.export_json import (
    EXPORT_FORMAT,
    MAX_EXPORT_BYTES,
    MAX_EXPORT_LINE,
    Difference,
    Unlike,
    difference,
    json_parts,
    parse_export,
    read_export,
)
from agent_assist.offers.export_xlsx import sheets_of
from agent_assist.offers.offer_filter import matches
from agent_assist.services.service_context import ServiceContext
from agent_assist.store.protocol import no_progress

EXPORT_BATCH = 500


class Stopped(Refused):
    """The person stopped the export; no file was left behind."""


class ExportResult(msgspec.Struct, frozen=True, kw_only=True):
    """An export that is on disk. `head_file` holds the head of the log where the format has no place for it."""

    path: Path
    head_file: Path | None
    offers: int
    entries: int
    head: Head
    sheets: int = 1
    """Sheets that the offers of a workbook take."""


class ExportJob:
    """One export. `progress` hears how many offers of how many are done, in the thread that exports."""

    def __init__(
        self,
        context: ServiceContext,
        wanted: OfferFilter,
        *,
        progress: Callable[[int, int], None] | None = None,
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._context = context
        self._wanted = wanted
        self._progress = progress or (lambda _done, _total: None)
        self._is_stopped = is_stopped
        self._offers = 0
        self._entries = 0

    def to(self, path: Path, format: Format) -> ExportResult:  # noqa: A002 - the name it has on the command line
        """Write the file. Raises Stopped, and NotSaved when the folder cannot be written to."""
        if is_there(path) and not path.is_file():
            raise Refused(
                _("{file} is no file that could be replaced.", file=clean_line(str(path))),
                hint=_("Choose another folder or file name."),
            )
        context, store = self._context, self._context.store
        head, at = store.head(), context.clock()
        head_file = None if format == "json" else path.with_name(f"{path.name}.head.json")
        sum_of_file = hashlib.sha256()
        try:
            with tempfile.TemporaryFile(dir=path.parent) as spool:
                write_whole(path, self._noting(self._parts(format, head, at, spool), sum_of_file.update))
            if head_file is not None:
                about = {
                    "format": EXPORT_FORMAT,
                    "at": at,
                    "time_zone": clean_line(str(context.tz)),
                    "head": head,
                    "wanted": _plain(self._wanted),
                    "file": clean_line(path.name),
                    "sha256": sum_of_file.hexdigest(),
                    "offers": self._offers,
                }
                write_whole(head_file, [msgspec.json.format(msgspec.json.encode(about)), b"\n"])
        except OSError as error:
            raise NotSaved(
                _("The export was not written: {reason}", reason=reason(error)),
                hint=_("Choose another folder or file name."),
            ) from error
        return ExportResult(
            path=path,
            head_file=head_file,
            offers=self._offers,
            entries=self._entries,
            head=head,
            sheets=sheets_of(self._offers) if format == "xlsx" else 1,
        )

    def _parts(self, format: Format, head: Head, at: dt.datetime, spool: IO[bytes]) -> Iterator[bytes]:  # noqa: A002
        histories = self._histories(head)
        if format == "json":
            return json_parts(histories, head=head, at=at, wanted=_plain(self._wanted), spool=spool)
        offers = (offer for offer, _history in histories)
        if format == "csv":
            return csv_parts(offers, self._context.tz)
        return self._workbook(offers, head, at)

    def _workbook(self, offers: Iterator[Offer], head: Head, at: dt.datetime) -> Iterator[bytes]:
        from agent_assist.offers.export_xlsx import xlsx_parts  # openpyxl, loaded with the first workbook

        local = at.astimezone(self._context.tz)
        conditions = ", ".join(f"{name} {value}" for name, value in _plain(self._wanted).items())
        yield from xlsx_parts(
            offers,
            self._context.tz,
            [
                (_("Written"), f"{local:%Y-%m-%d %H:%M:%S %z}"),
                (_("Time zone"), clean_line(str(self._context.tz))),
                (_("By"), self._context.settings.agent),
                (_("Conditions"), conditions or _("all offers")),
                (_("Last entry of the log"), str(head.seq)),
                (_("Its hash"), head.hash),
            ],
            self._check_stopped,
        )

    def _histories(self, head: Head) -> Iterator[tuple[Offer, tuple[Entry, ...]]]:
        """Each wanted offer as it was at `head`, with its entries up to there."""
        store = self._context.store
        total, last = store.count(self._wanted), 0
        self._progress(0, total)
        while batch := store.histories(self._wanted, after_seq=last, limit=EXPORT_BATCH):
            last = max(entry.offer_seq for entry in batch)
            grouped: dict[int, list[Entry]] = {}
            for entry in batch:
                if entry.seq <= head.seq:
                    grouped.setdefault(entry.offer_seq, []).append(entry)
            for history in grouped.values():
                offer = replay(history)[0]
                texts = [sealed.text for entry in history for sealed in entry.texts.values()]
                if matches(offer, self._wanted, texts):
                    self._offers += 1
                    self._entries += len(history)
                    yield offer, tuple(history)
            self._check_stopped()
            self._progress(min(self._offers, total), total)

    def _check_stopped(self) -> None:
        if self._is_stopped():
            raise Stopped(_("The export was stopped; no file was written."))

    @staticmethod
    def _noting(parts: Iterator[bytes], note: Callable[[bytes], None]) -> Iterator[bytes]:
        for part in parts:
            note(part)
            yield part


def format_of(path: Path, given: str = "") -> Format:
    """The format asked for, else the one the file's name ends in. Refused when neither says it."""
    named = given or path.suffix.removeprefix(".").lower()
    for known in get_args(Format):
        if known == named:
            return known  # type: ignore[no-any-return]
    raise Refused(
        _("“{name}” does not say which format to write.", name=clean_line(path.name)),
        hint=_("End the name in .csv, .json or .xlsx, or give --format {formats}.", formats="|".join(EXPORT_FORMATS)),
    )


def check_against(
    context: ServiceContext, path: Path, progress: Callable[[int, int], None] = no_progress
) -> tuple[VerifyResult, Difference | None]:
    """What is wrong with the log itself, measured by the head of an earlier export, and the first entry of the export
    that the log does not hold as it was. Refused when the file is no export."""
    try:
        head, entries = _read_export(path)
        verdict = context.store.verify(head, progress=progress)
        return verdict, difference(entries, context.store.numbered_entries) if verdict.ok else None
    except Refused as refused:
        raise Refused(f"{clean_line(str(path))}: {refused.message}", hint=refused.hint) from refused
    except OSError as error:
        raise Refused(_("{file} cannot be read: {reason}", file=clean_line(str(path)), reason=reason(error))) from error


def _read_export(path: Path) -> tuple[Head, Iterable[Entry]]:
    """Return the head of an export and its entries, read as they are asked for where the file allows that."""
    try:
        return parse_export(read_lines(path, MAX_EXPORT_LINE))
    except Unlike:  # the file beside a table, or an export that another program wrote again
        exported = read_export(read_whole(path, MAX_EXPORT_BYTES))
        return exported.head, exported.entries


def _plain(wanted: OfferFilter) -> dict[str, object]:
    """The conditions that were given."""
    given = msgspec.structs.asdict(wanted)
    return {name: value for name, value in given.items() if value not in ("", None)}
