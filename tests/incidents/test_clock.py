"""The communication clock reads from the versions what customers were told, and when."""

import datetime as dt

import pytest

from agent_assist.incidents import Eta, Incident, steps
from tests.incidents.facts import at, outage

BARE = {"cause": "", "eta": Eta(), "started_at": at("13:00"), "next_update_due": None}
NOTICE = outage(**BARE, updated_at=at("13:04"))
CAUSE = outage(**BARE | {"cause": "兼容问题"}, updated_at=at("13:40"))
PLAN = outage(**BARE | {"cause": "兼容问题", "eta": Eta(at=at("15:00"))}, updated_at=at("14:00"))
RESOLVED = outage(**BARE, status="resolved", updated_at=at("13:20"))


@pytest.mark.parametrize(
    ("versions", "now", "expected"),
    [
        ([NOTICE], "13:10", ["notice done", "cause due", "plan due"]),
        ([NOTICE], "13:30", ["notice done", "cause due", "plan due"]),  # due until the minute is over
        ([NOTICE], "13:31", ["notice done", "cause overdue", "plan due"]),
        ([NOTICE, CAUSE], "13:50", ["notice done", "cause late", "plan due"]),
        ([NOTICE, CAUSE], "15:01", ["notice done", "cause late", "plan overdue"]),
        ([NOTICE, CAUSE, PLAN], "16:00", ["notice done", "cause late", "plan done"]),  # given in time; it passed later
        ([NOTICE, RESOLVED], "16:00", ["notice done", "cause done", "plan done"]),  # nothing is left to announce
    ],
)
def test_steps_follow_from_the_versions(versions: list[Incident], now: str, expected: list[str]) -> None:
    assert [f"{step.name} {step.state}" for step in steps(versions, at(now))] == expected


def test_steps_are_counted_from_the_start_of_the_incident() -> None:
    assert [step.due_at for step in steps([NOTICE], at("13:10"))] == [at("13:05"), at("13:30"), at("15:00")]


def test_an_eta_that_was_past_when_it_was_given_is_no_plan() -> None:
    stale = outage(**BARE | {"eta": Eta(at=at("13:30"))}, updated_at=at("13:40"))
    assert steps([NOTICE, stale], at("13:50"))[2].done_at is None


def test_an_internal_cause_tells_customers_nothing() -> None:
    internal = outage(**BARE | {"cause_internal": "planner bug"}, updated_at=at("13:20"))
    assert steps([NOTICE, internal], at("13:25"))[1].done_at is None


def test_a_cause_known_only_in_english_counts() -> None:
    english = outage(**BARE, translations={"en": {"cause": "a database upgrade"}}, updated_at=at("13:20"))
    assert steps([NOTICE, english], at("13:25"))[1].state == "done"


def test_the_next_update_is_a_step_until_the_incident_is_resolved() -> None:
    waiting = outage(**BARE | {"next_update_due": at("14:20")}, updated_at=at("13:04"))
    update = steps([waiting], at("14:21"))[-1]
    assert (update.name, update.state, update.due_at) == ("update", "overdue", at("14:20"))
    over = outage(**BARE | {"next_update_due": at("14:20")}, status="resolved", updated_at=at("14:00"))
    assert "update" not in [step.name for step in steps([waiting, over], at("14:21"))]


def test_there_are_no_steps_without_an_incident() -> None:
    assert steps([], dt.datetime.now(dt.UTC)) == ()
