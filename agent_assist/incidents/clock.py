"""The communication clock: what customers should have heard by when, and what is overdue.

The times are a rule of this program (docs/glossary.md): a notice within 5 minutes, a cause within 30 minutes, a plan
with a time within 2 hours, then updates in the chosen rhythm. No step is ticked off by hand: the versions of the facts
show what was said and when.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from agent_assist.incidents.incident import Incident

StepName = Literal["notice", "cause", "plan", "update"]
StepState = Literal["done", "late", "due", "overdue"]

_WITHIN: dict[StepName, dt.timedelta] = {
    "notice": dt.timedelta(minutes=5),
    "cause": dt.timedelta(minutes=30),
    "plan": dt.timedelta(hours=2),
}


class Step(msgspec.Struct, frozen=True):
    """One thing to say. `late` was done after `due_at`; `overdue` is still to be done."""

    name: StepName
    due_at: dt.datetime
    done_at: dt.datetime | None
    state: StepState


def steps(versions: Sequence[Incident], now: dt.datetime) -> tuple[Step, ...]:
    """The steps of an incident, from its versions oldest first; none for no versions.

    A resolution settles every step that was still open. While the incident is not resolved and a next update is set,
    the last step is `update`, due then.
    """
    if not versions:
        return ()
    latest = versions[-1]
    said: dict[StepName, Callable[[Incident], bool]] = {
        "notice": lambda version: True,  # noqa: ARG005 - recording the incident is the notice
        "cause": _has_cause,
        "plan": lambda version: version.eta.state(version.updated_at) in ("known", "range"),
    }
    found = []
    for name, holds in said.items():
        done_at = next((v.updated_at for v in versions if holds(v) or v.status == "resolved"), None)
        found.append(_step(name, latest.started_at + _WITHIN[name], done_at, now))
    if latest.status != "resolved" and latest.next_update_due is not None:
        found.append(_step("update", latest.next_update_due, None, now))
    return tuple(found)


def _has_cause(version: Incident) -> bool:
    return bool(version.cause.strip()) or any(words.get("cause") for words in version.translations.values())


def _step(name: StepName, due_at: dt.datetime, done_at: dt.datetime | None, now: dt.datetime) -> Step:
    if done_at is not None:
        return Step(name, due_at, done_at, "done" if done_at <= due_at else "late")
    return Step(name, due_at, None, "due" if now <= due_at else "overdue")
