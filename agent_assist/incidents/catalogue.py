"""The service catalogue: what can be down, who can be affected and where, with the words for it in each language.

`services.toml` beside this module is shipped; a file of that name in a folder of phrasebooks adds to it. Reading never
raises for what is in a file: a broken entry is a problem with its line, and the others stand.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.files import read_text, unreadable
from agent_assist.incidents.times import joined_zh
from agent_assist.library_errors import schema_error
from agent_assist.locale import _
from agent_assist.problems import Problem
from agent_assist.toml_positions import TomlPath, TomlPositions

Effect = Literal["down", "slow", "partly", "wrong", "delayed"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)

CATALOGUE_FILE = "services.toml"
"""In a folder of phrasebooks, but no book."""

MAX_CATALOGUE_SIZE = 256_000
"""Bytes."""

MAX_CATALOGUE_WORDS = 60
"""Characters of a name or a clause."""

_LANGS = ("zh", "en")
_SHIPPED = Path(__file__).with_name(CATALOGUE_FILE)

_MADE_CLAUSES: Mapping[Effect, Mapping[str, str]] = {
    "down": {"zh": "无法使用{name}", "en": "cannot use {name}"},
    "slow": {"zh": "使用{name}很慢", "en": "{name} {be} slow"},
    "partly": {"zh": "使用{name}时好时坏", "en": "{name} {work} only some of the time"},
    "wrong": {"zh": "使用{name}时出现异常", "en": "{name} {do} not work correctly"},
    "delayed": {"zh": "使用{name}时有延迟", "en": "{name} {be} delayed"},
}
_VERBS = {
    False: {"be": "is", "work": "works", "do": "does"},
    True: {"be": "are", "work": "work", "do": "do"},
}


class Service(msgspec.Struct, frozen=True):
    """A service. `name` and the clauses are by language; `words` are what else people call it."""

    id: str
    name: Mapping[str, str]
    words: tuple[str, ...] = ()
    plural: bool = False
    clauses: Mapping[Effect, Mapping[str, str]] = {}

    def clause(self, effect: Effect, lang: str) -> str:
        """Return what its users notice: in English `down` is their predicate, the others are whole clauses.

        "" when the service has no name in this language.
        """
        if own := self.clauses.get(effect, {}).get(lang, ""):
            return own
        name = self.name.get(lang, "")
        if not name:
            return ""
        before, _place, after = _MADE_CLAUSES[effect][lang].partition("{name}")
        if lang == "zh":
            return joined_zh(before, name, after)
        verbs = _VERBS[self.plural]
        return before + name + after.format(**verbs)


class Audience(msgspec.Struct, frozen=True):
    """A group of people who use the services. `one` is a single one in English, `measure` counts them in Chinese."""

    id: str
    name: Mapping[str, str]
    one: str = ""
    measure: str = "名"
    words: tuple[str, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """A region or platform, worded so that it limits an audience: 华东地区 / in East China."""

    id: str
    name: Mapping[str, str]
    words: tuple[str, ...] = ()


_Entry = TypeVar("_Entry", Service, Audience, Place)


class Catalogue(msgspec.Struct, frozen=True):
    """Everything that can be chosen, in the order of the files. `problems` are those of the files."""

    services: tuple[Service, ...] = ()
    audiences: tuple[Audience, ...] = ()
    regions: tuple[Place, ...] = ()
    platforms: tuple[Place, ...] = ()
    problems: tuple[Problem, ...] = ()

    def service(self, name: str) -> Service | None:
        """Return the service with this id, name or word, in any case and width; None for one that is not listed."""
        return _find(self.services, name)

    def audience(self, name: str) -> Audience | None:
        """Return the audience with this id, name or word."""
        return _find(self.audiences, name)

    def region(self, name: str) -> Place | None:
        """Return the region with this id, name or word."""
        return _find(self.regions, name)

    def platform(self, name: str) -> Place | None:
        """Return the platform with this id, name or word."""
        return _find(self.platforms, name)

    def __add__(self, other: "Catalogue") -> "Catalogue":
        """Return both; an entry of the other one replaces the entry here with the same id, in its place."""
        return Catalogue(
            _merged(self.services, other.services),
            _merged(self.audiences, other.audiences),
            _merged(self.regions, other.regions),
            _merged(self.platforms, other.platforms),
            self.problems + other.problems,
        )


def load_catalogue(folders: Iterable[Path] = ()) -> Catalogue:
    """Return the shipped catalogue with what the files in these folders add. A folder without one is fine."""
    catalogue = shipped_catalogue()
    for folder in folders:
        path = folder / CATALOGUE_FILE
        shown = clean_line(str(path))
        try:
            catalogue += read_catalogue(read_text(path, MAX_CATALOGUE_SIZE), shown)
        except FileNotFoundError:
            continue
        except OSError as error:
            catalogue += Catalogue(problems=(unreadable(shown, error),))
    return catalogue


@cache
def shipped_catalogue() -> Catalogue:
    """Return what is shipped."""
    return read_catalogue(_SHIPPED.read_text("utf-8"), _SHIPPED.name)


def read_catalogue(text: str, file: str = CATALOGUE_FILE) -> Catalogue:
    """Return the entries of a text and a problem for each that cannot be used; `file` is its name as people see it."""
    try:
        document = toml_text.parse(text)
    except toml_text.NotToml as error:
        return Catalogue(problems=(error.problem(file),))
    reader = _Reader(text, file)
    catalogue = reader.catalogue(document)
    return msgspec.structs.replace(catalogue, problems=tuple(sorted(reader.problems)))


class _ServiceEntry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: dict[str, str]
    words: tuple[str, ...] = ()
    plural: bool = False
    down: dict[str, str] = {}
    slow: dict[str, str] = {}
    partly: dict[str, str] = {}
    wrong: dict[str, str] = {}
    delayed: dict[str, str] = {}


class _AudienceEntry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: dict[str, str]
    one: str = ""
    measure: str = "名"
    words: tuple[str, ...] = ()


class _PlaceEntry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: dict[str, str]
    words: tuple[str, ...] = ()


_TABLES: Mapping[str, type[msgspec.Struct]] = {
    "service": _ServiceEntry,
    "audience": _AudienceEntry,
    "region": _PlaceEntry,
    "platform": _PlaceEntry,
}


class _Reader:
    """One file while it is read."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._positions = TomlPositions(text)

    def catalogue(self, document: Mapping[str, Any]) -> Catalogue:
        for key in document:
            if key not in _TABLES:
                names = ", ".join(f"[[{table}]]" for table in _TABLES)
                self._note((key,), _("Unknown key “{key}”. Known: {names}.", key=clean_line(key)[:60], names=names))
        return Catalogue(
            tuple(Service(**fields, clauses=clauses) for fields, clauses in self._services(document)),
            tuple(Audience(**fields) for fields in self._entries(document, "audience")),
            tuple(Place(**fields) for fields in self._entries(document, "region")),
            tuple(Place(**fields) for fields in self._entries(document, "platform")),
        )

    def _services(self, document: Mapping[str, Any]) -> Iterable[tuple[dict[str, Any], dict[Effect, dict[str, str]]]]:
        for fields in self._entries(document, "service"):
            clauses: dict[Effect, dict[str, str]] = {effect: fields.pop(effect) for effect in EFFECTS}
            yield fields, {effect: words for effect, words in clauses.items() if words}

    def _entries(self, document: Mapping[str, Any], table: str) -> Iterable[dict[str, Any]]:
        """Yield the usable entries of a table, cleaned; each id once."""
        entries = document.get(table, [])
        if not isinstance(entries, list):
            self._note((table,), _("Write “[[{table}]]” above each entry.", table=table))
            return
        ids: set[str] = set()
        for number, entry in enumerate(entries):
            at: TomlPath = (table, number)
            fields = self._checked(entry, _TABLES[table], at)
            if fields is None:
                continue
            if fields["id"] in ids:
                self._note((*at, "id"), _("The id “{id}” is used twice.", id=fields["id"]))
                continue
            ids.add(fields["id"])
            yield fields

    def _checked(self, entry: object, shape: type[msgspec.Struct], at: TomlPath) -> dict[str, Any] | None:
        try:
            fields = _cleaned(msgspec.structs.asdict(msgspec.convert(entry, shape)))
        except msgspec.ValidationError as error:
            wrong = schema_error(str(error))
            self._note(
                (*at, *wrong.full_path), _("This entry is not written as it should be: {what}.", what=wrong.what)
            )
            return None
        reasons = [*_reasons_against(fields)]
        for key, reason in reasons:
            self._note((*at, key), reason)
        return None if reasons else fields

    def _note(self, path: TomlPath, reason: str) -> None:
        self.problems.append(self._positions.problem(path, file=self._file, reason=reason))


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for key, value in fields.items():
        match value:
            case str():
                cleaned[key] = clean_line(value)
            case dict():
                cleaned[key] = {lang: clean_line(words) for lang, words in value.items() if clean_line(words)}
            case tuple():
                cleaned[key] = tuple(clean_line(word) for word in value)
            case _:
                cleaned[key] = value
    return cleaned


