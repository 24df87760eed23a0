"""Checking the log: every entry, its order and hash, the texts behind its digests, and the heads that were seen before.

A check may begin behind a checkpoint, where an earlier one ended. It then says nothing of the entries before.
"""

import datetime as dt
import hmac
from collections.abc import Iterable, Mapping

import msgspec

from agent_assist.locale import _
from agent_assist.offers.chain import ENTRY_FORMAT, Head, digest, entry_hash
from agent_assist.offers.offer import Entry, SaltedText


class Checkpoint(msgspec.Struct, frozen=True):
    """Where a check of the log ended without a finding, complete or stopped: the next one may go on from here.

    `unexplained`: entries whose texts are gone and whose erasure was not read yet, by the number of their offer.
    """

    head: Head
    at: dt.datetime
    unexplained: Mapping[int, int] = {}


class VerifyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the log found. `bad_seq` is the first entry that is wrong, changed or missing.

    `first` is the first entry that was read: after a checkpoint, which is `after`, those before it were not.
    """

    entries: int
    head: Head
    compared: Head | None = None
    bad_seq: int | None = None
    reason: str = ""
    after: Checkpoint | None = None

    @property
    def ok(self) -> bool:
        return self.bad_seq is None

    @property
    def first(self) -> int:
        return self.after.head.seq + 1 if self.after else 1


class ChainCheck:
    """A check under way: takes the entries one by one, oldest first, until one is wrong."""

    def __init__(self, *heads: Head | None, after: Checkpoint | None = None) -> None:
        """`heads` are the last entries of the log as they were seen before."""
        self._after = after
        self._seen = {head.seq: head.hash for head in heads if head is not None}
        self._contradiction = next(
            (head.seq for head in heads if head is not None and self._seen[head.seq] != head.hash), 0
        )
        self._top = max(self._seen, default=0)
        self._unexplained = dict(after.unexplained) if after else {}
        self._bad_seq: int | None = None
        self._reason = ""
        self.last = after.head if after else Head()
        """The last entry that was found sound."""

    @property
    def is_over(self) -> bool:
        """Whether an entry was wrong; what follows it is not looked at."""
        return self._bad_seq is not None

    def entries_before_seen(self, first: int) -> int:
        """Return how many entries from `first` on come before one that was seen before, and so is compared."""
        return min((seq - first for seq in self._seen if seq >= first), default=2**63)

    def add(self, entry: Entry) -> None:
        """Check the next entry."""
        reason = _fault(entry, self.last)
        is_another = self._seen.get(entry.seq, entry.hash) != entry.hash
        if not reason and (entry.seq == self._contradiction or is_another):
            self.fail_as_rewritten(entry.seq)
        elif reason:
            self.fail(self.last.seq + 1 if entry.seq > self.last.seq + 1 else entry.seq, reason)
        if self.is_over:
            return
        if entry.event == "erased":
            self._unexplained.pop(entry.offer_seq, None)
        if any(not sealed.salt for sealed in entry.texts.values()):
            self._unexplained.setdefault(entry.offer_seq, entry.seq)
        self.last = Head(entry.seq, entry.hash)

    def pass_over(self, last: Head) -> None:
        """Take entries up to this one as sound: whoever calls has checked them, and none was seen before or erased."""
        self.last = last

    def fail_as_rewritten(self, seq: int) -> None:
        """Note that an entry is not the one that was seen before."""
        self.fail(seq, _("Entry #{seq} is not the one that was seen before: the log was rewritten.", seq=seq))

    def fail(self, seq: int, reason: str) -> None:
        """Note what is wrong."""
        self._bad_seq, self._reason = seq, reason

    def checkpoint(self, at: dt.datetime) -> Checkpoint:
        """Return where the check stands now."""
        return Checkpoint(self.last, at, dict(self._unexplained))

    def result(self) -> VerifyResult:
        """Return what was found, when there are no more entries."""
        last, top = self.last.seq, self._top
        if self.is_over:
            pass
        elif self._unexplained:
            seq = min(self._unexplained.values())
            self.fail(seq, _("The texts of entry #{seq} are gone, and no erasure says why.", seq=seq))
        elif last < top:
            self.fail(
                last + 1,
                _(
                    "The log ends at #{last}, but #{seen} was seen before: the last entries are missing.",
                    last=last,
                    seen=top,
                ),
            )
        return VerifyResult(
            entries=last,
            head=self.last,
            compared=Head(top, self._seen[top]) if self._seen else None,
            bad_seq=self._bad_seq,
            reason=self._reason,
            after=self._after,
        )


def verify_chain(entries: Iterable[Entry], *heads: Head | None) -> VerifyResult:
    """Check every entry (oldest first) and that the log still contains the given heads; stops at the first bad one."""
    check = ChainCheck(*heads)
    for entry in entries:
        check.add(entry)
        if check.is_over:
            break
    return check.result()


def _fault(entry: Entry, before: Head) -> str:
    if entry.seq != before.seq + 1:
        return (
            _("Entry #{seq} is missing.", seq=before.seq + 1)
            if entry.seq > before.seq
            else _("Entry #{seq} is out of order.", seq=entry.seq)
        )
    if entry.format != ENTRY_FORMAT:
        return _(
            "Entry #{seq} is in format {format}, which this version does not know.", seq=entry.seq, format=entry.format
        )
    if entry.prev != before.hash:
        return _("Entry #{seq} does not follow the entry before it.", seq=entry.seq)
    if entry.hash != entry_hash(entry):
        return _("Entry #{seq} was changed after it was written.", seq=entry.seq)
    for name, sealed in entry.texts.items():
        if sealed.salt and not _opens(name, sealed):
            return _("The text {name} of entry #{seq} was changed after it was written.", name=name, seq=entry.seq)
        if not sealed.salt and sealed.text:
            return _("The text {name} of entry #{seq} cannot be checked any more.", name=name, seq=entry.seq)
    return ""


def _opens(name: str, sealed: SaltedText) -> bool:
    try:
        return hmac.compare_digest(digest(name, sealed.salt, sealed.text), sealed.digest)
    except (ValueError, TypeError):  # a file may hold bytes where a text belongs
        return False
