"""Reads folders of TOML files into phrases.

Whatever is wrong is reported as a `Problem` with file and line, and only the broken entry is left out: a file that is
not TOML loses its entries, a wrong entry loses itself, an unknown key loses nothing but is named.
"""

import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.locale import _
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.phrasebook.problems import Problem

LARGEST_FILE = 5_000_000
"""Bytes. A phrasebook of 10,000 entries in two languages is about this size; more is a mistake or an attack."""

NOT_BOOKS = frozenset({"synonyms.toml"})
"""Files beside the books that belong to search."""

_ENTRY_HEAD = re.compile(r"^\s*\[\[\s*phrase\s*\]\]", re.MULTILINE)
_KNOWN = frozenset(Phrase.__struct_fields__) - {"book", "file", "line"} | {"lang"}


class Library(msgspec.Struct, frozen=True):
    """All phrases that can be used, in file order, and everything that was wrong on the way."""

    phrases: tuple[Phrase, ...] = ()
    problems: tuple[Problem, ...] = ()

    def get(self, phrase_id: str) -> Phrase | None:
        """The phrase with this id, or None."""
        return next((phrase for phrase in self.phrases if phrase.id == phrase_id), None)

    @property
    def active(self) -> tuple[Phrase, ...]:
        """Phrases that may still be sent."""
        return tuple(phrase for phrase in self.phrases if not phrase.retired)


def load(folders: Iterable[Path]) -> Library:
    """Read every `*.toml` below these folders; a later folder replaces phrases of an earlier one by id."""
    phrases: dict[str, Phrase] = {}
    problems: list[Problem] = []
    for folder in folders:
        seen: dict[str, Phrase] = {}
        if not folder.is_dir():
            problems.append(Problem(clean_line(str(folder)), 0, _("This phrasebook folder does not exist.")))
            continue
        for path in sorted(folder.rglob("*.toml")):
            if path.name in NOT_BOOKS or any(part.startswith(".") for part in path.relative_to(folder).parts):
                continue
            read, wrong = read_file(path, book=clean_line(path.relative_to(folder).parts[0]))
            problems.extend(wrong)
            for phrase in read:
                if (first := seen.get(phrase.id)) is not None:
                    reason = _("The id is already used in {file}:{line}.", file=first.file, line=first.line)
                    problems.append(Problem(phrase.file, phrase.line, reason, phrase_id=phrase.id))
                else:
                    seen[phrase.id] = phrase
        phrases.update(seen)
    return Library(tuple(phrases.values()), tuple(problems))


def read_file(path: Path, book: str = "") -> tuple[list[Phrase], list[Problem]]:
    """The phrases of one file and what is wrong with it. Never raises for what the file holds."""
    name = clean_line(str(path))
    try:
        text = _text_of(path)
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [], [_broken_toml(name, error)]
    except UnicodeDecodeError as error:
        reason = _("This file is not UTF-8 (byte {position}). Save it as UTF-8.", position=error.start)
        return [], [Problem(name, 0, reason)]
    except RecursionError:
        return [], [Problem(name, 0, _("This file is nested too deeply."))]
    except (OSError, ValueError) as error:
        return [], [Problem(name, 0, clean_line(getattr(error, "strerror", None) or str(error)))]
    return _entries(document, text, name, book)


def _text_of(path: Path) -> str:
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise ValueError(_("This is not a regular file."))
    if info.st_size > LARGEST_FILE:
        raise ValueError(_("This file is larger than {limit} MB.", limit=LARGEST_FILE // 1_000_000))
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def _broken_toml(name: str, error: tomllib.TOMLDecodeError) -> Problem:
    place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
    what = clean_line(re.sub(r"\s*\(at .*\)$", "", str(error)))
    if place is None:
        return Problem(name, 0, _("Not valid TOML: {what}.", what=what))
    reason = _("Not valid TOML, column {column}: {what}.", column=place[2], what=what)
    return Problem(name, int(place[1]), reason)


def _entries(document: dict[str, Any], text: str, name: str, book: str) -> tuple[list[Phrase], list[Problem]]:
    phrases: list[Phrase] = []
    problems = [
        Problem(
            name, 0, _("Unknown key “{key}”; a phrasebook holds [[phrase]] entries.", key=clean_line(key)), "warning"
        )
        for key in document
        if key != "phrase"
    ]
    entries = document.get("phrase", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return [], [Problem(name, 0, _("“phrase” must be written as [[phrase]]."))]
    heads = [text.count("\n", 0, match.start()) + 1 for match in _ENTRY_HEAD.finditer(text)]
    for number, entry in enumerate(entries):
        line = heads[number] if number < len(heads) else 0
        try:
            phrase = to_phrase(entry, book=book, file=name, line=line)
        except (msgspec.ValidationError, ValueError) as error:
            shown_id = clean_line(str(entry.get("id", "")))
            problems.append(Problem(name, line, clean_line(str(error)), phrase_id=shown_id))
            continue
        phrases.append(phrase)
        problems.extend(
            Problem(name, line, _("Unknown key “{key}”.", key=clean_line(key)), "warning", phrase.id)
            for key in entry
            if key not in _KNOWN
        )
    return phrases, problems


def to_phrase(entry: Mapping[str, Any], *, book: str, file: str, line: int) -> Phrase:
    """One TOML table as a phrase. Raises ValueError or msgspec.ValidationError with the path of what is wrong."""
    known = {key: value for key, value in entry.items() if key in _KNOWN}
    lang = known.pop("lang", None)
    for key in ("title", "text"):
        if isinstance(known.get(key), str):
            if not isinstance(lang, str):
                raise ValueError(_('“{key}” is plain text, so the entry needs lang = "zh" or "en".', key=key))
            known[key] = {lang: known[key]}
    cleaned = _cleaned({**known, "book": book, "file": file, "line": line})
    phrase = msgspec.convert(cleaned, Phrase)
    if not phrase.id:
        raise ValueError(_("The entry has no id."))
    if not phrase.text:
        raise ValueError(_("The entry has no text."))
    if missing := [lang for lang in phrase.text if not phrase.title.get(lang)]:
        raise ValueError(_("The title is missing in: {langs}.", langs=", ".join(missing)))
    return phrase


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, dict):
        return {clean_line(key): _cleaned(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value
