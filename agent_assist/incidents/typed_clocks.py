"""A day and a time of day as people type them: 今晚8点, 明早9点半, 24 November 08:47, 8pm, this morning at 9, 24:00.

`parse_clock` says what was typed; which moment that is, `typed_times` decides. Texts are normalised before.
"""

import datetime as dt
import functools
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypedDict

from agent_assist.errors import Refused
from agent_assist.incidents.times import MONTHS, date_words
from agent_assist.incidents.typed_spans import chinese_number
from agent_assist.locale import _, current

Part = Literal["", "night", "dawn", "morning", "noon", "afternoon", "evening"]

_DAYS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "yesterday": -1,
    "今天": 0,
    "今日": 0,
    "today": 0,
    "明天": 1,
    "明日": 1,
    "tomorrow": 1,
    "后天": 2,
    "the day after tomorrow": 2,
    "大后天": 3,
}
_PARTS: dict[str, Part] = {
    "凌晨": "dawn",
    "清晨": "morning",
    "早晨": "morning",
    "早上": "morning",
    "上午": "morning",
    "早": "morning",
    "morning": "morning",
    "中午": "noon",
    "正午": "noon",
    "下午": "afternoon",
    "午后": "afternoon",
    "傍晚": "afternoon",
    "afternoon": "afternoon",
    "晚上": "evening",
    "晚间": "evening",
    "晚": "evening",
    "evening": "evening",
    "夜里": "night",
    "深夜": "night",
    "半夜": "night",
    "夜": "night",
    "night": "night",
}
_BOTH: dict[str, tuple[int, Part]] = {
    "今早": (0, "morning"),
    "今晨": (0, "morning"),
    "今晚": (0, "evening"),
    "今夜": (0, "night"),
    "明早": (1, "morning"),
    "明晨": (1, "morning"),
    "明晚": (1, "evening"),
    "昨晚": (-1, "evening"),
    "昨夜": (-1, "night"),
    "tonight": (0, "night"),
    "last night": (-1, "night"),
    "this morning": (0, "morning"),
    "this afternoon": (0, "afternoon"),
    "this evening": (0, "evening"),
}
_NAMED_TIMES = {"noon": (12, 0), "midday": (12, 0), "midnight": (24, 0), "午夜": (24, 0), "零点": (0, 0)}
_HOUR_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HALF_A_YEAR = 180
"""Days. A date without a year is the one nearer than this."""


class TypedClock(NamedTuple):
    """What was typed. `hour` counts from the beginning of the day, 24 and more are the night after it."""

    hour: int
    minute: int
    day: dt.date | None = None
    part: Part = ""
    is_twelve_hour: bool = False
    """Whether the hour may be of the morning or of the afternoon: 2点半, 8 o'clock."""
    offset: dt.timezone | None = None
    is_bare: bool = False
    """Whether the hour was a number and nothing else, which is a time only next to another one: 2 to 3pm."""

    @property
    def hours(self) -> tuple[int, ...]:
        """The hours that it may be."""
        return (self.hour, self.hour + 12) if self.is_twelve_hour else (self.hour,)


def parse_clock(
    typed: str, today: dt.date, *, past: bool = False, like: "TypedClock | None" = None
) -> TypedClock | None:
    """Read a time of day with or without a day; None when the whole text is not one.

    `like` is the other end of a range: its day and part of the day hold here when none is named. Raises Refused for a
    date with two meanings.
    """
    found = _read(typed, today, past=past)
    if found is None:
        return None
    part: Part = found.get("part", "")
    hour, minute, kind = found.get("time", (12, 0, "exact") if part == "noon" else (-1, 0, ""))
    if hour < 0:
        return None
    day = found.get("day")
    if like is not None:
        day = like.day if day is None else day
        part = like.part if not part and kind != "meridiem" and hour <= 12 else part
    resolved = _hour_of_day(hour, kind, part)
    if resolved is None or (kind == "bare" and not part and like is None):
        return None
    is_twelve_hour = not part and kind in ("spoken", "bare") and 1 <= hour <= 12 and day is None
    if is_twelve_hour:
        resolved %= 12
    return TypedClock(resolved, minute, day, part, is_twelve_hour, found.get("offset"), kind == "bare")


