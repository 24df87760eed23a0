"""Which file each phrase came from, so that a file that comes later cannot take a phrase over by using its id.

Kept beside the cache from one start to the next; when it is lost, the names and the age of the files decide.
"""

import contextlib
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from agent_assist.files import MAX_CACHE_SIZE, read_whole, write_whole
from agent_assist.phrasebook.phrase import Phrase

_MAX_FOLDERS = 50
_FILE = "phrasebooks.owners"

IdsByFile = dict[str, dict[str, list[str]]]
"""By folder and file: the ids that the file holds."""


class Owners:
    """The file of each id, by folder, as of the last time the folder was read."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: IdsByFile = _read(path) if path else {}
        self._before = dict(self._known)

    @classmethod
    def load_from(cls, folder: Path | None) -> "Owners":
        """Those of the last time from a cache folder; without one nothing is known and nothing will be kept."""
        return cls(folder / _FILE if folder else None)

    def in_folder(self, folder: Path) -> Mapping[str, str]:
        """The file of each id that was in use from this folder."""
        return {phrase_id: file for file, ids in self._known.get(str(folder), {}).items() for phrase_id in ids}

    def note(self, folder: Path, phrases: Iterable[Phrase], unread: Container[str]) -> None:
        """These are in use from this folder now; what stood in a file that is `unread` now is still that file's."""
        now = {phrase.id: phrase.file for phrase in phrases}
        now |= {phrase_id: file for phrase_id, file in self.in_folder(folder).items() if file in unread}
        files: dict[str, list[str]] = {}
        for phrase_id, file in now.items():
            files.setdefault(file, []).append(phrase_id)
        self._known.pop(str(folder), None)  # so that the folders used last stand last
        self._known[str(folder)] = files

    def save(self) -> None:
        """Leave it for the next start; a folder that cannot be written to costs only the memory."""
        if self._path is None or self._known == self._before:
            return
        kept = dict(list(self._known.items())[-_MAX_FOLDERS:])
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path, [msgspec.msgpack.encode(kept)])


def holder(claims: Sequence[Phrase], owner: str | None) -> Phrase:
    """Of phrases with one id, the one that is in use: that of the file that had it, else of the plainest name, else of
    the oldest file, else the first."""
    for phrase in claims:
        if phrase.file == owner:
            return phrase
    stems = {phrase.file: phrase.file.rpartition(".")[0] for phrase in claims}

    def order(phrase: Phrase) -> tuple[int, int]:
        stem = stems[phrase.file]
        return sum(stem != other and stem.startswith(other) for other in stems.values()), _changed(phrase.file)

    return claims[0] if len(stems) == 1 else min(claims, key=order)


def _changed(file: str) -> int:
    """When the file came here or was changed last, in nanoseconds; a copy cannot bring this time along."""
    try:
        return Path(file).stat().st_ctime_ns
    except (OSError, ValueError):
        return 0


def _read(path: Path) -> IdsByFile:
    try:
        return msgspec.msgpack.decode(read_whole(path, MAX_CACHE_SIZE), type=IdsByFile)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return {}
