"""One table holds the names of templates, in both languages."""

import subprocess
import sys

import pytest
from msgspec.structs import replace

from agent_assist.chats import Customer
from agent_assist.incidents.catalogue import shipped_catalogue
from agent_assist.incidents.compose import compose
from agent_assist.replies import VALUE_NAMES, canonical_name, control_for
from tests.conftest import NOW
from tests.incidents.facts import outage
from tests.replies.desk import filled

CONTRACT = [
    "customer.name",
    "customer.title",
    "customer.salutation",
    "customer.order",
    "customer.tier",
    "customer.language",
    "incident.title",
    "incident.status",
    "incident.severity",
    "incident.services",
    "incident.scope",
    "incident.effect",
    "incident.recovered",
    "incident.cause_kind",
    "incident.fault",
    "incident.action",
    "incident.prevention",
    "incident.cause",
    "incident.workaround",
    "incident.eta",
    "incident.eta_state",
    "incident.outlook",
    "incident.next_update",
    "incident.started",
    "incident.ended",
    "incident.duration",
    "brand",
    "agent.name",
    "offer.kind",
    "offer.amount",
    "offer.sentence",
    "now",
]


def test_the_table_holds_the_names_of_the_contract() -> None:
    assert [name.path for name in VALUE_NAMES] == CONTRACT


@pytest.mark.parametrize("name", VALUE_NAMES, ids=lambda name: name.path)
def test_every_name_can_be_filled_under_both_spellings(name: object) -> None:
    customer = Customer(name="王女士", title="女士", order="A123", tier="金卡", language="zh")
    offer = {"kind": "优惠券", "amount": "¥20.00", "sentence": "20 元优惠券"}
    ended = {"status": "resolved", "ended_at": NOW} if name.path == "incident.ended" else {}  # type: ignore[attr-defined]
    chosen = outage(
        services=("登录", "支付"), recovered=("支付",), effect="down", cause_kind="change", prevention="monitor"
    )
    incident = compose(replace(chosen, **ended), shipped_catalogue())
    for spelling in (name.path, name.alias):  # type: ignore[attr-defined]
        reply = filled(f"{{{{ {spelling} }}}}", customer=customer, offer=offer, incident=incident, brand="云上")
        assert reply.gaps == ()
        assert reply.text


def test_aliases_are_unambiguous_and_other_names_stay_as_they_are() -> None:
    assert len({name.alias for name in VALUE_NAMES}) == len(VALUE_NAMES)
    assert {canonical_name(name.alias) for name in VALUE_NAMES} == set(CONTRACT)
    assert canonical_name("优惠券") == "优惠券"
    assert canonical_name("礼品.姓名") == "礼品.姓名"  # 姓名 means a name only after 客户 and 客服


def test_controls_follow_from_the_last_word_of_a_name() -> None:
    assert [control_for(name) for name in ("offer.amount", "到账时间", "gift_count", "备注", "timeline")] == [
        "money",
        "datetime",
        "number",
        "text",
        "text",
    ]


@pytest.mark.process
def test_liquid_waits_for_the_first_template() -> None:
    """It costs more than everything else that the first screen imports of this room."""
    code = "import sys, agent_assist.replies; sys.exit('liquid' in sys.modules or 'agent_assist.offers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.process
def test_warming_up_pays_for_the_first_template() -> None:
    code = "import sys; from agent_assist.replies import warm_up; warm_up(); sys.exit('liquid' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
