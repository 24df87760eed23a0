"""A sentence that broke while it was filled is found; what people really write is left alone."""

from typing import Any

import pytest

from agent_assist.chats import Customer
from agent_assist.replies import check
from agent_assist.replies.broken_sentences import broken_sentences
from tests.incidents.facts import outage
from tests.replies.desk import EN, facts, filled

BROKEN_ZH = [
    ("从 17:37 起，目前部分用户反映付款失败。，工程师正在修复。", "punctuation", True),
    ("请改用银行卡支付。。", "punctuation", True),
    ("目前部分用户无法登录,。工程师正在修复。", "punctuation", True),
    ("，您好，我们正在处理。", "punctuation", True),
    ("抱歉，登录无法使用 。", "punctuation", True),
    ("【】抱歉，登录出现故障。", "brackets", True),
    ("您的订单（）已经登记。", "brackets", True),
    ("故障从 10:19 开始，目前目前部分用户无法登录。", "doubling", True),
    ("工程师正在正在抢修。", "doubling", True),
    ("原因是由于机房断电。", "doubling", True),
    ("预计 14:30 前前恢复。", "doubling", True),
    ("约约 15% 的用户无法登录。", "doubling", True),
    ("退款 ¥20元 已经提交。", "doubling", True),
    ("目前约15%的用户无法登录，工程师正在修复，目前还不能给出准确的恢复时间。", "doubling", False),
    ("工程师正在回滚这次变更，预计 11:14 前恢复。工程师正在回滚这次变更。", "doubling", False),
    ("修复已经上线，我们正在观察。修复已经上线，我们正在观察。", "doubling", False),
    ("目前约15%的用户无法登录，从 10:19 开始，工程师正在修复。", "grammar", False),
    ("原因是，工程师正在修复。", "grammar", True),
    ("目前仍有有用户反映付款失败的情况。", "grammar", False),
    ("我是，这边由我负责您的问题。", "grammar", False),
    ("目前 about 15% of users cannot sign in，抱歉。", "language", False),
]
BROKEN_EN = [
    ("Some users see failed payments.. Engineers are on it.", "punctuation", True),
    ("At the moment, sign-in is slow., and we are sorry.", "punctuation", True),
    ("It is fixed .", "punctuation", True),
    ("Your order () is safe.", "brackets", True),
    ("There is a problem with the our phone line.", "doubling", True),
    ("Right now currently some users cannot sign in.", "doubling", True),
    ("It was caused by because of a power cut.", "doubling", True),
    ("It started at yesterday 23:50.", "doubling", True),
    ("Right now, sign-in is slow, and at the moment we are looking into it.", "doubling", False),
    ("Our engineers are repairing it. Our engineers are repairing it.", "doubling", False),
    ("Right now Some users cannot sign in.", "capital", False),
    ("I am sorry. our engineers are repairing it.", "capital", False),
    ("Please pause for 1 minutes.", "number", True),
    ("It takes 5 minute.", "number", False),
    ("At the moment, one users cannot sign in.", "number", False),
    ("We had an failure.", "grammar", False),
    ("The cause is. We are sorry.", "grammar", False),
    ("Sign-in is slow for some users, our engineers are repairing it.", "grammar", False),
    ("It has lasted since 10:19.", "grammar", False),
    ("I am 陈晓, a person.", "language", False),
    ("We are sorry,we let you down.", "spacing", False),
]


@pytest.mark.parametrize(("text", "slip", "is_certain"), BROKEN_ZH)
def test_a_broken_chinese_sentence_is_found(text: str, slip: str, is_certain: bool) -> None:
    assert (slip, is_certain) in {(found.slip, found.is_certain) for found in broken_sentences(text, "zh")}


@pytest.mark.parametrize(("text", "slip", "is_certain"), BROKEN_EN)
def test_a_broken_english_sentence_is_found(text: str, slip: str, is_certain: bool) -> None:
    assert (slip, is_certain) in {(found.slip, found.is_certain) for found in broken_sentences(text, "en")}


