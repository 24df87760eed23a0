"""Times are read and written the way support people do."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.errors import Refused
from agent_assist.incidents import Eta, clock_time, say_value, spoken_span
from agent_assist.incidents.clocks_in_text import clocks_in
from agent_assist.incidents.typed_times import NotATime, parse_bound, parse_day, parse_eta, parse_moment
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import at

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        (at("14:30"), "14:30", "14:30"),
        (at("09:05"), "09:05", "09:05"),
        (at("09:00") + DAY, "明天 09:00", "09:00 tomorrow"),
        (at("23:00") - DAY, "昨天 23:00", "23:00 yesterday"),
        (at("09:00") + 3 * DAY, "11月23日 09:00", "09:00 on 23 November"),
        (at("08:47") - 16 * DAY, "11月4日 08:47", "08:47 on 4 November"),
        (dt.datetime(2027, 1, 5, 1, 0, tzinfo=dt.UTC), "2027年1月5日 09:00", "09:00 on 5 January 2027"),
        (dt.datetime(2026, 11, 20, 16, 30, tzinfo=dt.UTC), "明天 00:30", "00:30 tomorrow"),  # today in UTC only
    ],
)
def test_a_time_is_written_with_the_day_only_when_it_is_not_today(moment: dt.datetime, zh: str, en: str) -> None:
    assert clock_time(moment, NOW, SHANGHAI, "zh") == zh
    assert clock_time(moment, NOW, SHANGHAI, "en") == en


MINUTES_OF_A_DECADE = 60 * 24 * 3650
ZONES = [SHANGHAI, *map(ZoneInfo, ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu"))]


@given(
    st.integers(-60 * 24 * 400, 60 * 24 * 400),
    st.integers(0, MINUTES_OF_A_DECADE),
    st.sampled_from(["zh", "en"]),
    st.sampled_from(ZONES),
)
def test_a_written_time_reads_back_as_the_same_minute(distance: int, after: int, lang: str, tz: dt.tzinfo) -> None:
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=after)
    moment = now + dt.timedelta(minutes=distance)
    written = clock_time(moment, now, tz, lang)
    assert parse_moment(written, now, tz, past=distance <= 0) == moment


@given(
    st.integers(1, 600),
    st.integers(1, 600),
    st.integers(-2000, 2000),
    st.sampled_from(["zh", "en"]),
    st.sampled_from(["2026-10-24T22:30:00+00:00", "2026-03-28T22:30:00+00:00"]),
)
def test_a_written_range_reads_back_near_a_change_of_the_clocks(
    to_start: int, length: int, shift: int, lang: str, change: str
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = dt.datetime.fromisoformat(change) + dt.timedelta(minutes=shift)
    start = now + dt.timedelta(minutes=to_start)
    eta = Eta(start=start, end=start + dt.timedelta(minutes=length))
    assert parse_eta(say_value(eta, now, berlin, lang), now, berlin) == eta


IN_BERLIN = ZoneInfo("Europe/Berlin")
BEFORE_THE_CLOCKS_GO_BACK = dt.datetime(2026, 10, 24, 20, 0, tzinfo=dt.UTC)
BETWEEN_BOTH = dt.datetime(2026, 10, 25, 0, 45, tzinfo=dt.UTC)
BEFORE_THEY_GO_FORWARD = dt.datetime(2026, 3, 28, 20, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("typed", ["02:30", "tomorrow 02:30", "25 October 02:30", "2026-10-25 02:30", "明天凌晨2点半"])
def test_a_time_that_comes_twice_is_asked_for(typed: str) -> None:
    with pytest.raises(Refused, match="02:30 comes twice on 25 October") as refused:
        parse_moment(typed, BEFORE_THE_CLOCKS_GO_BACK, IN_BERLIN)
    assert refused.value.hint == "Write “02:30 UTC+2” for the first one, “02:30 UTC+1” for the second."


def test_each_of_the_two_can_be_typed_and_is_shown_as_typed() -> None:
    for typed, hour in (("02:30 UTC+2", 0), ("02:30 UTC+1", 1)):
        moment = parse_moment(typed, BETWEEN_BOTH - dt.timedelta(hours=1), IN_BERLIN)
        assert moment == dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)
        assert clock_time(moment, BETWEEN_BOTH, IN_BERLIN, "en") == typed


def test_a_time_that_comes_twice_is_clear_once_one_of_them_has_passed() -> None:
    second = dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC)
    assert parse_moment("02:30", BETWEEN_BOTH, IN_BERLIN) == second
    assert parse_moment("02:30", BETWEEN_BOTH, IN_BERLIN, past=True) == second - dt.timedelta(hours=1)


@pytest.mark.parametrize("typed", ["02:30", "tomorrow 02:30", "29 March 02:30", "2026-03-29T02:30"])
def test_a_time_that_clocks_leave_out_is_refused_with_the_one_after_it(typed: str) -> None:
    with pytest.raises(Refused, match="There is no 02:30 on 29 March: the clocks go forward then") as refused:
        parse_moment(typed, BEFORE_THEY_GO_FORWARD, IN_BERLIN)
    assert refused.value.hint == "Write 03:30 if you mean that."


def test_a_length_of_time_is_counted_and_not_read_off_the_clock() -> None:
    assert parse_moment("in 6 hours", BEFORE_THEY_GO_FORWARD, IN_BERLIN) == BEFORE_THEY_GO_FORWARD + 6 * HOUR
    shown = clock_time(BEFORE_THEY_GO_FORWARD + 6 * HOUR, BEFORE_THEY_GO_FORWARD, IN_BERLIN, "en")
    assert shown == "04:00 tomorrow"


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("05/12", "12 May 2027", "5 December"),
        ("5/6 14:00", "6 May 2027 14:00", "5 June 14:00"),
        ("３／４ 9:00", "4 March 2027 9:00", "3 April 2027 9:00"),
        ("5/12/2027 9:00", "12 May 2027 9:00", "5 December 2027 9:00"),
    ],
)
def test_a_date_with_two_meanings_is_asked_for(typed: str, first: str, second: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_moment(typed, NOW, SHANGHAI)
    assert refused.value.message.endswith(f"can be {first} or {second}.")
    assert refused.value.hint == f"Write “{first}” or “{second}”."
    for written in (first, second):
        assert parse_day(written, NOW, SHANGHAI) or parse_moment(written, NOW, SHANGHAI)


@pytest.mark.parametrize(("typed", "day"), [("23/12 9:00", 23), ("12/23 9:00", 23), ("12/12 9:00", 12)])
def test_a_date_with_one_meaning_is_read(typed: str, day: int) -> None:
    assert parse_moment(typed, NOW, SHANGHAI) == dt.datetime(2026, 12, day, 1, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("typed", ["24 November", "11-24", "tomorrow", "明天", "2026年11月24日"])
def test_a_day_alone_is_told_from_nonsense(typed: str) -> None:
    with pytest.raises(NotATime, match="says no time of day") as refused:
        parse_moment(typed, NOW, SHANGHAI)
    example = refused.value.hint.partition("“")[2].partition("”")[0]
    assert parse_moment(example, NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("2026-11-02", "2026-11-02T00:00+08:00", "2026-11-03T00:00+08:00"),
        ("2 November", "2026-11-02T00:00+08:00", "2026-11-03T00:00+08:00"),
        ("11月2日", "2026-11-02T00:00+08:00", "2026-11-03T00:00+08:00"),
        ("yesterday", "2026-11-19T00:00+08:00", "2026-11-20T00:00+08:00"),
        ("今天", "2026-11-20T00:00+08:00", "2026-11-21T00:00+08:00"),
        ("13:00", "2026-11-20T13:00+08:00", "2026-11-20T13:00+08:00"),
    ],
)
def test_a_bound_is_the_begin_or_the_end_of_a_day_of_the_past(typed: str, since: str, until: str) -> None:
    assert parse_bound(typed, NOW, SHANGHAI) == dt.datetime.fromisoformat(since)
    assert parse_bound(typed, NOW, SHANGHAI, end=True) == dt.datetime.fromisoformat(until)


@pytest.mark.parametrize("typed", ["2026-02-30", "2026-13-01"])
def test_a_day_that_does_not_exist_is_named(typed: str) -> None:
    with pytest.raises(Refused, match=f"There is no day {typed}"):
        parse_bound(typed, NOW, SHANGHAI)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("13:40", at("13:40")),
        ("14:30", at("14:30") - DAY),  # not yet today, so it was yesterday
        ("30m", NOW - dt.timedelta(minutes=30)),
        ("10 分钟前", NOW - dt.timedelta(minutes=10)),
        ("10m ago", NOW - dt.timedelta(minutes=10)),
        ("半小时前", NOW - dt.timedelta(minutes=30)),
        ("an hour and a half ago", NOW - dt.timedelta(minutes=90)),
        ("2点", at("14:00")),  # on a clock of twelve hours, the last such time
        ("昨晚11点", at("23:00") - DAY),
        ("周四 23:00", at("23:00") - DAY),
        ("Saturday 23:00", at("23:00") - 6 * DAY),
        ("今早9点", at("09:00")),
        ("last night at 11", at("23:00") - DAY),
        ("24:00", at("00:00")),
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
    assert clock_time(tomorrow, evening, berlin, "en") == "09:00 tomorrow"


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
        ("晚上12点、24:00", [(0, 0), (0, 0)]),
        ("今晚8點鐘", [(20, 0)]),
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
