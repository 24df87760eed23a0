"""What stands at the end of every footer: overdue steps of the clock, and incidents that nobody looked at yet."""

from collections.abc import Mapping, Sequence

from textual.content import Content

from agent_assist.incidents import Incident, Step
from agent_assist.locale import N_, _
from agent_assist.tui.desk.incident_news import NewsKind, title_of
from agent_assist.tui.desk.incident_snapshot import IncidentSnapshot
from agent_assist.tui.text.content import fit
from agent_assist.tui.text.line import Part, joined, line
from agent_assist.tui.text.step_marks import step_name

MAX_TITLE = 16
"""Cells of a title in the footer."""

_MARKS: Mapping[NewsKind, str] = {
    "opened": N_("● new: {what}"),
    "resolved": N_("✓ resolved: {what}"),
    "reopened": N_("● again: {what}"),
}


def alert_line(overdue: int, marks: Mapping[str, NewsKind], incidents: IncidentSnapshot) -> Content:
    """Return the alert, empty when there is nothing; several incidents of a kind are counted."""
    parts: list[Part] = [(_("! {count} overdue", count=overdue), ".danger")] if overdue else []
    for kind, mark in _MARKS.items():
        ids = [incident_id for incident_id, each in marks.items() if each == kind]
        if ids:
            history = incidents.histories.get(ids[0], ())
            title = fit(title_of(history[-1]), MAX_TITLE) if history else ids[0]
            parts.append((_(mark, what=title if len(ids) == 1 else len(ids)), ".warn"))
    return line(joined(parts), " ", ("Alt+G", ".key"), " ") if parts else line()


def overdue_message(late: Sequence[tuple[Incident, Step]]) -> str:
    """Return what customers wait for, for a message."""
    steps = [f"{title_of(incident)} {step_name(step)}" for incident, step in late]
    return _("Customers wait to hear: {steps}. Alt+G shows all incidents.", steps=_(", ").join(steps))
