"""The export that programs read, and that a later log is checked against: every offer and every entry of it.

One document, in lines: `format`, `at`, `head`, `wanted`, `offers`, `entries`. Entries carry every hashed column, so
their hashes can be worked out again from the file alone. Personal texts stand next to their digests; the salts stay in
the log, because whoever holds them could still guess a text after it was erased.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers.chain import Head, entry_hash
from agent_assist.offers.offer import Entry, Offer, SaltedText

EXPORT_FORMAT = "agent-assist offers 1"

MAX_EXPORT_BYTES = 2_000_000_000
"""Bytes of an export that is read for checking."""


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
    histories: Iterable[tuple[Offer, tuple[Entry, ...]]], *, head: Head, at: dt.datetime, wanted: Mapping[str, object]
) -> Iterator[bytes]:
    """The file in parts. Entries follow the offers, so the histories are gone through once and kept."""
    start = {"format": EXPORT_FORMAT, "at": at, "head": head, "wanted": wanted}
    yield msgspec.json.encode(start)[:-1] + b',\n"offers":['
    entries: list[bytes] = []
    for number, (offer, history) in enumerate(histories):
        yield (b",\n" if number else b"\n") + msgspec.json.encode(offer)
        entries += [msgspec.json.encode(_bare(entry)) for entry in history]
    yield b'\n],\n"entries":['
    for number, entry in enumerate(entries):
        yield (b",\n" if number else b"\n") + entry
    yield b"\n]}\n"


def read_export(content: bytes) -> Exported:
    """An export, or the head that lies beside a CSV. Refused when it is neither."""
    try:
        found = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=Exported)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refused(
            _("This is not an export of the offer log."),
            hint=_("Give a JSON export, or the .head.json file that lies beside a CSV or XLSX export."),
        ) from error
    if found.format != EXPORT_FORMAT:
        raise Refused(_("This export is in a format that this version does not know."))
    return found


def difference(exported: Exported, now: Iterable[Entry]) -> Difference | None:
    """The first entry of the export that the log does not hold as it was; `now` are the log's entries by `seq`.

    A text that was erased since is no difference: its digest and the tombstone stay.
    """
    for entry in exported.entries:
        if entry_hash(entry) != entry.hash:
            return Difference(entry.seq, _("Entry #{seq} was changed in the export itself.", seq=entry.seq))
    wanted = {entry.seq: entry for entry in exported.entries}
    found: set[int] = set()
    for entry in now:
        then = wanted.get(entry.seq)
        if then is None:
            continue
        found.add(entry.seq)
        if entry.hash != then.hash:
            return Difference(entry.seq, _("Entry #{seq} is not the one that was exported.", seq=entry.seq))
        for name, sealed in entry.texts.items():
            was = then.texts.get(name, SaltedText(""))
            if sealed.salt and was.text and sealed.text != was.text:
                return Difference(
                    entry.seq,
                    _("The text {name} of entry #{seq} is not the one that was exported.", name=name, seq=entry.seq),
                )
    missing = min(wanted.keys() - found, default=0)
    return Difference(missing, _("Entry #{seq} was exported and is missing now.", seq=missing)) if missing else None


def _bare(entry: Entry) -> Entry:
    """The entry without salts."""
    texts = {name: SaltedText(sealed.digest, "", sealed.text) for name, sealed in entry.texts.items()}
    return msgspec.structs.replace(entry, texts=texts)
