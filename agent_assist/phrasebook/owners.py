"""Which file each phrase came from, so that a file that comes later cannot take a phrase over by using its id.

Saved in the cache folder from one start to the next; when it is lost, names and age of the files decide.
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
    """The file of each id, by folder, as it was when the folder was read last."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known: IdsByFile = _read(path) if path else {}
        self._before = dict(self._known)

    @classmethod
    def load_from(cls, folder: Path | None) -> "Owners":
        """Load those of the last start from a cache folder; without one nothing is loaded and nothing will be saved."""
        return cls(folder / _FILE if folder else None)

    def in_folder(self, folder: Path) -> Mapping[str, str]:
        """Return the file of each id that was in use from this folder."""
        return {phrase_id: file for file, ids in self._known.get(str(folder), {}).items() for phrase_id in ids}

    def note(self, folder: Path, phrases: Iterable[Phrase], unread: Container[str]) -> None:
        """Note the phrases in use from this folder; ids of a file that could not be read now stay with that file."""
        now = {phrase.id: phrase.file for phrase in phrases}
        now |= {phrase_id: file for phrase_id, file in self.in_folder(folder).items() if file in unread}
        files: dict[str, list[str]] = {}
        for phrase_id, file in now.items():
            files.setdefault(file, []).append(phrase_id)
        self._known.pop(str(folder), None)  # so that the folders used last stand last
        self._known[str(folder)] = files

    def save(self) -> None:
        """Save it for the next start; a folder that cannot be written to only loses it."""
        if self._path is None or self._known == self._before:
            return
        newest = dict(list(self._known.items())[-_MAX_FOLDERS:])
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path, [msgspec.msgpack.encode(newest)])


def holder(claims: Sequence[Phrase], owner: str | None) -> Phrase:
    """Return which of several phrases with one id is used.

    That of the file that had it before, else of the plainest file name, else of the oldest file, else the first.
    """
    for phrase in claims:
        if phrase.file == owner:
            return phrase
    stems = {phrase.file: phrase.file.rpartition(".")[0] for phrase in claims}

    def order(phrase: Phrase) -> tuple[int, int]:
        stem = stems[phrase.file]
        return sum(stem != other and stem.startswith(other) for other in stems.values()), _changed(phrase.file)

    return claims[0] if len(stems) == 1 else min(claims, key=order)


def _changed(file: str) -> int:
    """Return when the file came here or was changed last, in nanoseconds; copying does not preserve this time."""
    try:
        return Path(file).stat().st_ctime_ns
    except (OSError, ValueError):
        return 0


def _read(path: Path) -> IdsByFile:
    try:
        return msgspec.msgpack.decode(read_whole(path, MAX_CACHE_SIZE), type=IdsByFile)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return {}
