"""Finds the phrasebooks below a folder. Files that look like one and are skipped are reported with the reason.

Links to folders are followed, each folder once. A copy that a sync program, an editor or a person left in the folder
is no book: it would bring back what the book said some time ago.
"""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from agent_assist.cleaning import clean_line
from agent_assist.files import unreadable
from agent_assist.locale import _
from agent_assist.problems import Problem

MAX_FOLDER_DEPTH = 12
MAX_ENTRIES = 50_000
"""Files and folders below one phrasebook folder: a link to a whole disk must not be walked for minutes."""

SYNONYMS_FILE = "synonyms.toml"
"""In the folder of the books, but for search."""

_NO_BOOKS = (SYNONYMS_FILE, "services.toml")
"""Files of these folders that hold no phrases: words of search, and the service catalogue of the incidents."""

_SUFFIX = ".toml"
_OURS = re.compile(r"\.toml\w+\.part$")
"""Temporary files of `files.write_whole`."""

_CONFLICT = re.compile(
    r"\([^()]*(?:conflict|konflikt|conflit|冲突|衝突|競合)[^()]*\)|[._-]sync-conflict-\d{8}|[._-]conflict-\d{8}"
    r"|_conf\(\d+\)$|\.conflict\d*$|冲突(?:的)?副本|冲突文件|衝突(?:的)?複本",
    re.IGNORECASE,
)
"""What only sync programs write into a name."""

_COPY = re.compile(
    r"(?:copy of |复件 ?|副本 ?)(?P<of>.+)|(?P<base>.+?)(?: ?\(\d+\)| - (?:copy|copie|kopie|copia)(?: ?\(\d+\))?"
    r"|[ _-]*的?(?:副本|复件|拷贝|複本|コピー)(?: ?\(?\d+\)?)?)",
    re.IGNORECASE,
)
"""What file managers and people add to the name of a copy, and hardly to that of a book of its own."""
_ADDED = " -_.(@~+"
"""What separates a name from what was added to it."""


class BookFiles(NamedTuple):
    """Books in the order of their paths, and the files that were skipped, with a problem for each."""

    books: tuple[Path, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[Path, ...]


def books_in(folder: Path) -> BookFiles:
    """Return every phrasebook below this folder, which must exist."""
    walk = _Walk(folder)
    paths = sorted(walk.files())
    names = {(path.parent, path.name.lower()) for path in paths}
    books, skipped = [], []
    for path in paths:
        if problem := _why_not(path, names):
            walk.problems.append(problem)
            skipped.append(path)
        elif path.name.lower() not in _NO_BOOKS:
            books.append(path)
    return BookFiles(tuple(books), tuple(walk.problems), tuple(skipped))


def original_of(path: Path, books: Iterable[Path]) -> Path | None:
    """Return the book in the same folder whose name this one extends, as sync programs do with a computer's name.

    Of several the one with the longest name; None when there is none.
    """
    stem = path.stem.lower()
    others = [
        other
        for other in books
        if other != path
        and other.parent == path.parent
        and stem.startswith(other.stem.lower())
        and stem[len(other.stem) :][:1] in _ADDED
        and stem != other.stem.lower()
    ]
    return max(others, key=lambda other: len(other.stem), default=None)


def copy_problem(path: Path, original: Path) -> Problem:
    """Return the problem of a book that is a copy of another one."""
    why = _("Not read: this is a copy of {file}. Delete it, or give it ids of its own.", file=clean_line(original.name))
    return Problem(file=clean_line(str(path)), reason=why)


def _why_not(path: Path, names: set[tuple[Path, str]]) -> Problem | None:
    """Return why a file with such a name is no book; None when it may be one."""
    name = clean_line(str(path))
    if not path.name.lower().endswith(_SUFFIX):
        why = _("Not read: only files whose name ends in .toml are phrasebooks.")
        return Problem(file=name, reason=why, severity="warning")
    if _CONFLICT.search(path.stem):
        why = _("Not read: this is the conflict copy of a sync program. Take over what is missing, then delete it.")
        return Problem(file=name, reason=why)
    base = _copied(path.stem)
    if base and (path.parent, f"{base}{_SUFFIX}".lower()) in names:
        return copy_problem(path, path.with_name(f"{base}{_SUFFIX}"))
    return None


def _copied(stem: str) -> str:
    """Return the name that a copy's name was made from, or ""."""
    match = _COPY.fullmatch(stem)
    if match is None:
        return ""
    of = match["of"] or match["base"]
    return _copied(of) or of


class _Walk:
    """One walk through a folder and what is below it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._left = MAX_ENTRIES
        self._seen: set[tuple[int, int]] = set()

    def files(self) -> Iterator[Path]:
        """Yield every file whose name is that of a book, or nearly."""
        yield from self._within(self.folder, 0)
        if self._left <= 0:
            reason = _("There are more than {limit} files here; the others are not read.", limit=MAX_ENTRIES)
            self._note(self.folder, reason)

    def _within(self, folder: Path, depth: int) -> Iterator[Path]:
        try:
            status = folder.stat()
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except (OSError, ValueError) as error:
            self.problems.append(_unreadable(folder, error))
            return
        if (status.st_dev, status.st_ino) in self._seen:
            return  # a link to a folder that was walked already, or a circle
        self._seen.add((status.st_dev, status.st_ino))
        for entry in entries:
            self._left -= 1
            if self._left <= 0:
                return
            if not entry.name.startswith("."):
                yield from self._one(entry, folder / entry.name, depth)

    def _one(self, entry: "os.DirEntry[str]", path: Path, depth: int) -> Iterator[Path]:
        try:
            is_folder = entry.is_dir()
            leads_nowhere = entry.is_symlink() and not path.exists()
        except OSError:
            is_folder, leads_nowhere = False, True
        if is_folder and depth >= MAX_FOLDER_DEPTH:
            self._note(path, _("Not read: the folders are nested too deeply here."))
        elif is_folder:
            yield from self._within(path, depth + 1)
        elif leads_nowhere:
            self._note(path, _("This link leads nowhere."))
        elif _SUFFIX in entry.name.lower() and not _OURS.search(entry.name):
            yield path

    def _note(self, path: Path, why: str) -> None:
        self.problems.append(Problem(file=clean_line(str(path)), reason=why))


def _unreadable(folder: Path, error: OSError | ValueError) -> Problem:
    name = clean_line(str(folder))
    if isinstance(error, OSError):
        return unreadable(name, error)
    return Problem(file=name, reason=clean_line(f"{error}."))  # such as a zero byte in the name
