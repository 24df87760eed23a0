"""What changed in the facts, as short phrases for a message: ETA 11:40 → 11:01; Status investigating → identified."""

import datetime as dt
from collections.abc import Iterator

from agent_assist.incidents.changes import Change, describe_change, say_value
from agent_assist.incidents.incident import SAYINGS, Incident
from agent_assist.incidents.status_words import field_label
from agent_assist.locale import current

MAX_SHOWN_VALUE = 40
"""Characters of a value in a message; the timeline has the whole of it."""


def say_changes(before: Incident, after: Incident, now: dt.datetime, tz: dt.tzinfo) -> str:
    """Return every change in one line, in the interface language; of the internal cause only that it changed."""
    return ("；" if current() == "zh" else "; ").join(_phrases(before, after, now, tz))


def _phrases(before: Incident, after: Incident, now: dt.datetime, tz: dt.tzinfo) -> Iterator[str]:
    lang = current()
    told: set[str] = set()
    for change in describe_change(before, after):
        name = change.field.partition(".")[0]
        if name == "cause_internal":
            yield field_label(name)
        elif name in SAYINGS and (old := _said(before, name, lang)) != (new := _said(after, name, lang)):
            if name not in told:
                told.add(name)
                yield _phrase(Change(name, old, new), now, tz)
        else:
            yield _phrase(change, now, tz)


def _phrase(change: Change, now: dt.datetime, tz: dt.tzinfo) -> str:
    label, old, new = field_label(change.field), _shown(change.old, now, tz), _shown(change.new, now, tz)
    return f"{label} {new}" if old == "—" else f"{label} {old} → {new}"


def _shown(value: object, now: dt.datetime, tz: dt.tzinfo) -> str:
    text = say_value(value, now, tz)
    return text if len(text) <= MAX_SHOWN_VALUE else text[: MAX_SHOWN_VALUE - 1] + "…"


def _said(incident: Incident, name: str, lang: str) -> str:
    """Return the wording in this language, or where there is none the one that was typed."""
    said = incident.said(name, lang)  # type: ignore[arg-type]
    return said or say_value(getattr(incident, name), incident.updated_at, dt.UTC)
