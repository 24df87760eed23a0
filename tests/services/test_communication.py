"""What goes out to customers takes the steps of the communication clock."""

import datetime as dt

import pytest
from msgspec.structs import replace

from agent_assist.chats import Customer
from agent_assist.incidents import Incident
from agent_assist.phrasebook import Phrase
from agent_assist.services import Services
from agent_assist.settings import read
from agent_assist.store import MemoryStore
from tests.conftest import NOW, SHANGHAI
from tests.tui.standing import Clock

ALL_FACTS = "{{ incident.scope }}，原因是{{ incident.cause }}，{{ incident.eta }}。"
WITH_ALL = Phrase(id="all", kind="status", title={"zh": "进展"}, text={"zh": ALL_FACTS})
SCOPE_ONLY = replace(WITH_ALL, id="scope", text={"zh": "目前{{ incident.scope }}，非常抱歉。"})
WITHOUT_FACTS = replace(WITH_ALL, id="faq", text={"zh": "{{ customer.name }}，请清除缓存后再试。"})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Services:
    return Services(read(), store=MemoryStore(), clock=clock, tz=SHANGHAI)


def outage(desk: Services) -> Incident:
    typed = {"title": "登录故障", "scope": "部分用户无法登录", "cause": "数据库升级", "eta": "15:00"}
    return desk.open_incident(typed)


def states(desk: Services, incident: Incident) -> dict[str, str]:
    return {step.name: step.state for step in desk.communication.read_clock(incident.id)}


def send(desk: Services, phrase: Phrase, incident: Incident, *, edited: str = "", text: str = "") -> None:
    chat = replace(desk.new_chat(Customer(name="王女士", language="zh")), phrase_id=phrase.id, edited=edited)
    reply = desk.reply(phrase, chat, incident)
    desk.record_sent(chat, reply, desk.sent_now(reply, text or reply.text, "native"), op_id=phrase.id + edited + text)


@pytest.mark.parametrize(
    ("phrase", "edited", "done"),
    [
        (WITH_ALL, "", {"notice", "cause", "plan"}),
        (SCOPE_ONLY, "", {"notice"}),
        (WITHOUT_FACTS, "", set()),  # it is about something else
        (SCOPE_ONLY, "部分用户无法登录，原因是数据库升级。", {"notice", "cause"}),
        (WITH_ALL, "部分用户无法登录，我们在查。", {"notice"}),
    ],
)
def test_a_reply_takes_the_steps_that_its_words_take(
    desk: Services, clock: Clock, phrase: Phrase, edited: str, done: set[str]
) -> None:
    incident = outage(desk)
    clock.wait(minutes=2)
    send(desk, phrase, incident, edited=edited)
    assert {name for name, state in states(desk, incident).items() if state == "done"} == done


def test_words_that_put_the_reply_off_tell_nothing(desk: Services) -> None:
    incident = outage(desk)
    send(desk, WITH_ALL, incident, text="请稍等，主管确认后回复您。")
    assert states(desk, incident)["notice"] == "due"


def test_an_announcement_takes_what_it_says_or_all_that_is_known(desk: Services, clock: Clock) -> None:
    incident, other = outage(desk), outage(desk)
    clock.wait(minutes=1)
    desk.announcement_published(incident.id, channel="sms", texts={"zh": "登录故障，预计 15:00 前恢复"})
    told = {name for name, state in states(desk, incident).items() if state == "done"}
    assert told == {"notice", "plan"}
    publication = desk.announcement_published(other.id, channel="banner")
    assert (publication.channel, publication.version, publication.tells) == ("banner", 1, ("notice", "cause", "plan"))
    assert states(desk, other)["cause"] == "done"


def test_the_update_is_owed_until_the_later_facts_went_out(desk: Services, clock: Clock) -> None:
    incident = outage(desk)
    send(desk, WITH_ALL, incident)
    clock.wait(minutes=20)
    later = desk.update_incident(incident.id, {"scope": "少数用户无法登录", "next_update": "+60m"}).incident
    clock.wait(minutes=15)
    assert states(desk, incident)["update"] == "overdue"
    send(desk, SCOPE_ONLY, later)
    assert states(desk, incident)["update"] == "due"


def test_a_severity_has_the_times_and_the_rhythm_of_the_settings(clock: Clock) -> None:
    settings = replace(read(), clock=("SEV1 2m 10m 1h 15m",))
    desk = Services(settings, store=MemoryStore(), clock=clock, tz=SHANGHAI)
    incident = desk.open_incident({"title": "登录故障", "severity": "1"})
    assert (incident.rhythm_minutes, incident.next_update_due) == (15, NOW + dt.timedelta(minutes=15))
    assert desk.open_incident({"title": "x", "severity": "1", "rhythm": "40"}).rhythm_minutes == 40
    assert desk.open_incident({"title": "x"}).rhythm_minutes == 30
    assert [step.due_at - NOW for step in desk.communication.read_clock(incident.id)][:3] == [
        dt.timedelta(minutes=2),
        dt.timedelta(minutes=10),
        dt.timedelta(hours=1),
    ]
