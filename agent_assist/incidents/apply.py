"""From typed facts of an outage to the next version of an `Incident`; the form, the flags and the TOML file all come
through here.

`parse_facts` checks what was typed, `new_incident` and `apply_facts` make the version. Nothing is stored here.
"""

import datetime as dt
import re
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.catalogue import Catalogue, shipped_catalogue
from agent_assist.incidents.clause import hold_to_clause, tidy
from agent_assist.incidents.compose import LANGS, compose
from agent_assist.incidents.eta import Eta
from agent_assist.incidents.fact_choices import ACTIONS, PREVENTIONS, choice_code, parse_cause_kind
from agent_assist.incidents.impact import parse_effect, parse_share, parse_who
from agent_assist.incidents.incident import FACT_FIELDS, FACT_NAMES, SAYINGS, Incident, Saying
from agent_assist.incidents.status_words import parse_severity, parse_status
from agent_assist.incidents.times import plain
from agent_assist.incidents.typed_times import parse_eta, parse_moment
from agent_assist.locale import _

MAX_RHYTHM_MINUTES = 1440
MAX_SHOWN_NAME = 60


_CHOSEN_BY: Mapping[str, tuple[str, ...]] = {
    "scope": ("services", "effect", "share", "who", "recovered"),
    "cause": ("cause_kind",),
    "action": ("action",),
    "prevention": ("prevention",),
}
"""Facts that can be worded by hand, and the choices that they are otherwise composed from."""


class FactChanges(msgspec.Struct, frozen=True):
    """Checked values by field of `Incident`, or by `scope.en` for a wording in a language."""

    values: Mapping[str, object] = {}
    source: str = ""
    """What `Incident.source` becomes."""


def parse_facts(
    typed: Mapping[str, str], now: dt.datetime, tz: dt.tzinfo, catalogue: Catalogue | None = None
) -> FactChanges:
    """Check typed texts, named as in `FACT_NAMES` or like `scope.en`. Raises Refused naming the first wrong one."""
    return FactChanges(dict(parse_fact(name, text, now, tz, catalogue) for name, text in typed.items()))


def parse_fact(
    name: str, text: str, now: dt.datetime, tz: dt.tzinfo, catalogue: Catalogue | None = None
) -> tuple[str, object]:
    """Return the key and the value of one fact in `FactChanges`. Raises Refused naming the fact.

    `catalogue` is what services and people are chosen from: the shipped one unless another is given.
    """
    fact, _dot, lang = name.partition(".")
    check_fact_name(name)
    if lang:
        return name, _parse_wording(fact, text)
    return FACT_FIELDS[fact], _parse_value(fact, text, now, tz, catalogue or shipped_catalogue())  # type: ignore[index]


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


def apply_facts(
    before: Incident, changes: FactChanges, *, now: dt.datetime, author: str, catalogue: Catalogue | None = None
) -> Incident:
    """Return the incident with the changes, put into words. A resolved one has no next update due;
    one that is open again has its rhythm again, and neither an ETA nor an end from before.

    A wording of one's own goes when another choice is made of what it says, which it would contradict. Raises Refused
    when there is neither a title nor a service to make one of.
    """
    values: dict[str, object] = {}
    translations = {lang: dict(wordings) for lang, wordings in before.translations.items()}
    for key, value in changes.values.items():
        field, _dot, lang = key.partition(".")
        if lang:
            translations.setdefault(lang, {})[field] = str(value)
        else:
            values[field] = value
    if "title" not in values and before.title in (words.get("title") for words in before.composed.values()):
        values["title"] = ""
    for fact, choices in _CHOSEN_BY.items():
        if any(values.get(choice, getattr(before, choice)) != getattr(before, choice) for choice in choices):
            if fact not in values:
                values[fact] = ""
            elif fact in choices and not _is_code(values[fact]):
                continue
            for lang, wordings in translations.items():
                if f"{fact}.{lang}" not in changes.values:
                    wordings.pop(fact, None)
    if values.get("status", before.status) == "resolved":
        values["next_update_due"] = None
    elif before.status == "resolved":
        rhythm = dt.timedelta(minutes=int(str(values.get("rhythm_minutes", before.rhythm_minutes))))
        values = {"eta": Eta(), "next_update_due": now + rhythm, "ended_at": None} | values
    versioned = {"updated_at": now, "author": author, "source": changes.source}
    after = replace(before, **values, translations=translations, **versioned)
    after = compose(after, catalogue or shipped_catalogue())
    return after if after.title else replace(after, title=_parse_title(""))


def dropped_wordings(before: Incident, after: Incident) -> list[tuple[Saying, str]]:
    """Return the facts and languages whose own wording is gone because another choice was made of what it said."""
    return [
        (fact, lang)
        for fact in SAYINGS
        if fact in _CHOSEN_BY
        for lang in LANGS
        if before.own_wording(fact, lang) and not after.own_wording(fact, lang)
    ]


def _is_code(value: object) -> bool:
    return value in ACTIONS or value in PREVENTIONS


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


def new_incident(
    changes: FactChanges, *, now: dt.datetime, author: str, catalogue: Catalogue | None = None
) -> Incident:
    """Return a first version: it started now, and the next update is due after its rhythm, unless the changes say
    otherwise. Raises Refused as `apply_facts` does."""
    blank = Incident(title="", started_at=now, updated_at=now)
    incident = apply_facts(blank, changes, now=now, author=author, catalogue=catalogue)
    if "next_update_due" not in changes.values and incident.status != "resolved":
        incident = replace(incident, next_update_due=now + dt.timedelta(minutes=incident.rhythm_minutes))
    return incident


def _parse_value(fact: str, text: str, now: dt.datetime, tz: dt.tzinfo, catalogue: Catalogue) -> object:
    match fact:
        case "title":
            return _parse_title(text)
        case "severity":
            return parse_severity(text)
        case "status":
            return parse_status(text)
        case "services":
            return _parse_services(text, catalogue)
        case "recovered":
            return _parse_services(text, catalogue)
        case "effect":
            return parse_effect(text)
        case "share":
            return parse_share(text)
        case "who":
            return parse_who(text, catalogue)
        case "cause_kind":
            return parse_cause_kind(text)
        case "action":
            return choice_code(text, ACTIONS) or _parse_wording(fact, text)
        case "prevention":
            return choice_code(text, PREVENTIONS) or _parse_wording(fact, text)
        case "eta":
            return parse_eta(text, now, tz)
        case "next_update":
            return parse_moment(text, now, tz) if text.strip() else None
        case "started":
            return parse_moment(text, now, tz, past=True)
        case "ended":
            return parse_moment(text, now, tz, past=True) if text.strip() else None
        case "rhythm":
            return _parse_rhythm(text)
        case "cause_internal":
            return clean(text).strip()
        case _:
            return _parse_wording(fact, text)


def _parse_services(text: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the services as they were typed; an id of the catalogue becomes its name."""
    separated = re.split(r"[,，、;；\n]", clean_line(text))
    names = []
    for part in filter(None, map(str.strip, separated)):
        listed = next((service for service in catalogue.services if service.id == part.lower()), None)
        names.append(next(iter(listed.name.values())) if listed else part)
    return tuple(dict.fromkeys(names))


def _parse_wording(fact: str, text: str) -> str:
    """Return a wording of one's own, made fit for a sentence. Raises Refused when it cannot be one."""
    wording = tidy(fact, text)
    hold_to_clause(fact, wording)
    return wording


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
