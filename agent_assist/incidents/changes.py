"""What changed from one version of the facts to the next: the timeline's material."""

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from agent_assist.incidents.eta import Eta
from agent_assist.incidents.eta_words import range_times
from agent_assist.incidents.incident import SAYINGS, STATUSES, Incident
from agent_assist.incidents.status_words import FIELD_LABELS, status_word
from agent_assist.incidents.times import clock_time
from agent_assist.locale import _, current


class Change(NamedTuple):
    """One field that differs. `field` is a field of Incident, or `scope.en` for a translation; values as stored."""

    field: str
    old: object
    new: object


def describe_change(before: Incident | None, after: Incident) -> list[Change]:
    """The fields that differ, in the order of the card; for the first version (`before` None) those that are filled."""
    changes = []
    for field in FIELD_LABELS:
        old, new = (getattr(before, field) if before else None), getattr(after, field)
        if old != new and not (before is None and new in ("", (), None, Eta())):
            changes.append(Change(field, old, new))
    for lang in sorted({*after.translations, *(before.translations if before else ())}):
        for field in SAYINGS:
            earlier = before.translations.get(lang, {}).get(field, "") if before else ""
            later = after.translations.get(lang, {}).get(field, "")
            if earlier != later:
                changes.append(Change(f"{field}.{lang}", earlier, later))
    return changes


def say_value(value: object, now: dt.datetime, tz: dt.tzinfo, lang: str = "") -> str:
    """A fact's value for people, in the interface language unless another is named; "—" for nothing."""
    lang = lang or current()
    match value:
        case Eta(at=dt.datetime() as at):
            return clock_time(at, now, tz, lang)
        case Eta(start=dt.datetime() as start, end=dt.datetime() as end):
            return "–".join(range_times(start, end, now, tz, lang))
        case Eta():
            return _("unknown")
        case dt.datetime():
            return clock_time(value, now, tz, lang)
        case str() if value in STATUSES:
            return status_word(value, lang)
        case str() | int():
            return str(value) or "—"
        case Sequence():
            return ("、" if lang == "zh" else ", ").join(str(part) for part in value) or "—"
    return "—"
