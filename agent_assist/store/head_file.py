"""The head of the offer log, kept outside the database: it shows a cut tail, a full rewrite or a restored old copy.

Rule: it moves forward only while the log still contains it, so what it caught stays caught. Behind the log is fine (a
crash between the two); a log behind it is a finding.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import AgentAssistError, Damaged
from agent_assist.files import locked, read_whole, write_whole
from agent_assist.locale import _
from agent_assist.offers import Head

MAX_HEAD_BYTES = 10_000
"""Bytes; a head is a number and a hash."""


class HeadFile:
    """One small JSON file. A store without a home keeps none (`path` is None)."""

    def __init__(self, path: Path | None) -> None:
        self.path = path

    def read(self) -> Head | None:
        """The head that was last seen, if any. Raises Damaged when the file is not one of ours."""
        if self.path is None:
            return None
        try:
            head = msgspec.json.decode(read_whole(self.path, MAX_HEAD_BYTES), type=Head)
            if not 0 <= head.seq < 2**63:
                raise msgspec.ValidationError("no number that a log could have reached")
            return head
        except FileNotFoundError:
            return None
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            raise Damaged(
                _("{path}, which remembers the end of the offer log, cannot be read.", path=clean_line(str(self.path))),
                hint=_("Check the log with an export, then move that file away."),
            ) from error

    def advance(self, head: Head, contains: Callable[[Head], bool]) -> None:
        """Remember `head` unless a later one is known or the log no longer contains the known one.

        A failure is no failure of the entry it follows, which is saved: the file just stays behind.
        """
        if self.path is None:
            return
        with contextlib.suppress(OSError, AgentAssistError), locked(self.path) as is_ours:
            # Another desk is writing a head at this moment: ours follows with the next entry.
            known = self.read() if is_ours else head
            if known is None or (known.seq < head.seq and contains(known)):
                write_whole(self.path, [msgspec.json.encode(head), b"\n"])

    def reset(self, head: Head) -> None:
        """Begin anew from this head, on purpose: after a move or a restore. Raises OSError."""
        if self.path is not None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path, [msgspec.json.encode(head), b"\n"])
