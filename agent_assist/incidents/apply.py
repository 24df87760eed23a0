"""From typed facts of an outage to the next version of an `Incident`; the form, the flags and the TOML file all come
through here.

`parse_facts` checks what was typed, `new_incident` and `apply_facts` make the version. Nothing is stored here.
"""

import datetime as dt
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.eta import Eta
from agent_assist.incidents.incident import FACT_FIELDS, FACT_NAMES, SAYINGS, Incident
from agent_assist.incidents.status_words import parse_severity, parse_status
from agent_assist.incidents.times import plain
from agent_assist.incidents.typed_times import parse_eta, parse_moment
from agent_assist.locale import _

MAX_RHYTHM_MINUTES = 1440
MAX_SHOWN_NAME = 60


class FactChanges(msgspec.Struct, frozen=True):
    """Checked values by field of `Incident`, or by `scope.en` for a wording in a language."""

    values: Mapping[str, object] = {}
    source: str = ""
    """What `Incident.source` becomes."""


def parse_facts(typed: Mapping[str, str], now: dt.datetime, tz: dt.tzinfo) -> FactChanges:
    """Check typed texts, named as in `FACT_NAMES` or like `scope.en`. Raises Refused naming the first wrong one."""
    return FactChanges(dict(parse_fact(name, text, now, tz) for name, text in typed.items()))


def parse_fact(name: str, text: str, now: dt.datetime, tz: dt.tzinfo) -> tuple[str, object]:
    """Return the key and the value of one fact in `FactChanges`. Raises Refused naming the fact."""
    fact, _dot, lang = name.partition(".")
    check_fact_name(name)
    if lang:
        return name, clean_line(text)
    return FACT_FIELDS[fact], _parse_value(fact, text, now, tz)  # type: ignore[index]


def check_fact_name(name: str) -> None:
    """Raise Refused, with the nearest or all names, when there is no fact of this name."""
    fact, _dot, lang = name.partition(".")
    names: tuple[str, ...] = SAYINGS if lang else FACT_NAMES
    if fact in names:
        return
    import difflib  # loaded for a misspelt name only

    near = difflib.get_close_matches(fact, names, n=1)
    hint = _("Did you mean “{name}”?", name=near[0]) if near else _("Known: {names}.", names=", ".join(names))
    raise Refused(_("There is no fact called “{name}”.", name=clean_line(name)[:MAX_SHOWN_NAME]), hint=hint)


def apply_facts(before: Incident, changes: FactChanges, *, now: dt.datetime, author: str) -> Incident:
    """Return the incident with the changes. A resolved one has no next update due; one that is open again has its
    rhythm again, and no ETA from before. Raises Refused without a title."""
    values: dict[str, object] = {}
    translations = {lang: dict(wordings) for lang, wordings in before.translations.items()}
    for key, value in changes.values.items():
        field, _dot, lang = key.partition(".")
        if lang:
            translations.setdefault(lang, {})[field] = str(value)
        else:
            values[field] = value
    if values.get("status", before.status) == "resolved":
        values["next_update_due"] = None
    elif before.status == "resolved":
        rhythm = dt.timedelta(minutes=int(str(values.get("rhythm_minutes", before.rhythm_minutes))))
        values = {"eta": Eta(), "next_update_due": now + rhythm} | values
    versioned = {"updated_at": now, "author": author, "source": changes.source}
    after = replace(before, **values, translations=translations, **versioned)
    return after if after.title else replace(after, title=_parse_title(""))


def is_same(before: Incident, after: Incident) -> bool:
    """Whether two versions hold the same facts, whoever recorded them and when."""
    return _plain_facts(before) == _plain_facts(after)


def _plain_facts(incident: Incident) -> Incident:
    filled = {
        lang: {name: text for name, text in words.items() if text} for lang, words in incident.translations.items()
    }
    translations = {lang: words for lang, words in filled.items() if words}
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return replace(incident, version=0, updated_at=never, author="", source="", translations=translations)


def new_incident(changes: FactChanges, *, now: dt.datetime, author: str) -> Incident:
    """Return a first version: it started now, and the next update is due after its rhythm, unless the changes say
    otherwise. Raises Refused without a title."""
    incident = apply_facts(Incident(title="", started_at=now, updated_at=now), changes, now=now, author=author)
    if "next_update_due" not in changes.values and incident.status != "resolved":
        incident = replace(incident, next_update_due=now + dt.timedelta(minutes=incident.rhythm_minutes))
    return incident


def _parse_value(fact: str, text: str, now: dt.datetime, tz: dt.tzinfo) -> object:
    match fact:
        case "title":
            return _parse_title(text)
        case "severity":
            return parse_severity(text)
        case "status":
            return parse_status(text)
        case "services":
            separated = clean_line(text).replace("，", ",").replace("、", ",").replace(";", ",")
            return tuple(part.strip() for part in separated.split(",") if part.strip())
        case "eta":
            return parse_eta(text, now, tz)
        case "next_update":
            return parse_moment(text, now, tz) if text.strip() else None
        case "started":
            return parse_moment(text, now, tz, past=True)
        case "rhythm":
            return _parse_rhythm(text)
        case "cause_internal":
            return clean(text).strip()
        case _:
            return clean_line(text)


def _parse_title(text: str) -> str:
    title = clean_line(text)
    if not title:
        raise Refused(_("An incident needs a title."), hint=_("For example: {example}", example=_("Sign-in outage")))
    return title


def _parse_rhythm(text: str) -> int:
    digits = plain(text)
    # Longer numbers are not converted: Python refuses those of thousands of digits with another error.
    if not (digits.isdecimal() and len(digits) < 10 and 1 <= int(digits) <= MAX_RHYTHM_MINUTES):
        raise Refused(_("The rhythm is a number of minutes from 1 to 1440."))
    return int(digits)
