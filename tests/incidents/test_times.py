"""Times are read and written the way support people do."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.incidents import clock_time, spoken_span
from agent_assist.incidents.typed_times import clocks_in, parse_moment
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import at

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at("14:30"), "14:30", "14:30"),
        (at("09:05"), "09:05", "09:05"),
        (at("09:00") + DAY, "明天 09:00", "tomorrow 09:00"),
        (at("23:00") - DAY, "昨天 23:00", "yesterday 23:00"),
        (at("09:00") + 3 * DAY, "11-23 09:00", "11-23 09:00"),
        (dt.datetime(2027, 1, 5, 1, 0, tzinfo=dt.UTC), "2027-01-05 09:00", "2027-01-05 09:00"),
        (dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC), "明天 00:30", "tomorrow 00:30"),  # today in UTC only
    ],
)
def test_a_time_is_written_with_the_day_only_when_it_is_not_today(moment: dt.datetime, zh: str, en: str) -> None:
    assert clock_time(moment, NOW, SHANGHAI, "zh") == zh
    assert clock_time(moment, NOW, SHANGHAI, "en") == en


@given(st.integers(1, 60 * 24 * 170), st.sampled_from(["zh", "en"]))
def test_a_written_time_reads_back_as_the_same_minute(minutes: int, lang: str) -> None:
    moment = NOW + dt.timedelta(minutes=minutes)
    written = clock_time(moment, NOW, SHANGHAI, lang)
    assert parse_moment(written, NOW, SHANGHAI) == moment


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("13:40", at("13:40")),
        ("14:30", at("14:30") - DAY),  # not yet today, so it was yesterday
        ("30m", NOW - dt.timedelta(minutes=30)),
        ("10 分钟前", NOW - dt.timedelta(minutes=10)),
        ("10m ago", NOW - dt.timedelta(minutes=10)),
        ("昨天 23:00", at("23:00") - DAY),
        ("now", NOW),
        ("现在", NOW),
    ],
)
def test_a_time_of_the_past_is_the_last_one(typed: str, expected: dt.datetime) -> None:
    assert parse_moment(typed, NOW, SHANGHAI, past=True) == expected


def test_times_follow_the_zone_through_a_change_of_the_clocks() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    evening = dt.datetime(2026, 10, 24, 20, 0, tzinfo=berlin)
    tomorrow = parse_moment("tomorrow 09:00", evening.astimezone(dt.UTC), berlin)
    assert tomorrow == dt.datetime(2026, 10, 25, 8, 0, tzinfo=dt.UTC)
    assert clock_time(tomorrow, evening, berlin, "en") == "tomorrow 09:00"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("预计 14:30 前恢复", [(14, 30)]),
        ("预计14：30前", [(14, 30)]),
        ("下午2点半或3点", [(14, 30), (3, 0)]),
        ("by 2:30 pm or 3pm", [(14, 30), (15, 0)]),
        ("12 am, 凌晨12:05", [(0, 0), (0, 5)]),
        ("订单 20261114300 的 15% 用户", []),
        ("1.14:30 和 114:30", []),  # parts of longer numbers are no times
        ("10点击次数", []),
    ],
)
def test_times_of_day_are_found_in_text(text: str, found: list[tuple[int, int]]) -> None:
    assert [(clock.hour, clock.minute) for clock in clocks_in(text)] == found


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (35, "35 分钟", "35 minutes"),
        (1, "1 分钟", "1 minute"),
        (0, "不到 1 分钟", "less than a minute"),
        (65, "1 小时 5 分钟", "1 hour 5 minutes"),
        (120, "2 小时", "2 hours"),
        (60 * 49 + 7, "2 天 1 小时", "2 days 1 hour"),  # nobody counts minutes after two days
        (-5, "不到 1 分钟", "less than a minute"),  # another machine's clock is ahead
    ],
)
def test_a_length_of_time_is_said_in_words(minutes: int, zh: str, en: str) -> None:
    assert spoken_span(dt.timedelta(minutes=minutes), "zh") == zh
    assert spoken_span(dt.timedelta(minutes=minutes), "en") == en
