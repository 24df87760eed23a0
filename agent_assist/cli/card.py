"""An incident in rows for people to read: the card, the line of a list, the timeline."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent_assist.incidents import SAYINGS, describe_change, field_label, say_value, spoken_span, status_word
from agent_assist.incidents.fact_words import show_change, show_fact, shown_wording
from agent_assist.locale import N_, _, current
from agent_assist.offers.money import display_sum

if TYPE_CHECKING:
    from agent_assist.incidents import Incident, Step
    from agent_assist.services.incident_board import BoardRow

_CARD = (
    "severity",
    "status",
    "services",
    "effect",
    "share",
    "who",
    "scope",
    "recovered",
    "cause_kind",
    "cause",
    "cause_internal",
    "action",
    "workaround",
    "eta",
    "next_update_due",
    "prevention",
    "started_at",
    "ended_at",
    "owner",
)
_ONLY_WITH_VALUE = ("effect", "share", "who", "recovered", "cause_kind", "action", "prevention", "ended_at")
"""Facts that many incidents have no use for."""

STEPS = {
    "notice": N_("first notice"),
    "cause": N_("first cause"),
    "plan": N_("plan with a time"),
    "update": N_("next update"),
}

STATES = {
    "done": N_("✓ done"),
    "late": N_("✓ done late"),
    "due": N_("● due {time}"),
    "overdue": N_("! overdue since {time}"),
    "dropped": N_("– not said before it was over"),
}


def card(
    incident: "Incident", clock: Sequence["Step"], now: dt.datetime, tz: dt.tzinfo, *, internal: bool
) -> list[tuple[str, str]]:
    """The facts as label and value, then the communication clock."""
    rows = [(incident.id, shown_wording(incident, "title"))]
    for field in _CARD:
        value = _value(incident, field, now, tz)
        if (field != "cause_internal" or internal) and not (field in _ONLY_WITH_VALUE and value == "—"):
            rows.append((field_label(field), value))
    other = "en" if current() == "zh" else "zh"
    for field in SAYINGS:
        text = incident.said(field, other)
        if text and text != shown_wording(incident, field):
            rows.append((field_label(f"{field}.{other}"), text))
    by = _(
        "version {version}, {time}, {author}",
        version=incident.version,
        time=say_value(incident.updated_at, now, tz),
        author=incident.author,
    )
    rows.append((_("Facts"), by))
    for step in clock:
        due = say_value(step.due_at, now, tz)
        rows.append((step_label(step), _(STATES[step.state], time=due)))
    return rows


def step_label(step: "Step") -> str:
    """What is to be said, and within which time of the start."""
    if step.within is None:
        return _(STEPS[step.name])
    return _("{step} ({span})", step=_(STEPS[step.name]), span=spoken_span(step.within, current()))


def line(row: "BoardRow", now: dt.datetime, tz: dt.tzinfo) -> tuple[str, ...]:
    """One row of the list."""
    incident, lang = row.incident, current()
    sums = " ".join(display_sum(each.minor, each.currency, lang) for each in row.offers if each.currency)
    offers = f"{sum(each.count for each in row.offers)} {sums}".strip()
    return (
        incident.id,
        incident.severity,
        status_word(incident.status),
        shown_wording(incident, "title"),
        spoken_span(now - incident.started_at, lang),
        _value(incident, "eta", now, tz),
        say_value(incident.next_update_due, now, tz),
        ", ".join(step_label(step) for step in row.overdue) or "—",
        str(row.chats),
        offers + (" " + _("({count} wait)", count=row.waiting) if row.waiting else ""),
        f"v{incident.version}",
    )


def timeline_rows(
    before: "Incident | None", after: "Incident", now: dt.datetime, tz: dt.tzinfo, internal: bool
) -> list[tuple[str, ...]]:
    """One row for each fact that changed; time, version and author stand on the first of them."""
    changes = [
        _("{name}: {value}", name=field_label(change.field), value=show_change(before, after, change.field, now, tz)[1])
        for change in describe_change(before, after)
        if internal or change.field != "cause_internal"
    ] or [_("no change in words")]
    head = (say_value(after.updated_at, now, tz), f"v{after.version}", after.author)
    return [(*(head if number == 0 else ("", "", "")), change) for number, change in enumerate(changes)]


def _value(incident: "Incident", field: str, now: dt.datetime, tz: dt.tzinfo) -> str:
    said = show_fact(incident, field, now, tz)
    if field == "eta" and incident.status != "resolved" and incident.eta.state(now) == "passed":
        return _("{time} (passed; do not quote it)", time=said)
    return said
