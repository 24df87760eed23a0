"""The steps of the communication clock as short marks: 5 min ✓, 30 min ! 4 min over."""

import datetime as dt

from textual.content import Content

from agent_assist.incidents import Step
from agent_assist.locale import _
from agent_assist.tui.text.labels import left, over
from agent_assist.tui.text.line import line


def step_name(step: Step) -> str:
    """Return a step in as few words as possible: the time within which it is due; “update” for an update."""
    if step.within is None:
        return _("update")
    minutes = int(step.within.total_seconds() // 60)
    return _("{count} min", count=minutes) if minutes % 60 else _("{count} h", count=minutes // 60)


def step_mark(step: Step, now: dt.datetime) -> Content:
    """Return a step with what became of it."""
    name = step_name(step)
    match step.state:
        case "done":
            return line(f"{name} ", ("✓", ".ok"))
        case "late":
            late = _("late")
            return line(f"{name} ", ("✓", ".ok"), (f" {late}", ".dim"))
        case "due":
            return line(f"{name} ", ("●", ".accent"), f" {left(step.due_at - now)}")
        case "dropped":
            return line((f"{name} –", ".dim"))
    return line(f"{name} ", (f"! {over(now - step.due_at)}", ".danger"))
