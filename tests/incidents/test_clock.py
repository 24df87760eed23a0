"""The communication clock counts what customers were told, not what was recorded."""

import datetime as dt

import pytest

from agent_assist.errors import Refused
from agent_assist.incidents import Eta, Incident, Publication, overdue, steps
from agent_assist.incidents.clock_rules import USUAL_TIMES, StepTimes, parse_clock_rules
from agent_assist.incidents.publication import StepName, known_steps, told_steps
from tests.conftest import SHANGHAI
from tests.incidents.facts import at, outage

BARE = {"cause": "", "eta": Eta(), "started_at": at("13:00"), "next_update_due": None}
FIRST = outage(**BARE, version=1, updated_at=at("13:04"))
FULL = outage(**BARE | {"cause": "兼容问题", "eta": Eta(at=at("15:00"))}, version=2, updated_at=at("13:20"))
RESOLVED = outage(**BARE, version=3, status="resolved", updated_at=at("14:00"))
NOTICE: tuple[StepName, ...] = ("notice",)
CAUSE: tuple[StepName, ...] = ("notice", "cause")
PLAN: tuple[StepName, ...] = ("notice", "cause", "plan")


def told(time: str, tells: tuple[StepName, ...] = NOTICE, version: int = 1, channel: str = "reply") -> Publication:
    return Publication(incident="INC-1", version=version, at=at(time), agent="小李", channel=channel, tells=tells)


@pytest.mark.parametrize(
    ("versions", "published", "now", "expected"),
    [
        ([FIRST], [], "13:05", ["notice due", "cause due", "plan due"]),  # recording it tells nobody
        ([FIRST], [], "13:06", ["notice overdue", "cause due", "plan due"]),
        ([FIRST, FULL], [], "15:01", ["notice overdue", "cause overdue", "plan overdue"]),
        ([FIRST], [told("13:05")], "13:10", ["notice done", "cause due", "plan due"]),
        ([FIRST], [told("13:07")], "13:10", ["notice late", "cause due", "plan due"]),
        ([FIRST, FULL], [told("13:05"), told("13:40", CAUSE, 2)], "13:50", ["notice done", "cause late", "plan due"]),
        ([FIRST, FULL], [told("13:04", PLAN, 2)], "16:00", ["notice done", "cause done", "plan done"]),
        ([FIRST, FULL], [told("13:04", channel="sms")], "13:31", ["notice done", "cause overdue", "plan due"]),
        ([FIRST, RESOLVED], [], "16:00", ["notice dropped", "cause dropped", "plan dropped"]),
        ([FIRST, RESOLVED], [told("13:04")], "16:00", ["notice done", "cause dropped", "plan dropped"]),
        ([FIRST, RESOLVED], [told("14:10", version=3)], "16:00", ["notice late", "cause dropped", "plan dropped"]),
    ],
)
def test_steps_follow_from_what_was_published(
    versions: list[Incident], published: list[Publication], now: str, expected: list[str]
) -> None:
    assert [f"{step.name} {step.state}" for step in steps(versions, at(now), published)] == expected


def test_steps_are_counted_from_the_start_of_the_incident() -> None:
    assert [step.due_at for step in steps([FIRST], at("13:10"))] == [at("13:05"), at("13:30"), at("15:00")]


UPDATES = [
    outage(**BARE | {"next_update_due": at("14:10")}, version=1, updated_at=at("13:40")),
    outage(**BARE | {"next_update_due": at("14:40")}, version=2, updated_at=at("14:05")),
]


@pytest.mark.parametrize(
    ("count", "published", "now", "due", "state"),
    [
        (1, [], "14:09", "14:10", "due"),
        (1, [told("13:41")], "14:11", "14:10", "overdue"),
        (2, [], "14:11", "14:40", "due"),  # nobody was told of the earlier time
        (2, [told("13:41")], "14:11", "14:10", "overdue"),  # later facts are recorded, customers wait all the same
        (2, [told("13:41"), told("14:06", version=2)], "14:11", "14:40", "due"),
        (2, [told("14:06", version=2), told("14:20")], "14:21", "14:40", "due"),  # an old text once more
    ],
)
def test_the_next_update_is_due_when_customers_were_told_that_it_is(
    count: int, published: list[Publication], now: str, due: str, state: str
) -> None:
    update = steps(UPDATES[:count], at(now), published)[-1]
    assert (update.name, update.due_at, update.state) == ("update", at(due), state)


