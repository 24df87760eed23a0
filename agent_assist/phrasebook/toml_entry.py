"""One TOML table as a phrase, or the reason why it cannot be one, in words for the person who wrote the file."""

import re
from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.locale import _
from agent_assist.phrasebook.phrase import Approver, Channel, Control, Field, Kind, Phrase, Scene, Stage

DEEPEST = 6
"""Levels of tables and lists below an entry; a phrase has three, and more could exhaust the stack."""

LONGEST = 1_000
"""Characters of what is no reply's text, such as a title: it is searched, sorted and shown on one line."""

MOST = 500
"""Entries of one list or table, such as keywords: a hundred thousand would take seconds of every start."""

KNOWN_KEYS = frozenset(Phrase.__struct_fields__) - {"book", "file", "line"} | {"lang"}
_FIELD_KEYS = frozenset(Field.__struct_fields__)
_CHOICES = {
    "kind": Kind,
    "scene": Scene,
    "stages": Stage,
    "channels": Channel,
    "approved_by": Approver,
    "control": Control,
}
_MESSAGE = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL)
_EXPECTED = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`")


def to_phrase(entry: Mapping[str, Any], *, book: str, file: str, line: int) -> Phrase:
    """The phrase of one table; unknown keys are passed over. Raises ValueError with the reason."""
    known = {key: value for key, value in entry.items() if key in KNOWN_KEYS}
    lang = known.pop("lang", None)
    for key in ("title", "text"):
        if isinstance(known.get(key), str):
            if not isinstance(lang, str):
                raise ValueError(_('“{key}” is plain text, so the entry needs lang = "zh" or "en".', key=key))
            known[key] = {lang: known[key]}
    if isinstance(fields := known.get("fields"), dict):
        known["fields"] = {name: _known_of(field) for name, field in fields.items()}
    try:
        place = {"book": clean_line(book), "file": clean_line(file), "line": line}
        phrase = msgspec.convert({**_cleaned(known), **place}, Phrase)
    except msgspec.ValidationError as error:
        raise ValueError(_reason(str(error))) from error
    if not phrase.id:
        raise ValueError(_("The entry has no id."))
    if not phrase.text:
        raise ValueError(_("The entry has no text."))
    if empty := [lang for lang, text in phrase.text.items() if not text]:
        raise ValueError(_("The text is empty in: {langs}.", langs=", ".join(empty)))
    if missing := [lang for lang in phrase.text if not phrase.title.get(lang)]:
        raise ValueError(_("The title is missing in: {langs}.", langs=", ".join(missing)))
    return phrase


def unknown_keys(entry: Mapping[str, Any]) -> list[str]:
    """Keys that mean nothing, of the entry and of its fields, as the file spells them."""
    unknown = [key for key in entry if key not in KNOWN_KEYS]
    fields = entry.get("fields")
    if isinstance(fields, dict):
        for name, field in fields.items():
            if isinstance(field, dict):
                unknown += [f"fields.{name}.{key}" for key in field if key not in _FIELD_KEYS]
    return [clean_line(key) for key in unknown]


def _known_of(field: Any) -> Any:
    return {key: value for key, value in field.items() if key in _FIELD_KEYS} if isinstance(field, dict) else field


def _cleaned(value: Any, key: str = "", depth: int = 0) -> Any:
    """Texts keep their lines; everything else is one line."""
    if depth > DEEPEST:
        raise ValueError(_("The entry is nested too deeply."))
    if isinstance(value, str):
        if key != "text" and len(value) > LONGEST:
            raise ValueError(_("“{key}” is longer than {limit} characters.", key=clean_line(key), limit=LONGEST))
        return clean(value).strip() if key == "text" else clean_line(value)
    if isinstance(value, dict | list) and len(value) > MOST:
        raise ValueError(_("“{key}” has more than {limit} entries.", key=clean_line(key), limit=MOST))
    if isinstance(value, dict):
        return {clean_line(name): _cleaned(inner, key or name, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_cleaned(inner, key, depth + 1) for inner in value]
    return value


def _reason(message: str) -> str:
    """The schema's complaint with the key it is about, and what would be right."""
    match = _MESSAGE.fullmatch(message)
    what, path = (match["what"], match["path"] or "") if match else (message, "")
    key = clean_line(re.sub(r"\[[^\]]*\]", "", path))
    choices = get_args(_CHOICES.get(key.rpartition(".")[2]))
    if missing := re.search(r"missing required field `(\w+)`", what):
        return _("“{key}” is missing.", key=missing[1])
    if wrong := re.match(r"Invalid enum value '?(.*?)'?$", what):
        return _(
            "“{key}” cannot be “{value}”. Choose from: {choices}.",
            key=key,
            value=clean_line(wrong[1]),
            choices=", ".join(choices),
        )
    if expected := _EXPECTED.match(what):
        return _(
            "“{key}” must be {wanted}, not {got}.",
            key=key,
            wanted=_type(expected["wanted"]),
            got=_type(expected["got"]),
        )
    return clean_line(message)


def _type(name: str) -> str:
    """What a type of the schema is called in a TOML file."""
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
