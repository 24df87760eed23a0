"""The reply for one chat, filled with that chat's customer and the incident's facts."""

import datetime as dt

import pytest
from msgspec.structs import replace

from agent_assist.chats import Chat, Customer
from agent_assist.incidents import Incident
from agent_assist.incidents.apply import apply_facts, new_incident, parse_facts
from agent_assist.phrasebook import Phrase
from agent_assist.services import Setting
from agent_assist.services.make_reply import reply_for_chat, spoken, with_text, with_values

PHRASE = Phrase(
    id="p",
    title={"zh": "致歉", "en": "Apology"},
    text={
        "zh": "{{ customer.name }}，您好。{{ incident.scope }}，{{ incident.eta }}。给您{{ gift }}。",
        "en": "Hi {{ customer.name }}, {{ incident.scope }}, and {{ incident.eta }}. You get {{ gift }}.",
    },
)


def _incident(now: dt.datetime, tz: dt.tzinfo, **typed: str) -> Incident:
    return new_incident(
        parse_facts({"title": "登录故障", "scope": "约 15% 的用户无法登录", **typed}, now, tz), now=now, author="老周"
    )


def _chat(now: dt.datetime, **given: object) -> Chat:
    return Chat(id="c", opened_at=now, **{"customer": Customer(name="王女士"), **given})  # type: ignore[arg-type]


@pytest.fixture
def setting(now: dt.datetime, tz: dt.tzinfo) -> Setting:
    return Setting(agent="小李", now=now, tz=tz)


def test_customer_facts_and_the_chats_own_values_fill_it(setting: Setting) -> None:
    chat = _chat(setting.now, values={"gift": "优惠券"})
    reply = reply_for_chat(PHRASE, setting, chat, _incident(setting.now, setting.tz, eta="14:30"))
    assert reply.text == "王女士，您好。约 15% 的用户无法登录，预计 14:30 前恢复。给您优惠券。"
    assert reply.gaps == ()
    assert reply.facts_version == 1


def test_values_of_another_chat_are_not_there(setting: Setting) -> None:
    reply = reply_for_chat(PHRASE, setting, _chat(setting.now), _incident(setting.now, setting.tz))
    assert [gap.name for gap in reply.gaps] == ["gift"]
    assert "gap" in {warning.code for warning in reply.blockers}


def test_a_chinese_fact_does_not_land_in_an_english_reply(setting: Setting) -> None:
    chat = _chat(setting.now, customer=Customer(name="Li Wei", language="en"), values={"gift": "a coupon"})
    reply = reply_for_chat(PHRASE, setting, chat, _incident(setting.now, setting.tz))
    assert [gap.name for gap in reply.gaps] == ["incident.scope"]
    assert "约" not in reply.text


def test_a_change_by_hand_belongs_to_the_phrase_it_was_made_in(setting: Setting) -> None:
    chat = _chat(setting.now, phrase_id="p", edited="亲手改过的回复")
    assert reply_for_chat(PHRASE, setting, chat, None).text == "亲手改过的回复"
    other = Phrase(id="q", title={"zh": "别的"}, text={"zh": "别的话"})
    assert reply_for_chat(other, setting, chat, None).text == "别的话"


def test_a_reply_changed_by_hand_under_older_facts_is_flagged(setting: Setting) -> None:
    first = _incident(setting.now, setting.tz)
    later = apply_facts(
        first, parse_facts({"scope": "全部用户无法登录"}, setting.now, setting.tz), now=setting.now, author="老周"
    )
    newer = Incident(**{**{f: getattr(later, f) for f in later.__struct_fields__}, "version": 2})
    chat = _chat(setting.now, phrase_id="p", edited="约 15% 的用户无法登录，非常抱歉。", drafted_version=1)
    before = reply_for_chat(PHRASE, setting, chat, first)
    after = reply_for_chat(PHRASE, setting, chat, newer)
    assert "old-facts" not in {warning.code for warning in before.check.warnings}
    assert "old-facts" in {warning.code for warning in after.check.warnings}