def parse_bare_hour(typed: str, today: dt.date, *, past: bool = False) -> TypedClock | None:
    """Read a time of day that may be a mere number, as before "to 3pm"; its hour may be of the afternoon too."""
    clock = parse_clock(typed, today, past=past, like=TypedClock(0, 0))
    if clock is not None and clock.is_bare and not clock.part and 1 <= clock.hour <= 12:
        return clock._replace(hour=clock.hour % 12, is_twelve_hour=True)
    return clock


def parse_day(typed: str, today: dt.date, *, past: bool = False) -> dt.date | None:
    """Read a day without a time of day; None when the text is not one. Raises Refused for one with two meanings."""
    found = _read(typed, today, past=past)
    return found.get("day") if found is not None and found.keys() == {"day"} else None


class _Pieces(TypedDict, total=False):
    """What a text was taken apart into. `time` is hour, minute and kind."""

    day: dt.date
    part: Part
    time: tuple[int, int, str]
    offset: dt.timezone


def _read(typed: str, today: dt.date, *, past: bool) -> _Pieces | None:
    """Take the text apart into pieces, each once, in any order; None when something is left."""
    patterns = _patterns()
    found: _Pieces = {}
    position = 0
    while position < len(typed):
        if (skipped := patterns.filler.match(typed, position)) and skipped.end() > position:
            position = skipped.end()
            continue
        taken = _take(typed, position, today, found, past=past)
        if taken is None:
            return None
        position = taken
    return found


def _take(typed: str, position: int, today: dt.date, found: _Pieces, *, past: bool) -> int | None:
    """Read what stands here into `found`; return where it ends, or None when it is nothing or there already."""
    patterns = _patterns()
    for name, pattern in patterns.pieces:
        match = pattern.match(typed, position)
        if match is None:
            continue
        try:
            pieces = _pieces(name, match, typed, today, past=past)
        except ValueError:  # 30 February, 25:00
            continue
        if not pieces or pieces.keys() & found.keys():
            continue
        found.update(pieces)
        return match.end()
    return None


def _pieces(name: str, match: re.Match[str], typed: str, today: dt.date, *, past: bool) -> _Pieces:
    match name:
        case "offset":
            hours, minutes = int(match["hours"] or 0), int(match["offset_minutes"] or 0)
            delta = dt.timedelta(hours=hours, minutes=-minutes if (match["hours"] or "").startswith("-") else minutes)
            return {"offset": dt.timezone(delta)}
        case "both":
            days, part = _BOTH[match[0]]
            return {"day": today + dt.timedelta(days=days), "part": part}
        case "day":
            return {"day": today + dt.timedelta(days=_DAYS[match[0]])}
        case "date":
            return {"day": _date(match, typed, today, past=past)}
        case "weekday":
            return {"day": _day_of_week(match, today, past=past)}
        case "named":
            hour, minute = _NAMED_TIMES[match[0]]
            return {"time": (hour, minute, "exact")}
        case "part":
            return {"part": _PARTS[match["part"]]}
    time = _time(match)
    return {} if time is None else {"time": time}


