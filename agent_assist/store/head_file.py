"""The head (last entry) of the offer log, saved in a file outside the database.

`verify` compares the two: it detects a truncated or rewritten log and an old copy put back.
Rule: the file advances only while the log still contains its head, so a detected fault stays detected. A file behind
the log is normal (a crash between commit and file); a log behind the file is a fault.

Beside it lies the checkpoint of the last check of the log, see `offers.verification.Checkpoint`.
"""

import contextlib
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import AgentAssistError, Damaged
from agent_assist.files import locked, read_whole, write_whole
from agent_assist.locale import _
from agent_assist.offers import Checkpoint, Head

MAX_HEAD_BYTES = 10_000
"""Largest file that is read; a head is a number and a hash."""

MAX_CHECKPOINT_BYTES = 10_000_000


class HeadFile:
    """One small JSON file. Without a path (a store without a home) nothing is saved."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._checkpoint_path = path.with_suffix(".checked") if path else None

    def read(self) -> Head | None:
        """Return the saved head, if any. Raises Damaged when the file cannot be read as one."""
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
        """Save `head`, unless the file has a later one or the log no longer `contains` the one in the file.

        Never raises: the entry is committed already, the file only stays behind.
        """
        if self.path is None:
            return
        with contextlib.suppress(OSError, AgentAssistError), locked(self.path) as is_ours:
            if not is_ours:  # another process is saving its head; the next entry saves ours
                return
            saved = self.read()
            if saved is None or (saved.seq < head.seq and contains(saved)):
                write_whole(self.path, [msgspec.json.encode(head), b"\n"])

    def reset(self, head: Head) -> None:
        """Replace the saved head by this one, after a move or a restore. Raises OSError."""
        if self.path is not None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self.path, [msgspec.json.encode(head), b"\n"])
            self.save_checkpoint(None)

    def checkpoint(self) -> Checkpoint | None:
        """Return where the last check of the log ended; None where the first entry is to be checked too."""
        if self._checkpoint_path is None:
            return None
        try:
            return msgspec.json.decode(read_whole(self._checkpoint_path, MAX_CHECKPOINT_BYTES), type=Checkpoint)
        except (OSError, ValueError, msgspec.MsgspecError):
            return None

    def save_checkpoint(self, checkpoint: Checkpoint | None) -> None:
        """Save where a check ended, or forget it. Never raises: without one, the next check starts at the beginning."""
        if self._checkpoint_path is None:
            return
        with contextlib.suppress(OSError):
            if checkpoint is None or not checkpoint.head.seq:
                self._checkpoint_path.unlink(missing_ok=True)
            else:
                write_whole(self._checkpoint_path, [msgspec.json.encode(checkpoint), b"\n"])
