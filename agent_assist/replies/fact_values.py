"""The values that a reply is filled with, and what a template sees of them.

`read` is the only door from a template to facts: it answers a name of the table, or a value that the agent typed. A
typed value never beats a fact, so an old "14:30" cannot outlive a new ETA.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from agent_assist.chats import Customer
from agent_assist.errors import Refused
from agent_assist.incidents import (
    Eta,
    Incident,
    clock_time,
    describe_eta,
    describe_outlook,
    spoken_span,
    status_word,
)
from agent_assist.incidents.clocks_in_text import clocks_in
from agent_assist.incidents.times import date_words
from agent_assist.incidents.told import action_words
from agent_assist.incidents.typed_times import parse_day, parse_eta, parse_moment
from agent_assist.replies.salutation import salutation
from agent_assist.replies.value_names import canonical_name

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d\S*")
"""A form may hand over a time in this shape; nobody would say it to a customer."""

Reason = Literal["missing", "empty", "unknown eta", "passed eta", "language"]


class Facts(msgspec.Struct, frozen=True):
    """Everything one reply may know. `values` are what the agent typed for this chat, by name; `now` is aware UTC."""

    customer: Customer
    incident: Incident | None
    agent: str
    """What customers call the agent in the language of the reply; "" when nobody has said it."""
    values: Mapping[str, str]
    now: dt.datetime
    tz: dt.tzinfo
    offer: Mapping[str, str] = {}
    brand: str = ""
    """The company or product in the language of the reply."""


class TimeValue(msgspec.Struct, frozen=True):
    """A time on its way into a text."""

    at: dt.datetime


class DayValue(msgspec.Struct, frozen=True):
    """A day without a time of day on its way into a text."""

    day: dt.date


class EtaValue(msgspec.Struct, frozen=True):
    """An ETA on its way into a text; `over` once the incident is resolved, `watched` while the repair is watched."""

    eta: Eta
    over: bool = False
    watched: bool = False
    next_update: dt.datetime | None = None
    """When there will be a new time, or news at least; None where that is not promised."""


class Missing(msgspec.Struct, frozen=True):
    """No value for a name, and why."""

    name: str
    reason: Reason


Value = str | TimeValue | DayValue | EtaValue | Missing


def read(name: str, facts: Facts, lang: str) -> Value:
    """Return the value of a canonical name in a reply of this language."""
    fact = _fact(name, facts, lang)
    typed = _typed(name, facts)
    if (
        isinstance(fact, EtaValue)
        and typed
        and not (fact.over or fact.watched)
        and fact.eta.state(facts.now) in ("unknown", "passed")
    ):
        own = _typed_eta(name, typed, facts)
        return fact if isinstance(own, Missing) else own
    if not isinstance(fact, Missing):
        return fact
    if not typed:
        return Missing(name, "empty") if name in facts.values and fact.reason == "missing" else fact
    if name == "incident.eta":
        return _typed_eta(name, typed, facts)
    if name in ("incident.next_update", "incident.started") or _RFC3339.fullmatch(typed):
        return _typed_moment(typed, facts)
    day = iso_day(typed)
    return typed if day is None else DayValue(day)


def show(value: Value, facts: Facts, lang: str) -> str | Missing:
    """Return the value in words, as a template prints it without a filter."""
    match value:
        case TimeValue(at):
            return clock_time(at, facts.now, facts.tz, lang)
        case DayValue(day):
            return date_words(day, facts.now.astimezone(facts.tz).date(), lang)
        case EtaValue(over=True):
            return "服务已经恢复" if lang == "zh" else "service is back to normal"
        case EtaValue(watched=True):
            return "修复已经上线，我们正在观察" if lang == "zh" else "the repair is in place and we are watching it"
        case EtaValue(eta):
            return describe_eta(eta, facts.now, facts.tz, lang, next_update=value.next_update)
    return value


def show_clock(value: Value, name: str, facts: Facts, lang: str) -> str | Missing:
    """Return the time of day of a value; Missing when there is no time that may still be quoted."""
    match value:
        case TimeValue(at):
            return clock_time(at, facts.now, facts.tz, lang)
        case EtaValue(eta):
            state = eta.state(facts.now)
            if state in ("unknown", "passed"):
                return Missing(name, "unknown eta" if state == "unknown" else "passed eta")
            last = eta.at or eta.end
            return clock_time(last, facts.now, facts.tz, lang) if last else Missing(name, "unknown eta")
        case str() if value.strip():
            typed = typed_time(value, facts)
            return typed if isinstance(typed, str) else show(typed, facts, lang)
    return show(value, facts, lang)


def typed_time(text: str, facts: Facts) -> TimeValue | DayValue | str:
    """Return the time or the day that a typed text says, else the text."""
    moment = _typed_moment(text, facts)
    if isinstance(moment, str) and (day := _typed_day(text, facts)):
        return DayValue(day)
    return moment


def iso_day(text: str) -> dt.date | None:
    """Return the day of a text like 2026-11-28, which nobody would say to a customer."""
    try:
        return dt.date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None


def _typed(name: str, facts: Facts) -> str:
    """Return what the agent typed for a name, under either spelling; "" for nothing."""
    for spelling, value in facts.values.items():
        if spelling == name or canonical_name(spelling) == name:
            return value.strip()
    return ""


def _fact(name: str, facts: Facts, lang: str) -> Value:
    root, _dot, field = name.partition(".")
    if name == "now":
        return TimeValue(facts.now)
    if name == "brand":
        return facts.brand or Missing(name, "missing")
    if not field:
        return _whole(root, facts, lang)
    if name == "customer.salutation":
        return salutation(facts.customer, lang) or Missing(name, "missing" if not facts.customer.name else "language")
    if root == "customer" and field in Customer.__struct_fields__:
        return str(getattr(facts.customer, field)).strip() or Missing(name, "missing")
    if root == "agent" and field == "name":
        return facts.agent.strip() or Missing(name, "missing")
    if root == "offer" and field in ("kind", "amount", "sentence"):
        return facts.offer.get(field, "").strip() or Missing(name, "missing")
    if name == "incident.outlook" and facts.incident is not None:
        return _outlook(facts, lang)
    if root == "incident" and facts.incident is not None:
        return _of_incident(name, field, facts.incident, facts.now, lang)
    return Missing(name, "missing")


def _whole(root: str, facts: Facts, lang: str) -> Value:
    """Return the value of a root without a field: true in a condition where there is one, its name when printed."""
    words = ""
    if root == "customer":
        words = facts.customer.name
    elif root == "agent":
        words = facts.agent
    elif root == "offer":
        words = facts.offer.get("sentence") or facts.offer.get("amount") or facts.offer.get("kind") or ""
    elif root == "incident" and facts.incident is not None:
        words = facts.incident.said("title", lang) or facts.incident.id or facts.incident.severity
    return words.strip() or Missing(root, "missing")


def _of_incident(name: str, field: str, incident: Incident, now: dt.datetime, lang: str) -> Value:
    match field:
        case "title" | "scope" | "cause" | "workaround" | "services" | "prevention":
            if wording := incident.said(field, lang):
                return wording
            return Missing(name, "language" if incident.is_known_elsewhere(field, lang) else "empty")
        case "action":
            return action_words(incident, lang) or Missing(name, "language")
        case "recovered":
            return incident.composed.get(lang, {}).get("recovered", "") or Missing(name, "empty")
        case "effect" | "cause_kind" | "fault":
            return str(getattr(incident, field)) or Missing(name, "empty")
        case "eta_state":
            if incident.status in ("monitoring", "resolved"):
                return "watched" if incident.status == "monitoring" else "over"
            return incident.eta.state(now)
        case "status":
            return status_word(incident.status, "zh" if lang == "zh" else "en")
        case "severity":
            return incident.severity
        case "eta":
            due = incident.next_update_due
            return EtaValue(
                incident.eta,
                incident.status == "resolved",
                incident.status == "monitoring",
                due if due is not None and due > now else None,
            )
        case "next_update":
            due = incident.next_update_due
            return TimeValue(due) if due is not None and due > now else Missing(name, "empty")
        case "started":
            return TimeValue(incident.started_at)
        case "ended":
            return TimeValue(incident.over_at) if incident.over_at else Missing(name, "empty")
        case "duration":
            return spoken_span((incident.over_at or now) - incident.started_at, lang)
    return Missing(name, "missing")


def _outlook(facts: Facts, lang: str) -> Value:
    """Return the action and the ETA as one clause; of a repair that is watched or over, the ETA alone says all."""
    action, eta = read("incident.action", facts, lang), read("incident.eta", facts, lang)
    if isinstance(action, Missing) or isinstance(eta, Missing):
        return action if isinstance(action, Missing) else eta
    if isinstance(eta, EtaValue) and not (eta.over or eta.watched):
        clause = str(show(action, facts, lang))
        return describe_outlook(clause, eta.eta, facts.now, facts.tz, lang, next_update=eta.next_update)
    if isinstance(eta, EtaValue):
        return show(eta, facts, lang)
    return f"{action}，{eta}" if lang == "zh" else f"{action}, and {eta}"


def _typed_eta(name: str, typed: str, facts: Facts) -> Value:
    try:
        return EtaValue(parse_eta(typed, facts.now, facts.tz))
    except Refused:
        return Missing(name, "passed eta") if clocks_in(typed) else typed


def _typed_day(typed: str, facts: Facts) -> dt.date | None:
    try:
        return parse_day(typed, facts.now, facts.tz)
    except Refused:
        return None


def _typed_moment(typed: str, facts: Facts) -> TimeValue | str:
    """Parse a time that the agent typed; other words stay as they are: "this afternoon" is an answer too."""
    try:
        return TimeValue(parse_moment(typed, facts.now, facts.tz))
    except Refused:
        return typed
