"""The export that programs read, and that a later log is checked against: every offer and every entry of it.

One document, in lines: `format`, `at`, `head`, `wanted`, `offers`, `entries`. Entries carry every hashed column, so
their hashes can be worked out again from the file alone. Personal texts stand next to their digests; the salts stay in
the log, because whoever holds them could still guess a text after it was erased.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

import msgspec

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers.chain import Head, entry_hash
from agent_assist.offers.offer import Entry, Offer, SaltedText

EXPORT_FORMAT = "agent-assist offers 1"

MAX_EXPORT_BYTES = 2_000_000_000
"""Bytes of an export that is read as a whole for checking, since it has not the lines of ours."""

MAX_EXPORT_LINE = 10_000_000
"""Bytes of one offer or entry in an export."""


_OFFERS = b'"offers":['
_ENTRIES = b'"entries":['
_END = b"\n]}\n"
_MARK = b"\xef\xbb\xbf"
_CHUNK = 1 << 20
_BATCH = 1_000
"""Entries that are looked up at once."""


class Unlike(Exception):
    """A file does not have the lines of an export as this program writes it."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """An export that was read again."""

    format: str
    at: dt.datetime
    head: Head
    wanted: Mapping[str, object] = {}
    entries: tuple[Entry, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """The first thing in which log and export do not agree, in words."""

    seq: int
    reason: str


def json_parts(
    histories: Iterable[tuple[Offer, tuple[Entry, ...]]],
    *,
    head: Head,
    at: dt.datetime,
    wanted: Mapping[str, object],
    spool: IO[bytes],
) -> Iterator[bytes]:
    """The file in parts. Entries follow the offers, so those of each offer wait in `spool`, an empty file."""
    start = {"format": EXPORT_FORMAT, "at": at, "head": head, "wanted": wanted}
    yield msgspec.json.encode(start)[:-1] + b",\n" + _OFFERS
    for number, (offer, history) in enumerate(histories):
        yield (b",\n" if number else b"\n") + msgspec.json.encode(offer)
        for entry in history:
            spool.write((b",\n" if spool.tell() else b"\n") + msgspec.json.encode(_bare(entry)))
    yield b"\n],\n" + _ENTRIES
    spool.seek(0)
    while part := spool.read(_CHUNK):
        yield part
    yield _END


def parse_export(lines: Iterable[bytes]) -> tuple[Head, Iterator[Entry]]:
    """Return the head of an export and its entries, from a file's lines. Raises Unlike for another layout.

    The entries are decoded one by one, so that an export of any size can be checked.
    """
    reading = iter(lines)
    try:
        start = msgspec.json.decode(next(reading, b"").removeprefix(_MARK).rstrip(b",\n") + b"}", type=Exported)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unlike from error
    if next(reading, b"").rstrip() != _OFFERS or start.format != EXPORT_FORMAT:
        raise Unlike
    for line in reading:
        if line.rstrip() == _ENTRIES:
            return start.head, _entries_in(reading)
    raise Unlike


def _entries_in(lines: Iterator[bytes]) -> Iterator[Entry]:
    decoder = msgspec.json.Decoder(Entry)
    for line in lines:
        if line.strip() == _END.strip():
            return
        try:
            yield decoder.decode(line.rstrip(b",\n"))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise _no_export() from error
    raise _no_export()


def read_export(content: bytes) -> Exported:
    """An export, or the head that lies beside a CSV. Refused when it is neither."""
    try:
        found = msgspec.json.decode(content.removeprefix(_MARK), type=Exported)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _no_export() from error
    if found.format != EXPORT_FORMAT:
        raise Refused(_("This export is in a format that this version does not know."))
    return found


def difference(exported: Iterable[Entry], look_up: Callable[[Sequence[int]], Iterable[Entry]]) -> Difference | None:
    """Return the difference at the lowest `seq`: an entry of an export that the log does not hold as it was.

    `look_up` returns the log's entries of these numbers. A text that was erased since is no difference: its digest and
    the tombstone stay.
    """
    first: Difference | None = None
    entries = iter(exported)
    while batch := tuple(islice(entries, _BATCH)):
        now = {entry.seq: entry for entry in look_up([entry.seq for entry in batch])}
        for then in batch:
            if (first is None or then.seq < first.seq) and (reason := _difference(then, now.get(then.seq))):
                first = Difference(then.seq, reason)
    return first


def _difference(then: Entry, now: Entry | None) -> str:
    """Return in which way an entry is not as it was exported, empty when it is."""
    seq = then.seq
    if entry_hash(then) != then.hash:
        return _("Entry #{seq} was changed in the export itself.", seq=seq)
    if now is None:
        return _("Entry #{seq} was exported and is missing now.", seq=seq)
    if now.hash != then.hash:
        return _("Entry #{seq} is not the one that was exported.", seq=seq)
    for name, sealed in now.texts.items():
        was = then.texts.get(name, SaltedText(""))
        if sealed.salt and was.text and sealed.text != was.text:
            return _("The text {name} of entry #{seq} is not the one that was exported.", name=name, seq=seq)
    return ""


def _no_export() -> Refused:
    return Refused(
        _("This is not an export of the offer log."),
        hint=_("Give a JSON export, or the .head.json file that lies beside a CSV or XLSX export."),
    )


def _bare(entry: Entry) -> Entry:
    """The entry without salts."""
    texts = {name: SaltedText(sealed.digest, "", sealed.text) for name, sealed in entry.texts.items()}
    return msgspec.structs.replace(entry, texts=texts)
