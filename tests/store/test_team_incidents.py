"""On the desks of a team everybody hears of incidents, and an agent is told that leads publish facts."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.services import Services
from agent_assist.settings import read
from tests.conftest import SHANGHAI
from tests.store.teams import Team
from tests.tui.standing import Clock, desk


def at_work(people: Team, short: str) -> Services:
    settings = replace(read(), agent=people.name(short))
    return Services(settings, store=people.store(short), clock=Clock(), tz=SHANGHAI)


async def test_an_agent_s_desk_bears_a_mark_of_what_a_lead_does(tmp_path: Path, people: Team) -> None:
    lead = at_work(people, "老周")
    async with desk(tmp_path, people.store("小李"), agent=people.name("小李")) as at:
        await at.type("denglu")
        lead.open_incident({"title": "支付故障", "scope": "部分用户支付失败"})
        await at.until("● new: 支付故障")
        lead.update_incident("INC-1", {"status": "resolved"})
        await at.until("✓ resolved: 支付故障")
        lead.facts.reopen("INC-1", {})
        await at.until("● again: 支付故障")
        assert at.screen.state.chat.query == "denglu"
        await at.press("f3")
        assert "Only a lead publishes facts" in at.said
        await at.press("alt+g")
        await at.until("(read only)")


def test_an_agent_is_refused_in_the_same_words_as_on_a_file(people: Team) -> None:
    agent = at_work(people, "小李")
    at_work(people, "老周").open_incident({"title": "支付故障"})
    for attempt in (
        lambda: agent.open_incident({"title": "登录故障"}),
        lambda: agent.update_incident("INC-1", {"status": "resolved"}),
    ):
        with pytest.raises(Refused, match="Only a lead publishes facts"):
            attempt()
    assert agent.announcement_published("INC-1").agent == people.name("小李"), "what was told anybody notes"
