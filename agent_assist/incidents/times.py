"""Times as support people write and read them: 14:30, 明天 09:00, 11月24日 08:47, 35 分钟.

Inside the program a time is aware UTC; the desk's time zone is needed only here, at the edge. What `clock_time` writes,
`typed_times.parse_moment` reads.
"""

import datetime as dt
import unicodedata

from agent_assist.cleaning import clean_line
from agent_assist.time_zone import moments

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_FULL_WIDTH_SIGNS = "，。：；、！？（）《》【】「」"


def plain(text: str) -> str:
    """One line with full-width digits and signs as ASCII, so that an input method cannot spoil a time."""
    return unicodedata.normalize("NFKC", clean_line(text)).strip()


def clock_time(at: dt.datetime, now: dt.datetime, tz: dt.tzinfo, lang: str) -> str:
    """The time as one says it today: 14:30; 明天 09:00 / 09:00 tomorrow; 11月24日 08:47 / 08:47 on 24 November.

    Another year is named. Where clocks go back and a time comes twice, it says which one: 02:30 UTC+2.
    """
    day, time = day_and_time(at, now, tz, lang)
    if lang == "zh" or not day:
        return f"{day} {time}".strip()
    return f"{time} on {day}" if day[0].isdecimal() else f"{time} {day}"


def day_and_time(at: dt.datetime, now: dt.datetime, tz: dt.tzinfo, lang: str) -> tuple[str, str]:
    """Both parts of `clock_time`; the day is "" today."""
    local, today = at.astimezone(tz), now.astimezone(tz).date()
    near = {1: "明天", 0: "", -1: "昨天"} if lang == "zh" else {1: "tomorrow", 0: "", -1: "yesterday"}
    day = near.get((local.date() - today).days)
    time = f"{local:%H:%M}"
    if len(moments(local, tz)) > 1:
        time += f" {utc_offset(local)}"
    return (date_words(local.date(), today, lang) if day is None else day), time


def date_words(day: dt.date, today: dt.date, lang: str) -> str:
    """The date in words, 11月24日 / 24 November; another year than that of `today` is named."""
    if lang == "zh":
        words = f"{day.month}月{day.day}日"
        return words if day.year == today.year else f"{day.year}年{words}"
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def utc_offset(local: dt.datetime) -> str:
    """The offset of an aware time as one writes it: UTC+8, UTC-3:30, UTC."""
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}" if minutes else "UTC"


def after_at(time: str) -> str:
    """What an English sentence says in place of "at" and a bare date: on 24 November. Return "" for all other words."""
    words = time.split(" ")
    is_date = words[0].isdecimal() and len(words) > 1 and words[1] in MONTHS and len(words) <= 3
    return f"on {time}" if is_date else ""


def joined_zh(*parts: str) -> str:
    """Join pieces of a Chinese sentence: one space between a character and a digit or Latin letter, none else."""
    text = ""
    for part in parts:
        text += f" {part}" if text and part and needs_space(text[-1], part[0]) else part
    return text


def needs_space(before: str, after: str) -> bool:
    """Whether a space belongs between these two: one is a Chinese character, the other a digit or Latin letter."""
    return (_is_han(before) and _is_latin(after)) or (_is_latin(before) and _is_han(after))


def is_set_solid(before: str, after: str) -> bool:
    """Whether no space belongs between these two: a Chinese character beside another, or beside a full-width sign."""
    is_wide = (_is_han(before) or before in _FULL_WIDTH_SIGNS) and (_is_han(after) or after in _FULL_WIDTH_SIGNS)
    return bool(before and after) and is_wide and (_is_han(before) or _is_han(after))


def _is_han(letter: str) -> bool:
    return "\u3400" <= letter <= "\u9fff"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def spoken_span(span: dt.timedelta, lang: str) -> str:
    """A length of time in words: 35 分钟 / 35 minutes, 1 小时 5 分钟 / 1 hour 5 minutes, 2 天 / 2 days."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        minutes = 0
    parts = [(days, "天", "day"), (hours, "小时", "hour"), (minutes, "分钟", "minute")]
    said = [
        f"{count} {zh}" if lang == "zh" else f"{count} {en}{'' if count == 1 else 's'}"
        for count, zh, en in parts
        if count
    ]
    return " ".join(said) or ("不到 1 分钟" if lang == "zh" else "less than a minute")