@pytest.mark.parametrize(
    ("typed", "name", "language", "why"),
    [
        ({}, "王女士", "zh", "customer and facts are Chinese"),
        ({}, "John", "zh", "the facts can be told in Chinese only"),
        (
            {"title": "Sign-in outage", "scope": "about 15% of users cannot sign in"},
            "王女士",
            "en",
            "the facts are English only",
        ),
        (
            {"title.en": "Outage", "scope.en": "15% of users cannot sign in"},
            "John",
            "en",
            "told in both, so the customer decides",
        ),
        (
            {"title.en": "Outage", "scope.en": "15% of users cannot sign in"},
            "",
            "en",
            "nobody decides: the interface language",
        ),
    ],
)
def test_the_language_is_one_in_which_everything_can_be_told(
    typed: dict[str, str], name: str, language: str, why: str, setting: Setting
) -> None:
    assert spoken(_incident(setting.now, setting.tz, **typed), name, "en") == language, why


WANG, LI = Customer(name="王女士", order="A20931"), Customer(name="李女士")
GIFT = Phrase(id="p", title={"zh": "补偿"}, text={"zh": "{{ customer.name }}，退您 {{ 金额 }} 元。"})


def _people(chat: Chat, setting: Setting, phrase: Phrase = GIFT, others: tuple[Customer, ...] = ()) -> list[str]:
    """What is said about people in the reply of this chat."""
    reply = reply_for_chat(phrase, setting, chat, None, others=others)
    return [warning.message for warning in reply.blockers if warning.code == "person"]


def test_a_text_changed_by_hand_remembers_whom_it_was_written_for(setting: Setting) -> None:
    written = with_text(_chat(setting.now, customer=WANG), "王女士，您好，退您 88 元。", "p", 0)
    assert _people(written, setting) == []
    renamed = written.with_customer(LI)
    assert "王女士" in _people(renamed, setting)[0]
    saved_again = with_text(renamed, "王女士，您好，退您 90 元。", "p", 0)
    assert _people(saved_again, setting), "saving it again does not make the name right"
    mended = with_text(saved_again, "李女士，您好，退您 90 元。", "p", 0)
    assert _people(mended, setting) == []
    assert mended.drafted_for == (LI,)
    third = mended.with_customer(Customer(name="赵女士"))
    assert "李女士" in _people(third, setting)[0]


def test_a_value_typed_for_the_former_customer_is_named_until_it_is_typed_again(setting: Setting) -> None:
    filled = with_values(_chat(setting.now, customer=WANG), WANG, {"金额": "88"})
    assert _people(filled, setting) == []
    renamed = filled.with_customer(LI)
    assert "88" in _people(renamed, setting)[0]
    assert "王女士" in _people(renamed, setting)[0]
    assert _people(with_values(renamed, LI, {"金额": "88", "another": "1"}), setting), "it was not typed again"
    assert _people(with_values(renamed, LI, {"金额": "20"}), setting) == []
    assert _people(renamed, setting, Phrase(id="q", title={"zh": "好"}, text={"zh": "{{ customer.name }}，好。"})) == []


def test_a_customer_named_or_corrected_after_typing_is_the_same_person(setting: Setting) -> None:
    unnamed = with_values(_chat(setting.now, customer=Customer()), Customer(), {"金额": "88"})
    assert _people(unnamed.with_customer(WANG), setting) == []
    filled = with_values(_chat(setting.now, customer=WANG), WANG, {"金额": "88"})
    assert _people(filled.with_customer(Customer(name="汪女士", order="A20931", tier="VIP")), setting) == []


def test_a_reply_nobody_changed_is_stopped_when_a_value_names_another_chat(setting: Setting) -> None:
    chat = _chat(setting.now, customer=LI, values={"金额": "Li Wei 的 20"})
    assert _people(chat, setting, others=(Customer(name="Li Wei"),))
    assert _people(chat, setting, others=(WANG,)) == []


def test_a_sent_reply_leaves_no_memory_of_former_customers(setting: Setting) -> None:
    chat = with_text(_chat(setting.now, customer=WANG), "王女士，您好。", "p", 0)
    assert with_text(chat, "", "p", 0).drafted_for == ()
    assert with_values(replace(chat, edited=""), WANG, {}).drafted_for == ()
