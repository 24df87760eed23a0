"""What a status page says is recorded once, beside what people filled in by hand."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.services import Services
from agent_assist.services.follow_page import PageReading
from agent_assist.settings import read
from agent_assist.store import MemoryStore
from tests.conftest import NOW, SHANGHAI


def page(*incidents: dict[str, Any]) -> str:
    return json.dumps({"page": {"id": "p1", "name": "Example"}, "incidents": list(incidents)})


def entry(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": "i1",
        "name": "Sign-in is failing",
        "status": "investigating",
        "impact": "major",
        "started_at": "2026-11-20T05:30:00.000Z",
        "components": [{"name": "Login", "status": "major_outage"}],
        "incident_updates": [{"body": "text that no reply quotes"}],
    }
    return usual | changes


@pytest.fixture
def desk(tmp_path: Path) -> Services:
    settings = replace(read(home=tmp_path, environ={}), agent="老周")
    return Services(settings, store=MemoryStore(), clock=lambda: NOW, tz=SHANGHAI)


def record(desk: Services, text: str, incident_id: str = "") -> PageReading:
    file = desk.settings.home / "page.json"
    file.write_text(text, "utf-8")
    return desk.followed_page.read_file(file, incident_id)


def test_an_incident_of_the_page_is_opened_in_both_languages(desk: Services) -> None:
    incident = record(desk, page(entry())).followed[0].published.incident
    assert (incident.title, incident.status, incident.severity) == ("Sign-in is failing", "investigating", "SEV2")
    assert incident.said("scope", "zh") == "有用户反映无法登录"
    assert incident.said("scope", "en") == "some users report that they cannot sign in"
    assert incident.started_at.isoformat() == "2026-11-20T05:30:00+00:00"


def test_the_same_page_twice_makes_one_version(desk: Services) -> None:
    record(desk, page(entry()))
    again = record(desk, page(entry(updated_at="2026-11-20T06:00:00Z"))).followed[0]
    assert (again.published.is_new, again.published.incident.version, again.conflicts) == (False, 1, ())


def test_what_was_filled_in_by_hand_survives_the_next_reading(desk: Services) -> None:
    first = record(desk, page(entry())).followed[0].published.incident
    by_hand = {"share": "15%", "cause": "数据库升级后的兼容问题", "eta": "+45m", "workaround": "请先不要退出"}
    desk.update_incident(first.id, by_hand)
    after = record(desk, page(entry(status="identified", impact="critical"))).followed[0]
    incident = after.published.incident
    assert (incident.status, incident.severity, incident.version) == ("identified", "SEV1", 3)
    assert incident.said("scope", "zh") == "约 15% 的用户无法登录"
    assert (incident.cause, incident.workaround, incident.eta.state(NOW)) == (
        "数据库升级后的兼容问题",
        "请先不要退出",
        "known",
    )
    assert after.conflicts == ()


def test_a_fact_that_people_and_the_page_give_differently_stays_and_is_named(desk: Services) -> None:
    first = record(desk, page(entry())).followed[0].published.incident
    desk.update_incident(first.id, {"severity": "SEV1", "title": "登录故障"})
    after = record(desk, page(entry(impact="minor", status="monitoring"))).followed[0]
    assert (after.published.incident.severity, after.published.incident.title) == ("SEV1", "登录故障")
    assert after.published.incident.status == "monitoring"
    assert {conflict.fact for conflict in after.conflicts} == {"severity", "title"}
    again = record(desk, page(entry(impact="minor", status="monitoring"))).followed[0]
    assert not again.published.is_new
    assert {conflict.fact for conflict in again.conflicts} == {"severity", "title"}


def test_an_incident_that_the_page_drops_is_named_and_stays_open(desk: Services) -> None:
    record(desk, page(entry(), entry(id="i2", name="Payments are slow")))
    reading = record(desk, page(entry()))
    assert [incident.title for incident in reading.vanished] == ["Payments are slow"]
    assert len(desk.store.incidents(open_only=True)) == 2


def test_an_incident_that_is_open_here_can_be_bound_to_the_only_one_of_the_page(desk: Services) -> None:
    mine = desk.open_incident({"title": "登录故障", "severity": "SEV1"})
    bound = record(desk, page(entry(status="identified")), mine.id).followed[0]
    assert bound.published.incident.id == mine.id
    assert (bound.published.incident.title, bound.published.incident.services) == ("登录故障", ("登录",))
    record(desk, page(entry(status="monitoring")))
    assert len(desk.store.incidents()) == 1
    with pytest.raises(Refused, match="lists 2 incidents"):
        record(desk, page(entry(), entry(id="i2")), mine.id)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"page": 1}', '{"page": {}}', "[" * 100_000, '{"page": {}, "incidents": 3}']
)
def test_what_is_no_summary_is_refused_and_nothing_is_recorded(desk: Services, text: str) -> None:
    with pytest.raises(Refused, match="not the summary of a status page"):
        record(desk, text)
    assert desk.store.incidents() == ()


def test_entries_that_make_no_sense_are_counted_and_the_others_recorded(desk: Services) -> None:
    odd: list[Any] = [
        entry(id=None),
        entry(name=""),
        entry(status="purple"),
        7,
        entry(id="i3", started_at="yesterday", components="all", impact=None, name="\x1b]52;c;eA==\x07Odd"),
    ]
    reading = record(desk, page(*odd))
    assert reading.page.left_out == 4
    incident = reading.followed[0].published.incident
    assert "\x1b" not in incident.title
    assert incident.started_at == NOW


def test_an_agent_may_not_record_a_page(desk: Services, tmp_path: Path) -> None:
    agent = Services(replace(desk.settings, role="agent"), store=MemoryStore(role="agent"), clock=lambda: NOW)
    with pytest.raises(Refused, match="Only a lead"):
        agent.followed_page.read_file(tmp_path / "page.json")


@pytest.mark.parametrize("status", ["resolved", "postmortem"])
def test_a_page_that_resolves_says_when_it_ended(desk: Services, status: str) -> None:
    record(desk, page(entry()))
    after = record(desk, page(entry(status=status, resolved_at="2026-11-20T06:05:00Z"))).followed[0]
    assert after.published.incident.status == "resolved"
    assert after.published.incident.over_at is not None
    assert after.published.incident.over_at.isoformat() == "2026-11-20T06:05:00+00:00"
