"""What an announcement looks like on its channel, whatever its phrase left out; and words that can be read out."""

import pytest

from agent_assist.replies.channel_form import in_form
from agent_assist.replies.speakable import speakable


def formed(channel: str, text: str, lang: str = "zh", brand: str = "示例云") -> str:
    return in_form(channel, text, lang, brand=brand, title="登录故障").text


def test_an_sms_begins_with_the_brand_once() -> None:
    assert formed("sms", "抱歉，目前无法登录。") == "【示例云】抱歉，目前无法登录。"
    assert formed("sms", "【服务通知】抱歉，目前无法登录。") == "【示例云】抱歉，目前无法登录。"
    assert formed("sms", "【示例云】抱歉。") == "【示例云】抱歉。"
    assert formed("sms", "Sorry, we are down.", "en", "Acme") == "Acme: Sorry, we are down."
    assert formed("sms", "Acme: sorry.", "en", "Acme") == "Acme: sorry."


def test_an_sms_without_a_brand_keeps_the_mark_of_what_is_missing() -> None:
    assert formed("sms", "【[公司或产品?]】抱歉。", brand="") == "【[公司或产品?]】抱歉。"


def test_a_mail_has_a_subject_and_is_signed() -> None:
    form = in_form("mail", "主题：登录恢复\n\n您好！\n\n已恢复。", "zh", brand="示例云", title="登录故障")
    assert form.subject == "登录恢复"
    assert form.text == "主题：登录恢复\n\n您好！\n\n已恢复。\n\n示例云"
    form = in_form("mail", "Dear customer,\n\nIt is over.", "en", brand="Acme", title="Sign-in outage")
    assert form.text == "Subject: Sign-in outage\n\nDear customer,\n\nIt is over.\n\nKind regards,\nAcme"


def test_a_signed_letter_is_not_signed_again() -> None:
    letter = "尊敬的客户：\n\n您好！\n\n此致\n敬礼\n\n示例云\n签字：____\n2026年11月28日"
    assert formed("letter", letter) == letter


def test_absent_sentences_leave_no_blanks() -> None:
    assert formed("mail", "主题：甲\n\n您好！\n\n\n\n 已恢复。\n\n示例云") == "主题：甲\n\n您好！\n\n已恢复。\n\n示例云"
    assert formed("banner", "Sorry.\nWe are  on it. ", "en") == "Sorry. We are on it."


@pytest.mark.parametrize(
    ("lang", "written", "spoken"),
    [
        ("zh", "预计 14:30 前恢复。", "预计下午两点半前恢复。"),
        ("zh", "故障从 09:05 开始", "故障从上午九点零五分开始"),
        ("zh", "明天 00:47 前", "明天凌晨零点四十七分前"),
        ("zh", "11月24日 20:00 前", "11月24日晚上八点前"),
        ("zh", "目前约 15% 的用户无法登录（网页和 App）。", "目前大约百分之十五的用户无法登录，网页和 App。"),
        ("zh", "约 12.5% 到 100% 的商家", "大约百分之十二点五到百分之一百的商家"),
        ("zh", "麻烦您从“帮助”里试一下……好了吗", "麻烦您从帮助里试一下，好了吗"),
        ("en", "back by 14:30.", "back by 2:30 in the afternoon."),
        ("en", "It began at 09:00 (web and app).", "It began at 9 o'clock in the morning, web and app."),
        ("en", "about 15% of users", "about 15 percent of users"),
        ("en", "we said 11:40; you will hear more", "we said 11:40 in the morning. You will hear more"),
    ],
)
def test_a_phone_script_can_be_read_out(lang: str, written: str, spoken: str) -> None:
    assert speakable(written, lang) == spoken


def test_the_mark_of_a_gap_stays_in_a_spoken_text() -> None:
    assert speakable("我是[客服姓名?]，14:00 前回电。", "zh") == "我是[客服姓名?]，下午两点前回电。"