def _reasons_against(fields: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield why an entry cannot be used, with the key."""
    if not fields["id"]:
        yield "id", _("An entry needs an id.")
    if not fields["name"]:
        yield "name", _("An entry needs a name in at least one language.")
    for key, value in fields.items():
        if not isinstance(value, dict):
            continue
        for lang, words in value.items():
            if lang not in _LANGS:
                yield key, _("“{lang}” is not a language of replies. Known: {names}.", lang=lang, names="zh, en")
            if len(words) > MAX_CATALOGUE_WORDS:
                yield key, _("“{words}” is longer than {limit} characters.", words=words, limit=MAX_CATALOGUE_WORDS)
            if words[-1:] in ".。!！,，;；":
                yield key, _("“{words}” stands inside a sentence: leave the punctuation off.", words=words)
    if (down := fields.get("down", {}).get("en", "")) and not down.startswith("cannot "):
        yield "down", _("The English clause “{words}” must begin with “cannot ”.", words=down)


def _find(entries: tuple[_Entry, ...], name: str) -> _Entry | None:
    key = _key(name)
    if not key:
        return None
    for entry in entries:
        if key == _key(entry.id) or any(key == _key(own) for own in entry.name.values()):
            return entry
    return next((entry for entry in entries if any(key == _key(word) for word in entry.words)), None)


def _key(name: str) -> str:
    """Return a name without what people spell differently: width, case, spaces, an English article."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    return folded.removeprefix("the ").removeprefix("our ").replace(" ", "").replace("-", "")


def _merged(mine: tuple[_Entry, ...], others: tuple[_Entry, ...]) -> tuple[_Entry, ...]:
    by_id = {entry.id: entry for entry in mine}
    by_id.update({entry.id: entry for entry in others})
    return tuple(by_id.values())
