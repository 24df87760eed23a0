"""What phrasebook files say, parsed once and kept, so that a start need not parse TOML again.

An entry is found by the digest of the file's bytes, its name and the interface language (problems are worded in it), so
it can be missing but never stale. The file with the entries is written whole or not at all, carries a checksum, and
whatever is wrong with it, the books are simply parsed.
"""

import contextlib
from hashlib import blake2b
from pathlib import Path

import msgspec

from agent_assist import __version__
from agent_assist.files import MAX_CACHE, read_whole, write_whole
from agent_assist.locale import current
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.problems import Problem

_RULES = 4
"""Raise it when a file is parsed to something else than before: what was kept is then parsed anew."""
_SIZE = 16
"""Bytes of a digest."""


class _File(msgspec.Struct, frozen=True, array_like=True):
    phrases: tuple[Phrase, ...]
    problems: tuple[Problem, ...]


class Parsed:
    """Parsed files by digest. Only files that were asked for are kept for the next time."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known = _read(path) if path else {}
        self._used: dict[str, _File] = {}

    @classmethod
    def kept_in(cls, folder: Path | None) -> "Parsed":
        """Those of the last time from a cache folder; without one nothing is known and nothing will be kept."""
        return cls(folder / "phrasebooks.parsed" if folder else None)

    def file(self, content: bytes, *, name: str, book: str) -> tuple[tuple[Phrase, ...], tuple[Problem, ...]]:
        """The phrases of a file with this content and what is wrong with it; as `book_file.parse`."""
        key = _digest(content, name, book)
        known = self._known.get(key)
        if known is None:
            from agent_assist.phrasebook.book_file import parse

            phrases, problems = parse(content, name=name, book=book)
            known = _File(tuple(phrases), tuple(problems))
        self._used[key] = known
        return known.phrases, known.problems

    def keep(self) -> None:
        """Leave what was used for the next start; a folder that cannot be written to costs only time."""
        if self._path is None or self._used.keys() == self._known.keys():
            return
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            entries = msgspec.msgpack.encode(self._used)
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path, [blake2b(entries, digest_size=_SIZE).digest(), entries])


def _digest(content: bytes, name: str, book: str) -> str:
    sum_ = blake2b(f"{__version__}\0{_RULES}\0{current()}\0{name}\0{book}\0".encode(), digest_size=_SIZE)
    sum_.update(content)
    return sum_.hexdigest()


def _read(path: Path) -> dict[str, _File]:
    try:
        content = read_whole(path, MAX_CACHE)
        entries = content[_SIZE:]
        if blake2b(entries, digest_size=_SIZE).digest() != content[:_SIZE]:
            return {}
        return msgspec.msgpack.decode(entries, type=dict[str, _File])
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return {}