def _time(match: re.Match[str]) -> tuple[int, int, str] | None:
    """Hour, minute and kind: exact (14:30), spoken (8点, 8 o'clock), meridiem (8pm) or bare (8)."""
    hour = chinese_number(match["hour"])
    if hour is None:
        hour = _HOUR_WORDS.index(match["hour"]) + 1
    if match["to"]:
        before = match["to"].endswith("to")
        quarter = 30 if match["to"].startswith("half") else 15
        hour, minute = (hour - 1, 60 - quarter) if before else (hour, quarter)
        kind = "spoken"
    elif match["minute"]:
        minute, kind = int(match["minute"]), "exact"
    elif match["point"]:
        spoken = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0, "": 0}
        words = match["spoken"] or ""
        value = spoken.get(words, chinese_number(words.removesuffix("分")) if words else 0)
        if value is None:
            return None
        minute, kind = value, "spoken"
    else:
        minute, kind = 0, "spoken" if match["oclock"] else "bare"
    if match["meridiem"]:
        if not 1 <= hour <= 12 or match["point"]:
            return None
        hour, kind = hour % 12 + (12 if match["meridiem"] == "p" else 0), "meridiem"
    elif match["dot"]:
        return None  # 8.30 is a number as well
    if minute > 59 or not (0 <= hour < 24 or (hour == 24 and minute == 0)):
        return None
    return hour, minute, kind


def _hour_of_day(hour: int, kind: str, part: Part) -> int | None:
    """The hour that is meant in this part of the day, 24 and more in the night after it; None for a contradiction."""
    if not part or kind == "meridiem" or hour > 12:
        is_early = part in ("dawn", "morning", "noon")
        if part and ((is_early and hour > (13 if part == "noon" else 12)) or (not is_early and hour < 12)):
            return hour + 24 if part == "night" and hour < 6 else None
        return hour
    match part:
        case "dawn":
            return hour % 12
        case "noon":
            return hour + 12 if hour <= 3 else hour if hour >= 10 else None
        case "afternoon":
            return hour % 12 + 12 if hour else None
        case "evening" | "night":
            if hour in (0, 12):
                return 24
            return hour + 24 if hour <= (5 if part == "night" else 4) else hour + 12
    return hour


def _day_of_week(match: re.Match[str], today: dt.date, *, past: bool) -> dt.date:
    """The next such day, today included, or the last one for the past; of this or the next week where that is said."""
    if match["weekday_zh"]:
        number = min("一二三四五六日天".index(match["weekday_zh"]), 6)
    else:
        number = next(number for number, name in enumerate(_WEEKDAYS) if match["weekday"].startswith(name))
    if match["week"]:
        monday = today - dt.timedelta(days=today.weekday())
        return monday + dt.timedelta(days=number + (7 if match["week"] == "下" else 0))
    ahead = (number - today.weekday()) % 7
    return today + dt.timedelta(days=ahead - 7 if past and ahead else ahead)


def _date(match: re.Match[str], typed: str, today: dt.date, *, past: bool) -> dt.date:
    """The date of a match. Raises ValueError for one that does not exist, Refused for one with two meanings."""
    if match["name_first"] or match["name_last"]:
        name = match["name_first"] or match["name_last"]
        month = next(number for number, full in enumerate(MONTHS, 1) if full.lower().startswith(name[:3]))
        return _with_year(int(match["day_1"] or match["day_2"]), month, match["year_1"] or match["year_2"], today, past)
    if match["slash_1"]:
        first, second, year = int(match["slash_1"]), int(match["slash_2"]), match["slash_year"]
        if first <= 12 and second <= 12 and first != second:
            raise _two_meanings(match, typed, (first, second), today, past)
        month, day = (first, second) if first <= 12 else (second, first)
        return _with_year(day, month, year, today, past)
    month_typed = match["month"] or match["month_2"] or match["month_3"]
    day_typed = match["day"] or match["day_3"] or match["day_4"]
    month_number, day_number = chinese_number(month_typed), chinese_number(day_typed)
    if month_number is None or day_number is None:
        raise ValueError(match[0])
    return _with_year(day_number, month_number, match["year"], today, past)


def _with_year(day: int, month: int, year: str | None, today: dt.date, past: bool) -> dt.date:
    date = dt.date(int(year or today.year), month, day)
    if not year and not past and (today - date).days > _HALF_A_YEAR:
        return date.replace(year=date.year + 1)
    if not year and past and (date - today).days > _HALF_A_YEAR:
        return date.replace(year=date.year - 1)
    return date