def test_a_resolved_incident_has_no_next_update() -> None:
    over = outage(**BARE | {"next_update_due": at("14:20")}, status="resolved", version=3, updated_at=at("14:00"))
    assert "update" not in [step.name for step in steps([*UPDATES, over], at("14:21"))]


def test_what_is_overdue_is_what_customers_wait_for() -> None:
    late = steps([*UPDATES], at("14:41"), [told("13:01"), told("14:06", version=2)])
    assert [step.name for step in overdue(late)] == ["cause", "update"]


def test_there_are_no_steps_without_an_incident() -> None:
    assert steps([], dt.datetime.now(dt.UTC)) == ()


def test_a_text_tells_what_it_says() -> None:
    facts = outage(translations={"en": {"cause": "a database upgrade"}})
    said = "目前约 15% 的用户无法登录，原因是数据库升级后的兼容问题"
    assert told_steps(facts, said, "zh", SHANGHAI) == ("notice", "cause")
    assert told_steps(facts, said + "，预计 14:30 前恢复", "zh", SHANGHAI) == ("notice", "cause", "plan")
    assert told_steps(facts, "We are on it.", "en", SHANGHAI) == ("notice",)
    assert told_steps(facts, "It was a database upgrade.", "en", SHANGHAI) == ("notice", "cause")
    assert told_steps(outage(cause=""), said, "zh", SHANGHAI) == ("notice",)


def test_facts_say_what_a_whole_announcement_of_them_tells() -> None:
    assert known_steps(outage()) == ("notice", "cause", "plan")
    assert known_steps(outage(cause="", cause_internal="planner bug", eta=Eta())) == ("notice",)
    assert known_steps(outage(cause="", translations={"en": {"cause": "an upgrade"}})) == ("notice", "cause", "plan")
    assert known_steps(outage(eta=Eta(at=at("14:00")))) == ("notice", "cause"), "a time that was past is no plan"


MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("line", "times"),
    [
        ("SEV1 3m 20m 1h 15m", StepTimes(notice=3 * MINUTE, cause=20 * MINUTE, plan=HOUR, rhythm=15)),
        ("sev1 3min 20分钟 1小时", StepTimes(notice=3 * MINUTE, cause=20 * MINUTE, plan=HOUR)),
        ("SEV1 - 2h -", StepTimes(notice=None, cause=2 * HOUR, plan=None)),
    ],
)
def test_times_of_a_severity_are_read_as_they_are_written(line: str, times: StepTimes) -> None:
    rules = parse_clock_rules([line])
    assert rules.of("SEV1") == times
    assert rules.of("SEV2") == USUAL_TIMES


@pytest.mark.parametrize(
    "line",
    [
        "",
        "SEV1",
        "SEV9 5m 30m 2h",
        "SEV1 5 30 120",
        "SEV1 5m 30m 2h 15m 1m",
        "SEV1 0m 5m 5m",
        "SEV1 25h - -",
        "SEV1 5m 5m 5m -",
    ],
)
def test_other_lines_are_refused_with_an_example(line: str) -> None:
    with pytest.raises(Refused, match="SEV1 5m 30m 2h 15m"):
        parse_clock_rules([line])


def test_a_severity_has_its_own_steps() -> None:
    times = parse_clock_rules(["SEV1 2m - 1h"]).of("SEV1")
    clock = steps([FIRST], at("13:03"), [], times)
    assert [(step.name, step.state, step.within) for step in clock] == [
        ("notice", "overdue", 2 * MINUTE),
        ("plan", "due", HOUR),
    ]
