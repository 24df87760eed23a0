"""Publishing facts: reopening, nothing without a change, and only by a lead, whatever the database."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.incidents import Eta, Incident
from agent_assist.incidents.told import missing_wordings, told
from agent_assist.services import Services
from agent_assist.services.demo import demo_settings, fill_demo, forget
from agent_assist.settings import read
from agent_assist.store import MemoryStore, Store, open_store
from tests.conftest import NOW, SHANGHAI
from tests.tui.standing import Clock

HALF_AN_HOUR = dt.timedelta(minutes=30)
OUTAGE = {"title": "登录故障", "severity": "1", "scope": "约 15% 的用户无法登录", "eta": "+45m"}


def at_work(store: Store | None = None, clock: Clock | None = None) -> Services:
    return Services(read(), store=store or MemoryStore(), clock=clock or Clock(), tz=SHANGHAI)


@pytest.fixture
def desk() -> Services:
    return at_work()


def resolved(desk: Services) -> Incident:
    incident = desk.open_incident(OUTAGE)
    return desk.update_incident(incident.id, {"status": "resolved"}).incident


@pytest.mark.parametrize("typed", [{}, {"status": "monitoring"}, {"status": "已定位"}])
def test_a_reopened_incident_has_its_rhythm_again_and_no_time_of_the_closed_one(
    desk: Services, typed: dict[str, str]
) -> None:
    incident = desk.facts.reopen(resolved(desk).id, typed).incident
    assert incident.status != "resolved"
    assert incident.version == 3
    assert incident.eta == Eta()
    assert incident.next_update_due == NOW + HALF_AN_HOUR


def test_an_update_that_takes_the_status_back_reopens_too(desk: Services) -> None:
    incident = desk.update_incident(resolved(desk).id, {"status": "monitoring", "rhythm": "10"}).incident
    assert (incident.eta, incident.next_update_due) == (Eta(), NOW + dt.timedelta(minutes=10))


def test_what_is_said_while_reopening_holds(desk: Services) -> None:
    incident = desk.facts.reopen(resolved(desk).id, {"eta": "+2h", "next_update": "+5m"}).incident
    assert incident.eta == Eta(at=NOW + dt.timedelta(hours=2))
    assert incident.next_update_due == NOW + dt.timedelta(minutes=5)


def test_what_is_open_is_not_reopened_and_nothing_is_reopened_as_resolved(desk: Services) -> None:
    incident = desk.open_incident(OUTAGE)
    with pytest.raises(Refused, match="is not resolved: investigating"):
        desk.facts.reopen(incident.id, {})
    over = desk.update_incident(incident.id, {"status": "resolved"}).incident
    with pytest.raises(Refused, match="goes on is not resolved"):
        desk.facts.reopen(incident.id, {"status": "fixed", "scope": "新的"})
    assert desk.store.incident(incident.id) == over


@pytest.mark.parametrize(
    "again",
    [
        {"scope": "约 15% 的用户无法登录"},
        {"scope": "  约 15% 的用户无法登录 "},
        {"status": "排查"},
        {"severity": "P1"},
        {"eta": "14:55"},
        {"scope.en": ""},
    ],
)
def test_facts_that_say_the_same_make_no_version(desk: Services, again: dict[str, str]) -> None:
    incident = desk.open_incident(OUTAGE)
    published = desk.update_incident(incident.id, again)
    assert not published.is_new
    assert published.incident == incident
    assert desk.store.versions(incident.id) == (incident,)


def test_any_other_fact_makes_one(desk: Services) -> None:
    incident = desk.open_incident(OUTAGE)
    for number, typed in enumerate(
        ({"cause_internal": "planner"}, {"scope.en": "some cannot pay"}, {"owner": "老周"}), 2
    ):
        published = desk.update_incident(incident.id, typed)
        assert (published.is_new, published.incident.version) == (True, number)


FILE = """
title = "登录故障"
started = "-30m"
eta = "+45m"
next_update = "+20m"
"""


def test_the_same_file_twice_makes_one_version_also_with_relative_times(tmp_path: Path) -> None:
    clock = Clock()
    desk = at_work(clock=clock)
    file = tmp_path / "outage.toml"
    file.write_text(FILE, "utf-8")
    first = desk.open_incident(desk.facts.read_file(file).changes)
    clock.wait(hours=1)  # even its ETA has passed meanwhile
    again = desk.facts.read_file(file, first.id)
    assert again.problems == ()
    assert not desk.update_incident(first.id, again.changes).is_new


def test_the_same_file_is_no_mistake_once_a_time_in_it_has_passed(tmp_path: Path) -> None:
    clock = Clock()
    desk = at_work(clock=clock)
    file = tmp_path / "outage.toml"
    file.write_text('title = "登录故障"\nstarted = "13:40"\neta = "14:30"\nnext_update = 14:20:00\n', "utf-8")
    first = desk.open_incident(desk.facts.read_file(file).changes)
    clock.wait(hours=26)
    again = desk.facts.read_file(file, first.id)
    assert again.problems == ()
    assert not desk.update_incident(first.id, again.changes).is_new
    file.write_text('title = "登录故障"\neta = "14:30"\ncause = "断电"\n', "utf-8")
    assert "has already passed" in desk.facts.read_file(file, first.id).problems[0].reason


@pytest.mark.parametrize("typed", ["-30m", "13:40", "半小时前", "half an hour ago"])
def test_a_changed_file_does_not_move_when_it_started(tmp_path: Path, typed: str) -> None:
    clock = Clock()
    desk = at_work(clock=clock)
    file = tmp_path / "outage.toml"
    content = f'title = "登录故障"\nstarted = "{typed}"\n'
    file.write_text(content, "utf-8")
    first = desk.open_incident(desk.facts.read_file(file).changes)
    for hours, cause in ((1, "断电"), (30, "机房断电")):
        clock.wait(hours=hours)
        file.write_text(content + f'cause = "{cause}"\n', "utf-8")
        after = desk.update_incident(first.id, desk.facts.read_file(file, first.id).changes).incident
        assert (after.cause, after.started_at) == (cause, first.started_at)
    file.write_text(content.replace(typed, "-5m"), "utf-8")
    after = desk.update_incident(first.id, desk.facts.read_file(file, first.id).changes).incident
    assert after.started_at == clock.now - dt.timedelta(minutes=5)


def test_the_file_after_a_change_by_hand_puts_its_facts_back_and_keeps_its_times(tmp_path: Path) -> None:
    clock = Clock()
    desk = at_work(clock=clock)
    file = tmp_path / "outage.toml"
    file.write_text(FILE, "utf-8")
    first = desk.open_incident(desk.facts.read_file(file).changes)
    desk.update_incident(first.id, {"title": "别的", "scope": "部分用户无法登录"})
    clock.wait(minutes=10)
    after = desk.update_incident(first.id, desk.facts.read_file(file, first.id).changes).incident
    assert (after.title, after.scope, after.started_at, after.eta) == (
        "登录故障",
        "部分用户无法登录",
        first.started_at,
        first.eta,
    )


def test_a_file_that_was_changed_means_its_times_from_now(tmp_path: Path) -> None:
    clock = Clock()
    desk = at_work(clock=clock)
    file = tmp_path / "outage.toml"
    file.write_text(FILE, "utf-8")
    first = desk.open_incident(desk.facts.read_file(file).changes)
    clock.wait(minutes=10)
    file.write_text(FILE + "severity = 1\n", "utf-8")
    after = desk.update_incident(first.id, desk.facts.read_file(file, first.id).changes).incident
    assert after.eta == Eta(at=clock.now + dt.timedelta(minutes=45))


@pytest.mark.parametrize("engine", ["memory", "sqlite"])
def test_an_agent_publishes_nothing_whatever_the_database(tmp_path: Path, engine: str) -> None:
    lead = at_work()
    incident = lead.open_incident(OUTAGE)
    store = MemoryStore("agent") if engine == "memory" else open_store(f"sqlite:///{tmp_path}/desk.db", role="agent")
    store.open_incident(replace(incident, id=""))
    agent = at_work(store)
    for attempt in (
        lambda: agent.open_incident(OUTAGE),
        lambda: agent.update_incident("INC-1", {"status": "resolved"}),
    ):
        with pytest.raises(Refused, match="Only a lead publishes facts"):
            attempt()
    assert len(store.versions("INC-1")) == 1
    store.close()


def test_the_demo_tells_its_story_to_an_agent_too() -> None:
    settings = demo_settings(replace(read(), role="agent"))
    desk = Services(settings, clock=Clock(), tz=SHANGHAI)
    fill_demo(desk)
    assert desk.store.incidents()
    desk.close()
    forget(settings)


def test_the_demo_is_chosen_facts_in_every_version_and_lacks_nothing_in_either_language() -> None:
    settings = demo_settings(read())
    desk = Services(settings, clock=Clock(), tz=SHANGHAI)
    fill_demo(desk)
    versions = desk.store.versions(desk.store.incidents()[0].id)
    desk.close()
    forget(settings)
    assert len(versions) == 4
    for version in versions:
        assert (version.services, version.effect, version.title) == (("登录",), "down", "登录故障")
        assert not [*missing_wordings(version, "zh"), *missing_wordings(version, "en")]
    assert "about 15% of users cannot sign in" in told(versions[-1], NOW, SHANGHAI, "en")
    assert "工程师正在回滚这次变更" in told(versions[-1], NOW, SHANGHAI, "zh")
