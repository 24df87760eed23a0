"""Converts one TOML table into a phrase, or says why it is none, in words for the author of the file."""

from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.library_errors import ANY_KEY, SchemaError, schema_error
from agent_assist.locale import _
from agent_assist.phrasebook.phrase import Approver, Channel, Control, Field, Kind, Phrase, Scene, Stage
from agent_assist.toml_positions import TomlPath

MAX_ENTRY_DEPTH = 6
"""Levels of tables and lists below an entry; a phrase has three, and more could exhaust the stack."""

MAX_VALUE_LENGTH = 1_000
"""Characters of what is no reply's text, such as a title: it is searched, sorted and shown on one line."""

MAX_VALUES = 500
"""Entries of one list or table, such as keywords: a hundred thousand would take seconds of every start."""

KNOWN_KEYS = frozenset(Phrase.__struct_fields__) - {"book", "file", "line"} | {"lang"}
_TEXTS = ("text", "short")
"""Keys of what is sent: several lines, and longer than anything else."""
_FIELD_KEYS = frozenset(Field.__struct_fields__)
_CHOICES = {
    "kind": Kind,
    "scene": Scene,
    "stages": Stage,
    "channels": Channel,
    "approved_by": Approver,
    "control": Control,
}


class EntryError(ValueError):
    """Why a table is no phrase, in words for its author, and the path of the wrong value."""

    def __init__(self, reason: str, path: TomlPath = ()) -> None:
        super().__init__(reason)
        self.path = path


def to_phrase(entry: Mapping[str, Any], *, book: str, file: str, line: int) -> Phrase:
    """Return the phrase of one table; unknown keys are skipped. Raises EntryError."""
    table = {key: value for key, value in entry.items() if key in KNOWN_KEYS}
    lang = table.pop("lang", None)
    for key in ("title", "text", "short"):
        if isinstance(table.get(key), str):
            if not isinstance(lang, str):
                reason = _('“{key}” is plain text, so the entry needs lang = "zh" or "en".', key=key)
                raise EntryError(reason, (key,))
            table[key] = {lang: table[key]}
    if isinstance(fields := table.get("fields"), dict):
        table["fields"] = {name: _known_of(field) for name, field in fields.items()}
    try:
        place = {"book": clean_line(book), "file": clean_line(file), "line": line}
        phrase = msgspec.convert({**_cleaned(table), **place}, Phrase)
    except msgspec.ValidationError as error:
        wrong = schema_error(str(error))
        raise EntryError(_reason(wrong), wrong.path) from error
    if not phrase.id:
        raise EntryError(_("The entry has no id."), ("id",))
    if not phrase.text:
        raise EntryError(_("The entry has no text."), ("text",))
    if empty := [lang for lang, text in phrase.text.items() if not text]:
        raise EntryError(_("The text is empty in: {langs}.", langs=", ".join(empty)), ("text", empty[0]))
    if alone := [lang for lang in phrase.short if lang not in phrase.text]:
        raise EntryError(
            _("There is a short form, but no text in: {langs}.", langs=", ".join(alone)), ("short", alone[0])
        )
    if missing := [lang for lang in phrase.text if not phrase.title.get(lang)]:
        raise EntryError(_("The title is missing in: {langs}.", langs=", ".join(missing)), ("title",))
    return phrase


def unknown_keys(entry: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the paths of unknown keys, in the entry and in its fields."""
    unknown: list[tuple[str, ...]] = [(key,) for key in entry if key not in KNOWN_KEYS]
    fields = entry.get("fields")
    if isinstance(fields, dict):
        for name, field in fields.items():
            if isinstance(field, dict):
                unknown += [("fields", name, key) for key in field if key not in _FIELD_KEYS]
    return unknown


def _known_of(field: Any) -> Any:
    return {key: value for key, value in field.items() if key in _FIELD_KEYS} if isinstance(field, dict) else field


def _cleaned(value: Any, path: TomlPath = ()) -> Any:
    """Return the value with its texts cleaned: a reply's text keeps its lines, everything else is one line."""
    if len(path) > MAX_ENTRY_DEPTH:
        raise EntryError(_("The entry is nested too deeply."), path[:1])
    key = str(path[0]) if path else ""
    if isinstance(value, str):
        if key not in _TEXTS and len(value) > MAX_VALUE_LENGTH:
            reason = _("“{key}” is longer than {limit} characters.", key=clean_line(key), limit=MAX_VALUE_LENGTH)
            raise EntryError(reason, path)
        return clean(value).strip() if key in _TEXTS else clean_line(value)
    if isinstance(value, dict | list) and len(value) > MAX_VALUES:
        raise EntryError(_("“{key}” has more than {limit} entries.", key=clean_line(key), limit=MAX_VALUES), path)
    if isinstance(value, dict):
        return {clean_line(name): _cleaned(inner, (*path, name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, (*path, index)) for index, inner in enumerate(value)]
    return value


def _reason(error: SchemaError) -> str:
    """Word what does not fit the schema: the key, and what it may be."""
    key = clean_line(".".join(str(part) for part in error.path if isinstance(part, str) and part != ANY_KEY))
    match error.kind:
        case "missing":
            return _("“{key}” is missing.", key=error.name)
        case "choice":
            choices = get_args(_CHOICES.get(key.rpartition(".")[2]))
            return _(
                "“{key}” cannot be “{value}”. Choose from: {choices}.",
                key=key,
                value=clean_line(error.value),
                choices=", ".join(choices),
            )
        case "type":
            expected, got = _type(error.expected), _type(error.got)
            return _("“{key}” must be {wanted}, not {got}.", key=key, wanted=expected, got=got)
    if key == "review_by":
        return _("“{key}” must be {wanted}, not {got}.", key=key, wanted=_type("date"), got=_type("str"))
    return clean_line(f"{key}: {error.what}" if key else error.what)


def _type(name: str) -> str:
    """Return what a type of the schema is called in a TOML file."""
    words = {
        "str": _("a text"),
        "array": _("a list"),
        "object": _("a table"),
        "date": _("a date like 2027-06-01"),
        "bool": _("true or false"),
        "int": _("a number"),
        "float": _("a number"),
        "datetime": _("a time"),
    }
    return " / ".join(words.get(part.strip(), part.strip()) for part in name.split("|"))
