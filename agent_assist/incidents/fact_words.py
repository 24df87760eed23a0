"""A fact of an incident for people who work with it: codes of choices by their labels, wordings in their language.

What customers are told is `Incident.said` alone; here a wording that exists only in the other language is shown too.
"""

import datetime as dt
from collections.abc import Mapping

from agent_assist.incidents.catalogue import EFFECTS
from agent_assist.incidents.changes import say_value
from agent_assist.incidents.fact_choices import ACTIONS, CAUSES, PREVENTIONS, FactChoice
from agent_assist.incidents.impact import EFFECT_LABELS, SHARE_LABELS
from agent_assist.incidents.incident import SAYINGS, STATUSES, Incident
from agent_assist.incidents.status_words import status_word
from agent_assist.locale import _, current

_CHOICES: Mapping[str, Mapping[str, FactChoice]] = {
    "cause_kind": CAUSES,
    "action": ACTIONS,
    "prevention": PREVENTIONS,
}
_LABELS: Mapping[str, Mapping[str, str]] = {
    "effect": {code: EFFECT_LABELS[code] for code in EFFECTS},
    "share": SHARE_LABELS,
}


def shown_wording(incident: Incident, field: str, lang: str = "") -> str:
    """Return what is said of a field in the interface language, else in the other one; "" when it is said in none."""
    lang = lang or current()
    if field not in SAYINGS:
        return ""
    other = "en" if lang == "zh" else "zh"
    said = incident.said(field, lang) or incident.said(field, other)
    return said or (incident.title if field == "title" else "")


def show_fact(incident: Incident, field: str, now: dt.datetime, tz: dt.tzinfo) -> str:
    """Return a field of an incident, or a wording like `scope.en`, in the interface language; "—" for nothing."""
    name, _dot, lang = field.partition(".")
    if lang:
        return incident.translations.get(lang, {}).get(name, "") or "—"
    if name in SAYINGS:
        return shown_wording(incident, name) or "—"
    if name in ("who", "recovered") and (composed := incident.composed.get(current(), {}).get(name)):
        return composed
    value = getattr(incident, name)
    return choice_label(name, value) if isinstance(value, str) and value else say_value(value, now, tz)


def choice_label(field: str, code: str) -> str:
    """Return how a chosen code of a field is called in the interface language; another text stays as it is."""
    choice = _CHOICES.get(field, {}).get(code)
    label = choice.label if choice else _LABELS.get(field, {}).get(code, "")
    if label:
        return _(label)
    return status_word(code) if field == "status" and code in STATUSES else code


def show_change(
    before: Incident | None, after: Incident, field: str, now: dt.datetime, tz: dt.tzinfo
) -> tuple[str, str]:
    """Return a changed field before and after. Words that differ only in the other language are shown in that one."""
    old = show_fact(before, field, now, tz) if before else "—"
    new = show_fact(after, field, now, tz)
    if old == new and before is not None:
        return say_value(getattr(before, field), now, tz), say_value(getattr(after, field), now, tz)
    return old, new
