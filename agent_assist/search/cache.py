"""The arrays of a large book's index as a file, so that the next start maps them instead of building them.

The file is named after the content it was built from and the rules it was built with, so it can be missing but never
stale. It appears whole (see `files.write_whole`), carries its length and a checksum, and is mapped read-only,
so any number of processes may read while one writes. Whatever is wrong with it, the index is built again.
"""

import contextlib
import mmap
import zlib
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

from agent_assist.files import write_whole
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.array_postings import ArrayPostings

FORMAT_VERSION = 3
"""Raise it when folding, keys or tables change: files of other versions are not used."""

MAX_OLD_FILES = 3
"""Files of earlier contents that are kept for a book that is changed back."""

_MAGIC = b"agent-assist search index\n"
_ALIGNMENT = 64
_DIGEST_CHUNK = 1024


class _Header(msgspec.Struct, frozen=True):
    sizes: tuple[int, int, int, int]
    """Keys, rows of postings, rows of the book, bytes of words."""
    checksum: int


def digest(phrases: Sequence[Phrase]) -> str:
    """Return a name for the content of a book: what is searched of its phrases, in the order of rows."""
    sum_ = blake2b(f"{FORMAT_VERSION} ".encode(), digest_size=16)
    for first in range(0, len(phrases), _DIGEST_CHUNK):
        part = [(p.title, p.keywords, p.tags, p.text) for p in phrases[first : first + _DIGEST_CHUNK]]
        sum_.update(msgspec.msgpack.encode(part))
    return sum_.hexdigest()


def load_or_build(folder: Path, name: str, build: Callable[[], ArrayPostings]) -> ArrayPostings:
    """Return the arrays of this name from the folder, else new ones that are saved there for the next start."""
    path = folder / f"{name}.index"
    try:
        return _read(path)
    except Exception:  # whatever lies there, it is only a copy of what can be built
        arrays = build()
        with contextlib.suppress(OSError, ValueError):
            _write(path, arrays)
            _remove_old(folder, path)
        return arrays


def _write(path: Path, arrays: ArrayPostings) -> None:
    words = "\n".join(arrays.vocabulary.words).encode()
    parts = [array.tobytes() for array in (arrays.keys, arrays.starts, arrays.rows, arrays.length_norms)] + [words]
    checksum = 0
    for part in parts:
        checksum = zlib.crc32(part, checksum)
    head = _Header((len(arrays.keys), len(arrays.rows), arrays.size, len(words)), checksum)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(path, [(_MAGIC + msgspec.json.encode(head)).ljust(4 * _ALIGNMENT), *parts])


def _read(path: Path) -> ArrayPostings:
    if not path.is_file():  # checked before opening: opening a pipe waits for a writer
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = 4 * _ALIGNMENT
    if content[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not an index")
    head = msgspec.json.decode(content[len(_MAGIC) : start].rstrip(), type=_Header)
    keys, postings, rows, letters = head.sizes
    kinds: tuple[tuple[type[np.generic], int], ...] = (
        (np.int64, keys),
        (np.int64, keys + 1),
        (np.int32, postings),
        (np.float32, 2 * rows),
        (np.uint8, letters),
    )
    if min(head.sizes) < 0 or len(content) != start + sum(np.dtype(kind).itemsize * size for kind, size in kinds):
        raise ValueError("cut off")
    if zlib.crc32(memoryview(content)[start:]) != head.checksum:
        raise ValueError("damaged")
    arrays = []
    for kind, size in kinds:
        arrays.append(np.frombuffer(content, dtype=kind, count=size, offset=start))
        start += arrays[-1].nbytes
    words = arrays[4].tobytes().decode().split("\n") if letters else []
    return ArrayPostings(arrays[0], arrays[1], arrays[2], arrays[3].reshape(2, rows), words)


def _remove_old(folder: Path, newest: Path) -> None:
    others = sorted(
        (path for path in folder.glob("*.index") if path != newest), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in others[MAX_OLD_FILES:]:
        path.unlink(missing_ok=True)
