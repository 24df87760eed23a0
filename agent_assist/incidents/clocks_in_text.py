"""Times of day in a text, for checks that run on every keystroke: 14:30, 14点30分, 下午2点半, 2:30 pm."""

import re
from typing import NamedTuple

_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|今晚|明晚|夜里)\s*)?"
    r"(?P<hour>[01]?\d|2[0-4])"
    r"(?:\s*[:：](?P<minute>[0-5]\d)(?::[0-5]\d)?|\s*[点點](?!击)\s*(?:(?P<zh>[0-5]?\d)\s*分?|(?P<thirty>半)|[整钟鐘])?|(?=\s*[ap]\.?m\b))"
    r"(?![\d:])(?:\s*(?P<meridiem>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_AFTERNOON = ("下午", "傍晚", "晚上", "今晚", "明晚", "夜里")


class Clock(NamedTuple):
    """A time of day found in a text, and where."""

    hour: int
    minute: int
    start: int
    end: int


def clocks_in(text: str) -> list[Clock]:
    """Every time of day that the text mentions, in order."""
    clocks = []
    for match in _CLOCK.finditer(text):
        hour = int(match["hour"]) % 24
        minute = 30 if match["thirty"] else int(match["minute"] or match["zh"] or 0)
        half, meridiem = match["half"] or "", (match["meridiem"] or "").lower()
        if hour == 12 and (half in ("凌晨", "晚上", "今晚", "明晚", "夜里") or meridiem == "a"):
            hour = 0
        elif ((half in _AFTERNOON or meridiem == "p") and hour < 12) or (half == "中午" and hour < 10):
            hour += 12
        clocks.append(Clock(hour, minute, match.start(), match.end()))
    return clocks
