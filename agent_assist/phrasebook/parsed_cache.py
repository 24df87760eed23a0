"""Cache of parsed phrasebook files, so that a start need not parse TOML again.

An entry is found by the digest of the file's bytes, its name and the interface language (problems are worded in it), so
it can be missing but never stale. The file with the entries is written whole or not at all, carries a checksum, and
whatever is wrong with it, the books are simply parsed.
"""

import contextlib
from hashlib import blake2b
from pathlib import Path

import msgspec

from agent_assist import __version__
from agent_assist.files import MAX_CACHE_SIZE, read_whole, write_whole
from agent_assist.locale import current
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.problems import Problem

_FORMAT_VERSION = 5
"""Raise it when a file is parsed to something else than before: entries of other versions are not used."""

_DIGEST_SIZE = 16
"""Bytes of a digest."""


class _ParsedFile(msgspec.Struct, frozen=True, array_like=True):
    phrases: tuple[Phrase, ...]
    problems: tuple[Problem, ...]


class ParsedBooks:
    """Parsed files by digest. Only files that were used are saved for the next start."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known = _read(path) if path else {}
        self._used: dict[str, _ParsedFile] = {}

    @classmethod
    def load_from(cls, folder: Path | None) -> "ParsedBooks":
        """Load those of the last start from a cache folder; without one nothing is loaded and nothing will be saved."""
        return cls(folder / "phrasebooks.parsed" if folder else None)

    def file(self, content: bytes, *, name: str, book: str) -> tuple[tuple[Phrase, ...], tuple[Problem, ...]]:
        """Return the phrases of a file with this content and what is wrong with it; as `book_file.parse`."""
        key = _digest(content, name, book)
        parsed = self._known.get(key)
        if parsed is None:
            from agent_assist.phrasebook.book_file import parse  # most starts find every file in the cache

            phrases, problems = parse(content, name=name, book=book)
            parsed = _ParsedFile(tuple(phrases), tuple(problems))
        self._used[key] = parsed
        return parsed.phrases, parsed.problems

    def save(self) -> None:
        """Save what was used for the next start; a folder that cannot be written to costs only time."""
        if self._path is None or self._used.keys() == self._known.keys():
            return
        with contextlib.suppress(OSError, ValueError, msgspec.MsgspecError):
            entries = msgspec.msgpack.encode(self._used)
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._path, [blake2b(entries, digest_size=_DIGEST_SIZE).digest(), entries])


def _digest(content: bytes, name: str, book: str) -> str:
    rules = f"{__version__}\0{_FORMAT_VERSION}\0{current()}\0{name}\0{book}\0"
    digest = blake2b(rules.encode(), digest_size=_DIGEST_SIZE)
    digest.update(content)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, _ParsedFile]:
    try:
        content = read_whole(path, MAX_CACHE_SIZE)
        entries = content[_DIGEST_SIZE:]
        if blake2b(entries, digest_size=_DIGEST_SIZE).digest() != content[:_DIGEST_SIZE]:
            return {}
        return msgspec.msgpack.decode(entries, type=dict[str, _ParsedFile])
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return {}
