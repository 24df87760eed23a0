"""The communication clock: what customers should have heard by when, and what is overdue.

By default a notice within 5 minutes, a cause within 30 minutes, a plan with a time within 2 hours, then updates in the
chosen rhythm. No step is ticked off by hand, and none by recording facts: it is taken when a reply or an announcement
that says so went out.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

from agent_assist.incidents.clock_rules import USUAL_TIMES, StepTimes
from agent_assist.incidents.incident import Incident
from agent_assist.incidents.publication import TOLD_STEPS, Publication, StepName

StepState = Literal["done", "late", "due", "overdue", "dropped"]


class Step(msgspec.Struct, frozen=True):
    """One thing to say. `late` was done after `due_at`; `overdue` is still to be done; `dropped` was not done when the
    incident was over. `within` is the time from the start, None for an update."""

    name: StepName
    due_at: dt.datetime
    done_at: dt.datetime | None
    state: StepState
    within: dt.timedelta | None = None


def steps(
    versions: Sequence[Incident],
    now: dt.datetime,
    published: Sequence[Publication] = (),
    times: StepTimes = USUAL_TIMES,
) -> tuple[Step, ...]:
    """Return the steps of an incident, from its versions oldest first and what was published; none for no versions.

    While the incident is not resolved, the last step is `update`: due when the facts that customers heard last say that
    they hear more. Publishing later facts moves it on; recording them does not.
    """
    if not versions:
        return ()
    latest = versions[-1]
    is_over = latest.status == "resolved"
    clock_steps = []
    for name in TOLD_STEPS:
        within = times.within(name)
        if within is not None:
            done_at = min((each.at for each in published if name in each.tells), default=None)
            due_at = latest.started_at + within
            clock_steps.append(Step(name, due_at, done_at, _state(due_at, done_at, now, is_over=is_over), within))
    update_due = None if is_over else _promised_update(versions, published)
    if update_due is not None:
        clock_steps.append(Step("update", update_due, None, _state(update_due, None, now, is_over=False)))
    return tuple(clock_steps)


def overdue(clock_steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps that customers wait for."""
    return tuple(step for step in clock_steps if step.state == "overdue")


def _promised_update(versions: Sequence[Incident], published: Sequence[Publication]) -> dt.datetime | None:
    """Return when customers were told to hear more, by the latest facts they heard; by the latest of all before."""
    newest = max((each.version for each in published), default=0)
    told = next((version for version in versions if version.version == newest), versions[-1])
    return told.next_update_due or versions[-1].next_update_due


def _state(due_at: dt.datetime, done_at: dt.datetime | None, now: dt.datetime, *, is_over: bool) -> StepState:
    if done_at is not None:
        return "done" if done_at <= due_at else "late"
    if is_over:
        return "dropped"
    return "due" if now <= due_at else "overdue"
