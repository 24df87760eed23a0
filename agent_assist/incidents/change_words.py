"""What changed in the facts, as short phrases for a message: ETA 11:40 → 11:01; Status investigating → identified."""

import datetime as dt
from collections.abc import Iterator

from agent_assist.incidents.changes import describe_change
from agent_assist.incidents.fact_words import show_change, shown_wording
from agent_assist.incidents.incident import SAYINGS, Incident
from agent_assist.incidents.status_words import field_label
from agent_assist.locale import current

MAX_SHOWN_VALUE = 40
"""Characters of a value in a message; the timeline has the whole of it."""


def say_changes(before: Incident, after: Incident, now: dt.datetime, tz: dt.tzinfo) -> str:
    """Return every change in one line, in the interface language; of the internal cause only that it changed."""
    return ("；" if current() == "zh" else "; ").join(_phrases(before, after, now, tz))


def _phrases(before: Incident, after: Incident, now: dt.datetime, tz: dt.tzinfo) -> Iterator[str]:
    told: set[str] = set()
    for change in describe_change(before, after):
        name = change.field.partition(".")[0]
        if name == "cause_internal":
            yield field_label(name)
        elif name in SAYINGS and shown_wording(before, name) != shown_wording(after, name):
            if name not in told:
                told.add(name)
                yield _phrase(before, after, name, now, tz)
        else:
            yield _phrase(before, after, change.field, now, tz)


def _phrase(before: Incident, after: Incident, field: str, now: dt.datetime, tz: dt.tzinfo) -> str:
    old, new = map(_cut, show_change(before, after, field, now, tz))
    return f"{field_label(field)} {new}" if old == "—" else f"{field_label(field)} {old} → {new}"


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_VALUE else text[: MAX_SHOWN_VALUE - 1] + "…"