SOUND_ZH = [
    "王女士 您好，约15%的用户登录不上，我们10:30前修好。",
    "好的好的，谢谢谢谢！我看看，再试试看。抱歉抱歉，让您久等。",
    "怎么了？！……我查查。",
    "您可以用网页版（www.abc.com），或者下载 App 5.2 版。",
    "请看（1）、（2）两处；订单号：A20931。",
    "从 10:19 起，我们一直在查。从今天开始，我来负责。",
    "在，您说。理由、原因，都写在这里。",
    "请联系 Apple Store Support 处理，链接 https://a.example.com/x,y。",
    "他说“原因是由于断电”，我不能确认。",
    "目前已经恢复。下周的安排，目前还没定。",
    "¥20 的券，满100元可用，12月4日到期。",
    "提示是 “connection reset by peer while reading response”。",
]
SOUND_EN = [
    "Hi Ms Li, I'm sorry — sign-in is down. We expect to be back by 2 p.m., and I'll write again.",
    "Use the web version, e.g., in Chrome. Call us, mail us, etc., if you like.",
    "We waited 1 minute; 11 minutes later 21 users were back. It is a 5 minute walk.",
    "See https://a.example.com/x,y. Then reply to help@example.com.",
    "That that happened is bad. We had had enough.",
    "OK... let me check. I'd say yes!? Sorry!!",
    "Dear All, we are back. The Store is Apple's. I use iOS. iPhone works.",
    "I need an SMS, an hour, a one-off code, a user and a URL.",
    "Please sign in on another device. Come on in. Stand by.",
    "If it fails, our engineers are there. At the moment it is slow, and we expect to be back at two.",
    "He wrote “系统坏了” and called print() :)",
    "Service is back to normal. The cause was a power cut, and it will not happen again.",
]


@pytest.mark.parametrize("text", SOUND_ZH)
def test_what_people_write_in_chinese_is_left_alone(text: str) -> None:
    assert broken_sentences(text, "zh") == ()


@pytest.mark.parametrize("text", SOUND_EN)
def test_what_people_write_in_english_is_left_alone(text: str) -> None:
    assert broken_sentences(text, "en") == ()


def test_names_may_stand_in_either_script() -> None:
    assert broken_sentences("Hi 陈晓, all is well.", "en", ["陈晓"]) == ()
    assert (
        broken_sentences("您好，The Big Cloud Company Ltd 的系统出了故障。", "zh", ["The Big Cloud Company Ltd"]) == ()
    )


def test_a_phrase_keeps_the_spacing_of_the_books() -> None:
    assert broken_sentences("约15%的用户无法登录。", "zh") == ()
    assert {found.slip for found in broken_sentences("约15%的用户无法登录。", "zh", is_phrase=True)} == {"spacing"}
    assert broken_sentences("约 15% 的用户无法登录，12月4日 14:10 前恢复。", "zh", is_phrase=True) == ()


@pytest.mark.parametrize(
    ("text", "lang", "blocking"),
    [
        ("目前目前登录无法使用，抱歉。", "zh", True),
        ("从 10:19 开始，工程师正在修复，抱歉。", "zh", False),
        ("We are sorry.. Sign-in is down.", "en", True),
        ("we are sorry that sign-in is down.", "en", False),
    ],
)
def test_the_check_warns_and_holds_back_only_what_is_certain(text: str, lang: str, blocking: bool) -> None:
    found = [w for w in check(text, lang, facts=facts()).warnings if w.code == "broken-sentence"]
    assert [warning.blocking for warning in found] == [blocking]


def test_the_check_says_nothing_of_names_gaps_and_advice() -> None:
    known: Any = facts(customer=Customer(name="王女士"), agent="陈晓")
    for text in ("Hi 王女士, this is 陈晓.", "[For agents, do not send] say sorry.", "Sorry, [订单号?] is safe."):
        assert "broken-sentence" not in [w.code for w in check(text, "en", facts=known).warnings]


@pytest.mark.parametrize(
    ("lang", "eta", "expected"),
    [
        ("zh", {"at": "14:30"}, "工程师正在修复，预计 14:30 前恢复"),
        ("zh", {}, "工程师正在修复，恢复时间还不能确定，14:20 前给您新的消息"),
        ("zh", {"at": "14:00"}, "工程师正在修复；先前说的 14:00 恢复没有做到，抱歉，14:20 前给您新的时间"),
        ("en", {"at": "14:30"}, "our engineers are working on a fix, and we expect to be back to normal by 14:30"),
        (
            "en",
            {},
            "our engineers are working on a fix, but we cannot give you a reliable time yet and will tell you more "
            "by 14:20",
        ),
        (
            "en",
            {"at": "14:00"},
            "our engineers are working on a fix. We said it would be fixed by 14:00 and it was not; we are sorry, "
            "and you will have a new time by 14:20",
        ),
    ],
)
def test_action_and_time_are_joined_as_the_state_of_the_time_asks(
    lang: str, eta: dict[str, str], expected: str
) -> None:
    from agent_assist.incidents import Eta
    from tests.incidents.facts import at

    incident = outage(translations=EN, eta=Eta(**{name: at(time) for name, time in eta.items()}))
    assert filled("{{ incident.outlook }}", lang, incident=incident).text == expected


def test_the_outlook_of_a_repair_that_is_watched_or_over_is_said_once() -> None:
    assert filled("{{ 故障.进度 }}", incident=outage(status="monitoring")).text == "修复已经上线，我们正在观察"
    assert (
        filled("{{ incident.outlook }}", "en", incident=outage(status="resolved")).text == "service is back to normal"
    )
