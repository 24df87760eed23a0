"""What customers were told about an incident, and when: the communication clock counts nothing else."""

import datetime as dt
from typing import Literal, get_args

import msgspec

from agent_assist.incidents.incident import Incident
from agent_assist.locale import REPLY_LANGUAGES

StepName = Literal["notice", "cause", "plan", "update"]
TOLD_STEPS: tuple[StepName, ...] = get_args(StepName)[:3]
"""The steps that a text can take; an update is whatever is told of later facts."""

REPLY_CHANNEL = "reply"
"""The channel of a reply in a chat; announcements carry the name of theirs."""

OTHER_CHANNEL = "other"
"""The channel of what was told outside of this program."""


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """One text that went out to customers, made from a version of the facts. `tells` are the steps it takes."""

    incident: str
    version: int
    at: dt.datetime
    agent: str
    channel: str = REPLY_CHANNEL
    tells: tuple[StepName, ...] = ("notice",)


def known_steps(incident: Incident) -> tuple[StepName, ...]:
    """Return the steps that a text with all public facts of this version takes."""
    is_found = incident.cause_kind != "unknown" or incident.is_worded("cause")
    has_cause = is_found and any(incident.said("cause", lang) for lang in REPLY_LANGUAGES)
    has_plan = incident.eta.state(incident.updated_at) in ("known", "range")
    taken = {"notice": True, "cause": has_cause, "plan": has_plan}
    return tuple(name for name in TOLD_STEPS if taken[name])


def told_steps(incident: Incident, text: str, lang: str, tz: dt.tzinfo) -> tuple[StepName, ...]:
    """Return the steps that a text about the incident takes: it says the cause, or the time of the ETA."""
    cause = incident.said("cause", lang)
    until = incident.eta.at or incident.eta.end
    said = {
        "notice": True,
        "cause": bool(cause) and cause in text,
        "plan": until is not None and f"{until.astimezone(tz):%H:%M}" in text,
    }
    return tuple(name for name in known_steps(incident) if said[name])