def _two_meanings(match: re.Match[str], typed: str, numbers: tuple[int, int], today: dt.date, past: bool) -> Refused:
    rest = (typed[: match.start()] + typed[match.end() :]).strip()
    readings = []
    for month, day in (numbers, numbers[::-1]):
        date = date_words(_with_year(day, month, match["slash_year"], today, past), today, current())
        readings.append(f"{date} {rest}".strip())
    return Refused(
        _("“{typed}” can be {first} or {second}.", typed=typed[:60], first=readings[0], second=readings[1]),
        hint=_("Write “{first}” or “{second}”.", first=readings[0], second=readings[1]),
    )


class _Patterns(NamedTuple):
    filler: re.Pattern[str]
    pieces: tuple[tuple[str, re.Pattern[str]], ...]


def _any_of(words: Iterable[str]) -> str:
    """An alternative of words, long ones first; Latin ones end at a word's end."""
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(rf"{word}\b" if word.isascii() else word for word in ordered)


@functools.cache
def _patterns() -> _Patterns:
    """Compile with the first typed time: it takes longer than the first screen may wait."""
    filler = re.compile(r"[\s,]+|的|(?:at|on|of|the|in the|around|about)\b(?! day)|大约|大概|约")
    months = "|".join(rf"{month[:3].lower()}(?:{month[3:].lower()})?" for month in MONTHS if month != "September")
    months = f"(?:{months}|sept?(?:ember)?)\\.?"
    number = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
    year_after = r"(?:,?\s+(?P<year_{0}>\d{{4}})(?![\d:点]))?"
    date = (
        rf"(?P<day_1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<name_first>{months})\b{year_after.format(1)}"
        rf"|(?P<name_last>{months})\s*(?P<day_2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.])\b{year_after.format(2)}"
        r"|(?P<slash_1>\d{1,2})\s*/\s*(?P<slash_2>\d{1,2})(?:\s*/\s*(?P<slash_year>\d{4}))?(?![\d/:])"
        rf"|(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>{number})\s*[-/.月]\s*(?P<day>{number})(?:\s*[日号])?(?!\d)"
        rf"|(?P<month_2>{number})\s*月\s*(?P<day_3>{number})(?:\s*[日号]|(?![\d:点时]))"
        r"|(?P<month_3>\d{1,2})\s*-\s*(?P<day_4>\d{1,2})(?![\d:点时])"
    )
    weekday = (
        r"(?:(?P<week>[本这下])个?)?(?:周|星期|礼拜)(?P<weekday_zh>[一二三四五六日天])"
        r"|(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b"
    )
    time = (
        r"(?:(?P<to>half past|quarter past|quarter to)\s+)?"
        rf"(?P<hour>{number}|(?:{'|'.join(_HOUR_WORDS)})\b)"
        r"(?:(?::|(?P<dot>\.))(?P<minute>\d\d)(?::\d\d)?(?![\d:])"
        r"|\s*(?P<point>[点时])\s*(?P<spoken>半|一刻|三刻|整|钟|(?:\d{1,2}|零?[一二三四五六七八九十]{1,3})分?)?"
        r"|\s*(?P<oclock>o'?\s?clock)|(?![\d:]))"
        r"(?:\s*(?P<meridiem>[ap])\.?m\b\.?)?"
    )
    pieces = (
        ("offset", r"[(]?\s*(?:utc|gmt)\s*(?P<hours>[+-]\d{1,2})?(?::?(?P<offset_minutes>\d\d))?(?![\d:])\s*[)]?"),
        ("both", _any_of(_BOTH)),
        ("day", _any_of(_DAYS)),
        ("date", date),
        ("weekday", weekday),
        ("named", _any_of(_NAMED_TIMES)),
        ("part", rf"(?P<part>{_any_of(_PARTS)})"),
        ("time", time),
    )
    return _Patterns(filler, tuple((name, re.compile(pattern)) for name, pattern in pieces))
