"""Lengths of time as people type them: +45m, 1.5h, 半小时后, 一个半小时, 1小时20分, in half an hour, 10 minutes ago."""

import datetime as dt
import functools
import re
from typing import NamedTuple

_ENGLISH_NUMBERS = {
    word: value
    for value, words in {
        1: "a an one",
        2: "two",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve",
        15: "fifteen",
        20: "twenty",
        25: "twenty-five",
        30: "thirty",
        40: "forty",
        45: "forty-five",
        50: "fifty",
        60: "sixty",
        90: "ninety",
    }.items()
    for word in words.split()
}
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_NUMBER = r"[零〇一二两三四五六七八九十]{1,3}"
_UNITS = {
    "d": 1440,
    "day": 1440,
    "days": 1440,
    "天": 1440,
    "h": 60,
    "hr": 60,
    "hrs": 60,
    "hour": 60,
    "hours": 60,
    "小时": 60,
    "钟头": 60,
    "m": 1,
    "min": 1,
    "mins": 1,
    "minute": 1,
    "minutes": 1,
    "分": 1,
    "分钟": 1,
}
"""Minutes of each."""
_FIXED = {"half an hour": 30, "half hour": 30, "quarter of an hour": 15, "半小时": 30, "半钟头": 30, "一刻钟": 15}


class Span(NamedTuple):
    """A length of time. `direction`: +1 to come, -1 ago, 0 not said."""

    length: dt.timedelta
    direction: int


def chinese_number(text: str) -> int | None:
    """The value of a Chinese number below a hundred, or of digits; None for anything else."""
    if text.isascii() and text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if any(len(part) > 1 or (part and part not in _CHINESE_DIGITS) for part in (tens, ones)):
        return None
    if not ten:
        return _CHINESE_DIGITS.get(text)
    return (_CHINESE_DIGITS[tens] if tens else 1) * 10 + (_CHINESE_DIGITS[ones] if ones else 0)


def parse_span(typed: str) -> Span | None:
    """The length of time that the whole text says; None when it says something else. `typed` is normalised."""
    patterns = _patterns()
    frame = patterns.frame.fullmatch(typed)
    if frame is None:
        return None
    minutes = _minutes(frame["body"])
    if minutes is None:
        return None
    is_past, is_future = bool(frame["ago"]) or frame["sign"] == "-", bool(frame["sign"] == "+" or frame["later"])
    if is_past and (is_future or frame["within"]):
        return None
    direction = -1 if is_past else int(is_future or bool(frame["within"]))
    return Span(dt.timedelta(minutes=minutes), direction)


def with_unit_of(number: str, other: str) -> str:
    """The number with what follows the number of another length: 1 and 2小时后 give 1小时后."""
    match = _patterns().number.match(other)
    return number + other[match.end() :] if match else number


def _minutes(body: str) -> float | None:
    """The sum of the parts, which must go from large to small units; the last may lack its unit after hours: 1h20."""
    patterns = _patterns()
    total, position, last = 0.0, 0, 100_000
    while position < len(body):
        match = patterns.part.match(body, position)
        if match is None:
            return None
        if match["fixed"]:
            amount, unit = float(_FIXED[match["fixed"].replace("个", "")]), 1
            if last <= 60:
                return None
        else:
            number = _number(match["count"])
            unit = _UNITS[match["unit"]] if match["unit"] else 1
            if number is None or (not match["unit"] and last != 60):
                return None
            amount = (number + (0.5 if match["half"] or match["and_half"] else 0)) * unit
            if unit >= last:
                return None
        total, position, last = total + amount, match.end(), unit
    return total if position else None


def _number(text: str) -> float | None:
    if text in _ENGLISH_NUMBERS:
        return _ENGLISH_NUMBERS[text]
    if text[0].isascii() and text[0].isdigit():
        return float(text)
    return chinese_number(text)


class _Patterns(NamedTuple):
    frame: re.Pattern[str]
    part: re.Pattern[str]
    number: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    """Compile with the first typed time: it takes longer than the first screen may wait."""
    english = "|".join(sorted(_ENGLISH_NUMBERS, key=len, reverse=True))
    units = "|".join(sorted(_UNITS, key=len, reverse=True))
    count = rf"(?:\d{{1,5}}(?:\.\d{{1,3}})?|(?:{english})\b|{_CHINESE_NUMBER})"
    frame = (
        r"(?P<sign>[+-])?\s*(?:(?P<within>within|in)\s+)?(?:(?:about|around|another|再过|大约|大概|约)\s*)?"
        r"(?P<body>.+?)\s*(?:(?:左右)\s*)?"
        r"(?:(?P<ago>ago|earlier|之前|以前|前)|(?P<later>later|from now|之后|以后|后|之内|以内|内))?\s*(?:左右)?"
    )
    part = (
        r"\s*(?:and\s+|,\s*|零)?"
        r"(?:(?P<fixed>half an hour|half hour|quarter of an hour|半个?小时|半个?钟头|一刻钟)"
        rf"|(?P<count>{count})\s*(?:(?P<half>and a half|个?半)|个)?\s*(?:(?P<unit>(?:{units}))(?![a-z])"
        r"(?P<and_half>半|\s+and a half)?|(?=$)))\s*"
    )
    return _Patterns(re.compile(frame), re.compile(part), re.compile(count))
