"""A reply is filled with facts, and what is missing is named instead of left blank."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.chats import Customer
from agent_assist.errors import Refused
from agent_assist.incidents import Eta
from agent_assist.phrasebook import Field
from agent_assist.replies import Gap, fill
from tests.conftest import NOW
from tests.incidents.facts import at, outage
from tests.replies.desk import facts, filled, phrase

PASSED = outage(eta=Eta(at=at("14:00")))
UNKNOWN = outage(eta=Eta())


@pytest.mark.parametrize(
    ("template", "zh", "en"),
    [
        ("{{ customer.name }}", "王女士", "王女士"),
        ("{{ 客户.姓名 }}", "王女士", "王女士"),
        ("{{ 客户.name }}", "王女士", "王女士"),  # half translated is understood too
        ("{{ incident.title }}", "登录失败", "Sign-in failure"),
        ("{{ incident.scope }}", "约 15% 的用户无法登录", "about 15% of users cannot sign in"),
        ("{{ incident.scope | upfirst }}.", "约 15% 的用户无法登录.", "About 15% of users cannot sign in."),
        ("{{ 故障.原因 }}", "数据库升级后的兼容问题", "a compatibility problem after a database upgrade"),
        ("{{ incident.services }}", "登录、支付", "sign-in and payments"),
        ("{{ incident.status }}", "已定位", "identified"),
        ("{{ incident.severity }}", "SEV1", "SEV1"),
        ("{{ incident.eta }}", "预计 14:30 前恢复", "we expect to be back to normal by 14:30"),
        ("{{ incident.eta | clock }}", "14:30", "14:30"),
        ("{{ incident.next_update | clock }}", "14:20", "14:20"),
        ("{{ incident.next_update }}", "14:20", "14:20"),
        ("{{ incident.started | clock }}", "13:35", "13:35"),
        ("{{ incident.duration }}", "35 分钟", "35 minutes"),
        ("{{ agent.name }}", "小李", "小李"),
        ("{{ now | clock }}", "14:10", "14:10"),
        ("{{ now | date }}", "11月20日", "20 November"),
        ("{{ now | date: '%Y/%m/%d %H:%M' }}", "2026/11/20 14:10", "2026/11/20 14:10"),
        ("{% if incident.workaround %}有{% else %}无{% endif %}", "有", "有"),
        ("{% if customer.order %}有{% else %}无{% endif %}", "无", "无"),
        ("{% if customer.order == blank %}空{% endif %}", "空", "空"),
        ('{% if customer.order == "" %}空{% endif %}', "空", "空"),
        ("{% unless incident %}没有{% endunless %}{% if offer %}有{% endif %}{{ '完' }}", "完", "完"),
        ("{% case incident.severity %}{% when 'SEV1' %}重{% else %}轻{% endcase %}", "重", "重"),
        ("{% assign who = customer.name | append: '（VIP）' %}{{ who }}", "王女士（VIP）", "王女士（VIP）"),
        ("{{ customer.tier | default: '客户' }}", "客户", "客户"),
        ("{{ '20' | money }}", "20 元", None),
        ("  {{ customer.name }}  \n\n", "王女士", "王女士"),  # what a text block of TOML leaves around it
    ],
)
def test_names_stand_for_facts_in_the_language_of_the_reply(template: str, zh: str, en: str | None) -> None:
    assert filled(template, "zh").text == zh
    if en is not None:
        assert filled(template, "en").text == en
    assert filled(template).gaps == ()


@pytest.mark.parametrize(
    ("template", "changes", "text", "name", "reason", "control"),
    [
        (
            "{{ customer.name }}，您好",
            {"customer": Customer()},
            "[客户姓名?]，您好",
            "customer.name",
            "missing",
            "text",
        ),
        ("{{ 客户.称呼 }}", {}, "[称呼?]", "customer.title", "missing", "text"),
        ("{{ customer.name }}", {"customer": Customer(name="  ")}, "[客户姓名?]", "customer.name", "missing", "text"),
        ("{{ incident.scope }}", {"incident": None}, "[影响范围?]", "incident.scope", "missing", "text"),
        ("{{ incident.scope }}", {"incident": outage(scope="")}, "[影响范围?]", "incident.scope", "empty", "text"),
        ("{{ incident.eta }}", {"incident": None}, "[预计恢复时间?]", "incident.eta", "missing", "datetime"),
        (
            "{{ incident.eta | clock }}",
            {"incident": UNKNOWN},
            "[预计恢复时间?]",
            "incident.eta",
            "unknown eta",
            "datetime",
        ),
        (
            "{{ incident.eta | clock }}",
            {"incident": PASSED},
            "[预计恢复时间?]",
            "incident.eta",
            "passed eta",
            "datetime",
        ),
        (
            "{{ incident.eta | date }}",
            {"incident": PASSED},
            "[预计恢复时间?]",
            "incident.eta",
            "passed eta",
            "datetime",
        ),
        ("{{ 优惠券 }}", {}, "[优惠券?]", "优惠券", "missing", "text"),
        ("{{ gift.name }}", {}, "[gift.name?]", "gift.name", "missing", "text"),
        ("{{ 券 }}", {"values": {"券": " "}}, "[券?]", "券", "empty", "text"),
        ("{{ 补偿.金额 }}", {}, "[补偿金额?]", "offer.amount", "missing", "money"),
        ("{{ 回访时间 }}", {}, "[回访时间?]", "回访时间", "missing", "datetime"),
        ("{{ callback_date }}", {}, "[callback_date?]", "callback_date", "missing", "datetime"),
        ("{{ 退款金额 }}", {}, "[退款金额?]", "退款金额", "missing", "money"),
        ("{{ 延长天数 }}", {}, "[延长天数?]", "延长天数", "missing", "number"),
        ("{{ gift | upcase }}", {}, "[gift?]", "gift", "missing", "text"),  # a filter does not hide it
        ("{{ '送您' | append: gift }}", {}, "[gift?]", "gift", "missing", "text"),  # nor does being a part
        ("{% assign g = gift | strip %}{{ g }}", {}, "[gift?]", "gift", "missing", "text"),  # nor another name
        ("{{ gift | default: '' }}", {}, "[gift?]", "gift", "missing", "text"),  # an empty default is a blank too
        ("{{ gift | default: thing }}", {}, "[thing?]", "thing", "missing", "text"),
        ("{{ customer.name | remove: '王女士' }}", {}, "[客户姓名?]", "customer.name", "empty", "text"),
        (
            "{{ incident.next_update }}",
            {"now": at("14:25")},
            "[下次更新时间?]",
            "incident.next_update",
            "empty",
            "datetime",
        ),
    ],
)
def test_what_is_missing_is_a_named_gap(
    template: str, changes: dict[str, Any], text: str, name: str, reason: str, control: str
) -> None:
    reply = fill(phrase(template), "zh", facts(**changes))
    (gap,) = reply.gaps
    assert reply.text == text
    assert (gap.name, gap.reason, gap.control) == (name, reason, control)


def test_a_chinese_fact_is_a_gap_in_an_english_reply() -> None:
    reply = filled("{{ incident.scope | upfirst }}.", "en", incident=outage())
    assert reply.text == "[scope of the impact?]."
    assert reply.gaps[0].reason == "language"


@pytest.mark.parametrize(
    ("incident", "zh", "en"),
    [
        (
            UNKNOWN,
            "恢复时间还不能确定，14:20 前给您新的消息",
            "we cannot give you a reliable time yet and will tell you more by 14:20",
        ),
        (
            PASSED,
            "先前说的 14:00 恢复没有做到，抱歉，14:20 前给您新的时间",
            "we said we would be back by 14:00 and were not; you will have a new time by 14:20",
        ),
        (outage(status="resolved", eta=Eta(at=at("14:00"))), "服务已经恢复", "service is back to normal"),
    ],
)
def test_the_eta_as_a_clause_is_never_a_gap(incident: Any, zh: str, en: str) -> None:
    assert filled("{{ incident.eta }}", "zh", incident=incident).text == zh
    assert filled("{{ incident.eta }}", "en", incident=incident).text == en


def test_a_repeated_field_is_asked_for_once_and_filled_everywhere() -> None:
    open_reply = filled("{{ 优惠券 }}、{{ 优惠券 }}")
    assert open_reply.text == "[优惠券?]、[优惠券?]"
    assert len(open_reply.gaps) == 1
    assert len(open_reply.marks) == 2
    assert filled("{{ 优惠券 }}、{{ 优惠券 }}", values={"优惠券": "20 元券"}).text == "20 元券、20 元券"


def test_the_phrase_says_how_to_ask() -> None:
    fields = {
        "gift": Field(
            label={"zh": "补偿", "en": "Compensation"},
            control="choice",
            choices={"zh": ("优惠券", "礼品"), "en": ("coupon", "gift")},
            default="优惠券",
        )
    }
    asked = phrase("送您{{ gift }}", fields=fields)
    assert fill(asked, "zh", facts()).text == "送您[补偿?]"
    assert fill(asked, "zh", facts()).gaps == (Gap("gift", "补偿", "choice", ("优惠券", "礼品"), "优惠券", "missing"),)
    assert fill(asked, "en", facts()).gaps[0].choices == ("coupon", "gift")


def test_a_field_may_be_declared_under_its_chinese_alias() -> None:
    asked = phrase("{{ customer.name }}", fields={"客户.姓名": Field(label={"zh": "怎么称呼"})})
    assert fill(asked, "zh", facts(customer=Customer())).text == "[怎么称呼?]"


def test_a_typed_value_fills_the_gap_of_a_fact_but_never_beats_the_fact() -> None:
    typed = {"incident.eta": "15:30"}
    assert filled("{{ incident.eta | clock }}", values=typed, incident=PASSED).text == "15:30"
    assert filled("{{ incident.eta }}", values=typed, incident=UNKNOWN).text == "预计 15:30 前恢复"
    assert filled("{{ incident.eta }}", values=typed, incident=None).text == "预计 15:30 前恢复"
    assert filled("{{ incident.eta | clock }}", values=typed).text == "14:30"
    assert filled("{{ customer.name }}", values={"customer.name": "李先生"}, customer=Customer()).text == "李先生"
    assert filled("{{ customer.name }}", values={"客户.姓名": "李先生"}, customer=Customer()).text == "李先生"


def test_a_typed_eta_that_has_passed_meanwhile_is_a_gap_again() -> None:
    reply = filled("{{ incident.eta | clock }}", values={"incident.eta": "13:50"}, incident=None)
    assert (reply.text, reply.gaps[0].reason) == ("[预计恢复时间?]", "passed eta")


def test_a_time_from_a_form_is_never_shown_to_a_customer_in_its_raw_shape() -> None:
    assert filled("{{ 回访时间 }}", values={"回访时间": "2026-11-21T09:00:00+08:00"}).text == "明天 09:00"
    assert filled("{{ 回访时间 | clock }}", values={"回访时间": "明天 9点"}).text == "明天 09:00"
    assert filled("{{ 回访时间 }}", values={"回访时间": "今天下班前"}).text == "今天下班前"


def test_marks_index_into_the_final_text() -> None:
    reply = filled("  {{ customer.name }}，您好：{{ 优惠券 }}\n{{ 客户.姓名 }} \n ")
    assert [(reply.text[mark.start : mark.end], mark.kind) for mark in reply.marks] == [
        ("王女士", "value"),
        ("[优惠券?]", "gap"),
        ("王女士", "value"),
    ]


@pytest.mark.parametrize(
    "name",
    ["{{ agent.name }}", "{% if customer.name %}x{% endif %}", "[补偿?]", "{{", "%}", "]{{ incident.cause }}["],
)
def test_a_value_is_never_read_as_a_template(name: str) -> None:
    reply = filled("{{ customer.name }}，{{ 备注 }}", customer=Customer(name=name), values={"备注": name})
    assert reply.text == f"{name}，{name}"
    assert reply.gaps == ()


@pytest.mark.parametrize(
    "template",
    [
        "{{ incident.cause_internal }}",
        "{{ incident['cause_internal'] }}",
        "{{ 故障.cause_internal }}",
        "{{ 故障.内部原因 }}",
        "{{ incident.incident.cause_internal }}",
        "{% assign k = 'cause_internal' %}{{ incident.k }}",
        "{{ incident }}{{ incident.translations }}{{ incident.__class__ }}{{ incident.said }}",
        "{{ facts.incident.cause_internal }}{{ template }}{{ env }}{{ self }}",
    ],
)
def test_no_template_reaches_the_internal_cause(template: str) -> None:
    assert "planner" not in filled(template).text


def test_nor_does_a_name_found_through_another_name() -> None:
    with pytest.raises(Refused, match="cannot be looked up"):
        filled("{% assign k = 'cause_internal' %}{{ incident[k] }}")


def test_values_and_text_are_cleaned() -> None:
    reply = filled("\u202e{{ customer.name }}", customer=Customer(name="王\x1b]52;c;aGk=\x07\u202e"))
    assert reply.text == "�王␛]52;c;aGk=␇�"


def test_a_language_the_phrase_lacks_falls_back_to_one_it_has() -> None:
    only_zh = phrase(text_by={"zh": "{{ incident.status }}"})
    assert fill(only_zh, "en", facts()).text == "已定位"


def test_the_duration_of_a_resolved_incident_stands_still() -> None:
    over = outage(status="resolved", updated_at=at("14:00"))
    assert filled("{{ incident.duration }}", incident=over, now=NOW + dt.timedelta(hours=5)).text == "25 分钟"


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_customer_and_value_arrive_unchanged_but_clean(name: str, value: str) -> None:
    from agent_assist.cleaning import clean

    reply = filled("<{{ customer.name }}|{{ 备注 }}>", customer=Customer(name=name), values={"备注": value})
    shown = [clean(text.strip()).strip() or None for text in (name, value)]
    expected = [text or f"[{label}?]" for text, label in zip(shown, ("客户姓名", "备注"), strict=True)]
    assert reply.text == f"<{expected[0]}|{expected[1]}>"
    assert len(reply.gaps) == shown.count(None)
    assert clean(reply.text) == reply.text


def test_no_space_stands_between_chinese_and_a_chinese_value() -> None:
    said = phrase("前后有 {{ 时长 }}用不了，共 {{ 张数 }} 张")
    filled = fill(said, "zh", facts(values={"时长": "不到 1 分钟", "张数": "3"}))
    assert filled.text == "前后有不到 1 分钟用不了，共 3 张"
    assert [filled.text[mark.start : mark.end] for mark in filled.marks] == ["不到 1 分钟", "3"]
    assert fill(phrase("在 {{ 日子 }} 前到账"), "zh", facts(values={"日子": "周五"})).text == "在周五前到账"
    assert fill(phrase("on {{ day }} x"), "zh", facts(values={"day": "May 5"})).text == "on May 5 x"
    assert fill(said, "zh", facts(values={"时长": "3 分钟"})).text.startswith("前后有 3 分钟用不了，共 [")


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("最迟 {{ at | date }}到账", "18:30", "最迟 18:30 到账"),
        ("最迟 {{ at | date }}到账", "2026-11-28", "最迟 11月28日到账"),
        ("最迟{{ at | clock }}到账", "18:30", "最迟 18:30 到账"),
        ("下一次更新在 {{ at | clock }} 前", "明天 00:47", "下一次更新在明天 00:47 前"),
        ("不晚于 {{ at | clock }}。", "明天 00:47", "不晚于明天 00:47。"),
        ("不晚于{{ at | clock }}。", "11-28 00:47", "不晚于 11月28日 00:47。"),
        ("在{{ at }}前", "2026-11-28", "在 11月28日前"),
        ("在 {{ at }} 前", "2027-01-05", "在 2027年1月5日前"),
        ("在 {{ at }} 前", "2026-11-28 18:00", "在 11月28日 18:00 前"),
        ("在 {{ at | date }} 前", "28 November", "在 11月28日前"),
        ("（{{ at | clock }} 前）{{ at | clock }}", "18:30", "（18:30 前）18:30"),
        ("您好，{{ at }} 先生", "陈", "您好，陈先生"),
        ("尊敬的{{ at }}您好", "Mr Smith", "尊敬的 Mr Smith 您好"),
        ("共{{ at }}张", "3", "共 3 张"),
        ("付了{{ at }}元", "¥50", "付了¥50 元"),
    ],
)
def test_spaces_beside_a_value_are_those_of_chinese_text(template: str, value: str, text: str) -> None:
    reply = filled(template, values={"at": value})
    assert reply.text == text
    assert all(reply.text[mark.start : mark.end].strip() == reply.text[mark.start : mark.end] for mark in reply.marks)


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("At {{ at | clock }} a failure began", "12:10", "At 12:10 a failure began"),
        ("At {{ at | clock }} a failure began", "yesterday 23:50", "At 23:50 yesterday a failure began"),
        ("It began at {{ at | clock }}.", "18 November 08:47", "It began at 08:47 on 18 November."),
        ("It began at {{ at | clock }}.", "2025-11-18 08:47", "It began at 08:47 on 18 November 2025."),
        ("You will have it by {{ at | date }}.", "2026-11-28", "You will have it by 28 November."),
        ("You will have it by {{ at | date }}.", "11月28日", "You will have it by 28 November."),
        ("You will have it by {{ at | clock }}.", "明天 00:47", "You will have it by 00:47 tomorrow."),
        ("You will have it by {{ at | date }}.", "明天 9:00", "You will have it by 09:00 tomorrow."),
        ("You will have it by {{ at | date }}.", "3 days", "You will have it by 3 days."),
        ("It ended at {{ at | clock }}.", "2026-11-28", "It ended on 28 November."),
        ("at {{ at }}", "the desk", "at the desk"),
        ("at {{ at }}", "3 Mayflower Road", "at 3 Mayflower Road"),
    ],
)
def test_an_english_sentence_names_a_day_as_english_does(template: str, value: str, text: str) -> None:
    assert filled(template, "en", values={"at": value}).text == text
