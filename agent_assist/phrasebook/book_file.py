"""The content of one phrasebook file as phrases, and what is wrong with it.

Apart from `load` because most starts find every file in the cache and never parse one.
"""

from typing import Any

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.files import Unusable, decode, unreadable
from agent_assist.locale import _
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.phrasebook.toml_entry import EntryError, to_phrase, unknown_keys
from agent_assist.problems import Problem, ProblemSeverity
from agent_assist.toml_positions import TomlPath, TomlPositions


def parse(content: bytes, *, name: str, book: str) -> tuple[list[Phrase], list[Problem]]:
    """Return the phrases of one file's bytes and its problems; `name` is the file's, as shown. Never raises."""
    try:
        text = decode(content)
        document = toml_text.parse(text)
    except Unusable as error:
        return [], [unreadable(name, error)]
    except toml_text.NotToml as error:
        return [], [error.problem(name)]
    book_file = _BookFile(text, name)
    book_file.read(document, book)
    return book_file.phrases, book_file.problems


class _BookFile:
    """One file while its entries are read."""

    def __init__(self, text: str, name: str) -> None:
        self.phrases: list[Phrase] = []
        self.problems: list[Problem] = []
        self._name = name
        self._positions = TomlPositions(text)

    def read(self, document: dict[str, Any], book: str) -> None:
        """Collect every entry that can be used into `phrases`, and what is wrong into `problems`."""
        for key in document:
            if key != "phrase":
                reason = _("Unknown key “{key}”; a phrasebook holds [[phrase]] entries.", key=clean_line(key))
                self._note((key,), reason, "warning")
        entries = document.get("phrase", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self.problems.clear()
            self._note(("phrase",), _("“phrase” must be written as [[phrase]]."))
            return
        for number, line in enumerate(self._positions.heads("phrase", len(entries))):
            self._read_entry(entries[number], number, line, book)

    def _read_entry(self, entry: dict[str, Any], number: int, line: int, book: str) -> None:
        try:
            phrase = to_phrase(entry, book=book, file=self._name, line=line)
        except EntryError as error:
            written_id = entry["id"] if isinstance(entry.get("id"), str) else ""
            self._note(("phrase", number, *error.path), clean_line(str(error)), phrase_id=clean_line(written_id))
            return
        self.phrases.append(phrase)
        for path in unknown_keys(entry):
            reason = _("Unknown key “{key}”.", key=clean_line(".".join(path)))
            self._note(("phrase", number, *path), reason, "warning", phrase.id)

    def _note(self, path: TomlPath, reason: str, severity: ProblemSeverity = "error", phrase_id: str = "") -> None:
        self.problems.append(
            self._positions.problem(path, file=self._name, reason=reason, severity=severity, phrase_id=phrase_id)
        )
