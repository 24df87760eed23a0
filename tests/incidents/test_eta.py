"""An ETA is honest: what was typed is understood or refused, and a passed time is never said again."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.errors import Refused
from agent_assist.incidents import Eta, describe_eta
from agent_assist.incidents.typed_times import parse_eta
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import at

TODAY = dt.timedelta(0)
TOMORROW = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("14:30", Eta(at=at("14:30"))),
        ("１４：３０", Eta(at=at("14:30"))),  # an input method left full-width digits
        ("14点30分", Eta(at=at("14:30"))),
        ("下午2点半", Eta(at=at("14:30"))),
        ("2:30 pm", Eta(at=at("14:30"))),
        ("+45m", Eta(at=NOW + dt.timedelta(minutes=45))),
        ("45分钟后", Eta(at=NOW + dt.timedelta(minutes=45))),
        ("1小时", Eta(at=NOW + dt.timedelta(hours=1))),
        ("+1h30m", Eta(at=NOW + dt.timedelta(minutes=90))),
        ("明天 09:00", Eta(at=at("09:00") + TOMORROW)),
        ("tomorrow 09:00", Eta(at=at("09:00") + TOMORROW)),
        ("00:30", Eta(at=at("00:30") + TOMORROW)),  # the night shift means the coming night
        ("11-23 09:00", Eta(at=at("09:00") + 3 * TOMORROW)),
        ("11月23日 9点", Eta(at=at("09:00") + 3 * TOMORROW)),
        ("2026-11-20T14:30:00+08:00", Eta(at=at("14:30"))),
        ("2026-11-20T01:30:00-05:00", Eta(at=at("14:30"))),  # the minus of an offset is not a range
        ("2026-11-20T06:30:00Z", Eta(at=at("14:30"))),
        ("14:30-15:00", Eta(start=at("14:30"), end=at("15:00"))),
        ("14:30 ~ 15:00", Eta(start=at("14:30"), end=at("15:00"))),
        ("14:30至15:00", Eta(start=at("14:30"), end=at("15:00"))),
        ("between 14:30 and 15:00", Eta(start=at("14:30"), end=at("15:00"))),
        ("14:00-15:00", Eta(start=at("14:00"), end=at("15:00"))),  # it has begun, and is still true
        ("下午2:30-3:30", Eta(start=at("14:30"), end=at("03:30") + dt.timedelta(hours=12))),
        ("明天 09:00-10:00", Eta(start=at("09:00") + TOMORROW, end=at("10:00") + TOMORROW)),
        ("23:30-00:30", Eta(start=at("23:30"), end=at("00:30") + TOMORROW)),
        ("今晚8点", Eta(at=at("20:00"))),
        ("今晚８點半", Eta(at=at("20:30"))),
        ("晚上8点半", Eta(at=at("20:30"))),
        ("晚上八点半", Eta(at=at("20:30"))),
        ("晚上12点", Eta(at=at("00:00") + TOMORROW)),
        ("今晚1点", Eta(at=at("01:00") + TOMORROW)),
        ("明早9点", Eta(at=at("09:00") + TOMORROW)),
        ("明天上午十点一刻", Eta(at=at("10:15") + TOMORROW)),
        ("后天 10:00", Eta(at=at("10:00") + 2 * TOMORROW)),
        ("後天上午10點", Eta(at=at("10:00") + 2 * TOMORROW)),
        ("下午3点", Eta(at=at("15:00"))),
        ("2点半", Eta(at=at("14:30"))),  # nobody means half past two at night at ten past two
        ("半小时", Eta(at=at("14:40"))),
        ("半小时后", Eta(at=at("14:40"))),
        ("半小时内", Eta(at=at("14:40"))),
        ("两小时后", Eta(at=at("16:10"))),
        ("兩小時後", Eta(at=at("16:10"))),
        ("1小时20分", Eta(at=at("15:30"))),
        ("一个半小时", Eta(at=at("15:40"))),
        ("大概一小时左右", Eta(at=at("15:10"))),
        ("1.5h", Eta(at=at("15:40"))),
        ("1h20", Eta(at=at("15:30"))),
        ("24:00", Eta(at=at("00:00") + TOMORROW)),
        ("8pm", Eta(at=at("20:00"))),
        ("8.30pm", Eta(at=at("20:30"))),
        ("by 3pm", Eta(at=at("15:00"))),
        ("15:00前", Eta(at=at("15:00"))),
        ("in half an hour", Eta(at=at("14:40"))),
        ("half an hour", Eta(at=at("14:40"))),
        ("two hours", Eta(at=at("16:10"))),
        ("within two and a half hours", Eta(at=at("16:40"))),
        ("an hour and twenty minutes", Eta(at=at("15:30"))),
        ("tomorrow 9am", Eta(at=at("09:00") + TOMORROW)),
        ("9am tomorrow", Eta(at=at("09:00") + TOMORROW)),
        ("tomorrow morning at 9", Eta(at=at("09:00") + TOMORROW)),
        ("tonight 8", Eta(at=at("20:00"))),
        ("tonight at midnight", Eta(at=at("00:00") + TOMORROW)),
        ("half past three", Eta(at=at("15:30"))),
        ("quarter to 4", Eta(at=at("15:45"))),
        ("23 November 08:47", Eta(at=at("08:47") + 3 * TOMORROW)),
        ("08:47 on Nov 23", Eta(at=at("08:47") + 3 * TOMORROW)),
        ("十一月二十三日 九点", Eta(at=at("09:00") + 3 * TOMORROW)),
        ("周五18:00", Eta(at=at("18:00"))),  # today
        ("週一早上9點", Eta(at=at("09:00") + 3 * TOMORROW)),
        ("下周五 9:00", Eta(at=at("09:00") + 7 * TOMORROW)),
        ("Monday 9am", Eta(at=at("09:00") + 3 * TOMORROW)),
        ("9am on Thursday", Eta(at=at("09:00") + 6 * TOMORROW)),
        ("15:00 UTC+8", Eta(at=at("15:00"))),
        ("07:00 GMT", Eta(at=at("15:00"))),
        ("8点到9点", Eta(start=at("20:00"), end=at("21:00"))),
        ("下午3点到4点半", Eta(start=at("15:00"), end=at("16:30"))),
        ("今晚11点到1点", Eta(start=at("23:00"), end=at("01:00") + TOMORROW)),
        ("明天上午11点到1点", Eta(start=at("11:00") + TOMORROW, end=at("13:00") + TOMORROW)),
        ("明天 23:00-01:00", Eta(start=at("23:00") + TOMORROW, end=at("01:00") + 2 * TOMORROW)),
        ("between 2 and 3pm", Eta(start=at("14:00"), end=at("15:00"))),
        ("3-4pm", Eta(start=at("15:00"), end=at("16:00"))),
        ("tomorrow 11 to 1pm", Eta(start=at("11:00") + TOMORROW, end=at("13:00") + TOMORROW)),
        ("tonight 8 to 9", Eta(start=at("20:00"), end=at("21:00"))),
        ("1-2小时后", Eta(start=at("15:10"), end=at("16:10"))),
        ("半小时到一小时", Eta(start=at("14:40"), end=at("15:10"))),
        ("30-45m", Eta(start=at("14:40"), end=at("14:55"))),
        ("unknown", Eta()),
        ("未知", Eta()),
        ("", Eta()),
    ],
)
def test_a_typed_eta_is_understood(typed: str, expected: Eta) -> None:
    assert parse_eta(typed, NOW, SHANGHAI) == expected


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("13:00", "has already passed"),  # tomorrow afternoon is not what anybody means
        ("2026-11-20T10:00:00+08:00", "has already passed"),
        ("+0m", "has already passed"),
        ("soon", "is not a time"),
        ("25:00", "is not a time"),
        ("24:30", "is not a time"),
        ("13pm", "is not a time"),
        ("早上15点", "is not a time"),
        ("14:75", "is not a time"),
        ("8", "is not a time"),
        ("tomorrow 9", "is not a time"),  # in the morning or in the evening
        ("半", "is not a time"),
        ("next Friday 9:00", "is not a time"),  # the coming one or the one after
        ("3 monkeys", "is not a time"),
        ("14:30-", "is not a time"),
        ("14:30-15:00-16:00", "is not a time"),
        ("05/12", "can be 12 May 2027 or 5 December"),
        ("tomorrow", "says no time of day"),
        ("+-5m", "is not a time"),
        ("14:30 or later", "is not a time"),  # half understood would be a wrong promise
        ("02-30 09:00", "is not a time"),
        ("+99999h", "is not a time"),
        ("16:00-15:00", "ends before it begins"),
    ],
)
def test_a_typed_eta_that_cannot_be_kept_is_refused_with_examples(typed: str, because: str) -> None:
    with pytest.raises(Refused, match=because) as refused:
        parse_eta(typed, NOW, SHANGHAI)
    assert refused.value.hint


@given(st.text(max_size=40))
def test_any_other_text_is_refused_and_never_crashes(typed: str) -> None:
    try:
        eta = parse_eta(typed, NOW, SHANGHAI)
    except Refused:
        return
    assert eta.state(NOW) != "passed"


@pytest.mark.parametrize(
    ("eta", "state", "zh", "en"),
    [
        (Eta(at=at("14:30")), "known", "预计 14:30 前恢复", "we expect to be back to normal by 14:30"),
        (
            Eta(start=at("14:30"), end=at("15:00")),
            "range",
            "预计 14:30 至 15:00 之间恢复",
            "we expect to be back to normal between 14:30 and 15:00",
        ),
        (  # inside the range only its end is still news
            Eta(start=at("14:00"), end=at("15:00")),
            "range",
            "预计 15:00 前恢复",
            "we expect to be back to normal by 15:00",
        ),
        (
            Eta(at=at("09:00") + TOMORROW),
            "known",
            "预计明天 09:00 前恢复",
            "we expect to be back to normal by 09:00 tomorrow",
        ),
        (
            Eta(at=at("08:47") + 4 * TOMORROW),
            "known",
            "预计 11月24日 08:47 前恢复",
            "we expect to be back to normal by 08:47 on 24 November",
        ),
        (
            Eta(start=at("23:00"), end=at("01:00") + TOMORROW),
            "range",
            "预计 23:00 至明天 01:00 之间恢复",
            "we expect to be back to normal between 23:00 and 01:00 tomorrow",
        ),
        (Eta(), "unknown", "恢复时间还不能确定", "we cannot give you a reliable time yet"),
        (
            Eta(at=at("14:00")),
            "passed",
            "先前说的 14:00 恢复没有做到，抱歉，新的时间正在确认",
            "we said we would be back by 14:00 and were not; we are working out a new time",
        ),
        (
            Eta(start=at("13:30"), end=at("14:00")),
            "passed",
            "先前说的 14:00 恢复没有做到，抱歉，新的时间正在确认",
            "we said we would be back by 14:00 and were not; we are working out a new time",
        ),
    ],
)
def test_the_clause_says_what_may_still_be_said(eta: Eta, state: str, zh: str, en: str) -> None:
    assert eta.state(NOW) == state
    assert describe_eta(eta, NOW, SHANGHAI, "zh") == zh
    assert describe_eta(eta, NOW, SHANGHAI, "en") == en


def test_an_eta_has_passed_the_moment_its_time_comes() -> None:
    eta = Eta(at=at("14:30"))
    assert eta.state(at("14:30") - dt.timedelta(seconds=1)) == "known"
    assert eta.state(at("14:30")) == "passed"


def test_where_no_time_can_be_given_the_next_word_is_promised() -> None:
    due = at("15:10")
    unknown, passed = Eta(), Eta(at=at("14:00"))
    assert describe_eta(unknown, NOW, SHANGHAI, "zh", next_update=due) == "恢复时间还不能确定，15:10 前给您新的消息"
    assert describe_eta(passed, NOW, SHANGHAI, "zh", next_update=due + TOMORROW) == (
        "先前说的 14:00 恢复没有做到，抱歉，明天 15:10 前给您新的时间"
    )
    assert describe_eta(passed, NOW, SHANGHAI, "en", next_update=due) == (
        "we said we would be back by 14:00 and were not; you will have a new time by 15:10"
    )


@given(st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(["zh", "en"]))
def test_a_passed_time_is_never_promised(minutes: int, later: int, lang: str) -> None:
    eta = Eta(at=NOW + dt.timedelta(minutes=minutes))
    said = describe_eta(eta, NOW + dt.timedelta(minutes=later), SHANGHAI, lang)
    assert (("没有做到" in said) or ("and were not" in said)) == (later >= minutes)
    assert (("前恢复" in said) or ("expect" in said)) == (later < minutes)
