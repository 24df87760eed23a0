"""Reading the times that people type: 14:30, 下午2点半, +45m, 明天 09:00, 14:30-15:00, unknown.

Apart from `times` because only a form or a command needs it; its patterns take longer to compile than the first screen
may wait.
"""

import datetime as dt
import re
from typing import NamedTuple

from agent_assist.errors import Refused
from agent_assist.incidents.eta import Eta
from agent_assist.incidents.times import plain
from agent_assist.locale import _

_MAX_LENGTH = 80
"""Characters of the longest way to write a time; the patterns below take long over a whole letter."""
_FAR = dt.timedelta(days=3660)
_NIGHT_SHIFT = dt.timedelta(hours=12)
"""A bare clock time that has passed means tomorrow only when tomorrow is nearer than this: 00:30 typed at 23:50."""

_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上)\s*)?"
    r"(?P<hour>[01]?\d|2[0-3])"
    r"(?:\s*[:：](?P<minute>[0-5]\d)(?::[0-5]\d)?|\s*[点點](?!击)\s*(?:(?P<zh>[0-5]?\d)\s*分?|(?P<thirty>半)|整)?|(?=\s*[ap]\.?m\b))"
    r"(?![\d:])(?:\s*(?P<meridiem>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_DAYS = {
    "前天": -2,
    "昨天": -1,
    "yesterday": -1,
    "今天": 0,
    "today": 0,
    "明天": 1,
    "明日": 1,
    "tomorrow": 1,
    "后天": 2,
}
_DAY = re.compile(rf"^({'|'.join(_DAYS)})\s*", re.IGNORECASE)
_DATE = re.compile(r"^(?:(?P<year>\d{4})\s*[-/年]\s*)?(?P<month>\d{1,2})\s*[-/月]\s*(?P<day>\d{1,2})\s*(?:日|号)?\s*")
_SPAN = re.compile(
    r"^(?P<sign>[+-])?\s*(?:in\s+)?"
    r"(?:(?P<days>\d{1,3})\s*(?:d|days?|天))?\s*"
    r"(?:(?P<hours>\d{1,4})\s*(?:h|hrs?|hours?|个?小时))?\s*"
    r"(?:(?P<minutes>\d{1,5})\s*(?:m|mins?|minutes?|分|分钟))?\s*(?P<after>ago|later|前|后)?$",
    re.IGNORECASE,
)
_UNKNOWN = ("", "unknown", "none", "-", "?", "未知", "不详", "未定", "暂无", "不知道")
_TO = re.compile(
    r"\s*(?:~|–|—|至|到|\bto\b|\band\b|(?<=\d)\s*-\s*(?=(?:[012]?\d[:点]|[+上下晚明后])))\s*", re.IGNORECASE
)

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?")
_DAY_BEFORE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]|\d\d?-\d\d? |\d\d?月\d\d?[日号]\s*|[^\d+]+")
_BARE = re.compile(r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*\d{1,2}\s*[:点][\d分半]*")


class Clock(NamedTuple):
    """A time of day found in a text, and where."""

    hour: int
    minute: int
    start: int
    end: int


def clocks_in(text: str) -> list[Clock]:
    """Every time of day that the text mentions, in order; `14:30`, `14点30分`, `下午2点半`, `2:30 pm`."""
    clocks = []
    for match in _CLOCK.finditer(text):
        hour = int(match["hour"])
        minute = 30 if match["thirty"] else int(match["minute"] or match["zh"] or 0)
        afternoon = match["half"] in ("下午", "傍晚", "晚上") or (match["meridiem"] or "").lower() == "p"
        if (afternoon and hour < 12) or (match["half"] == "中午" and hour < 10):
            hour += 12
        elif hour == 12 and (match["half"] == "凌晨" or (match["meridiem"] or "").lower() == "a"):
            hour = 0
        clocks.append(Clock(hour, minute, match.start(), match.end()))
    return clocks


def parse_moment(text: str, now: dt.datetime, tz: dt.tzinfo, *, past: bool = False) -> dt.datetime:
    """The moment meant, as aware UTC. `past` says which way a bare time of day points: the next such time, or the last.

    Raises Refused with examples.
    """
    typed = plain(text[: _MAX_LENGTH + 1])
    local = now.astimezone(tz)
    try:
        if len(text) > _MAX_LENGTH:
            raise ValueError(text)
        moment = _span(typed, now, past=past) or _written(typed, tz) or _on_a_day(typed, local, tz, past=past)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or abs(moment - now) > _FAR:
        raise Refused(
            _("“{typed}” is not a time.", typed=typed[:60]),
            hint=_("Write 14:30, tomorrow 09:00, 11-23 09:00 or +45m."),
        )
    return moment.astimezone(dt.UTC)


def parse_eta(text: str, now: dt.datetime, tz: dt.tzinfo) -> Eta:
    """Reads "14:30", "14:30-15:00", "+45m", RFC 3339, "tomorrow 09:00" or "unknown" / "未知".

    Raises Refused with examples, also for a time that has passed already.
    """
    typed = plain(text[: _MAX_LENGTH + 1])
    if typed.lower() in _UNKNOWN:
        return Eta()
    sides = [typed] if _RFC3339.fullmatch(typed) else _TO.split(typed.removeprefix("between "), maxsplit=1)
    try:
        eta = _between(sides, now, tz) if len(sides) == 2 else Eta(at=parse_moment(text, now, tz))
    except Refused as refused:
        raise Refused(
            refused.message,
            hint=_("An ETA is a time (14:30, tomorrow 09:00), a range (14:30-15:00), a wait (+45m) or “unknown”."),
        ) from refused
    if eta.state(now) == "passed":
        raise Refused(
            _("“{typed}” has already passed.", typed=typed[:60]),
            hint=_("Give a time to come, or “unknown”: customers forgive that more easily than a time that is wrong."),
        )
    return eta


def _between(sides: list[str], now: dt.datetime, tz: dt.tzinfo) -> Eta:
    """The second time decides the day; the first may have begun already."""
    first, second = sides
    day = _DAY_BEFORE.match(first)
    if day and re.match(r"\d{1,2}\s*[:点]", second):
        second = day[0] + second
    end = parse_moment(second, now, tz)
    start = parse_moment(first, end, tz, past=True) if _BARE.fullmatch(first) else parse_moment(first, now, tz)
    if not start < end or (_BARE.fullmatch(first) and end - start > dt.timedelta(hours=12)):
        raise Refused(_("The range “{typed}” ends before it begins.", typed="-".join(sides)[:60]))
    return Eta(start=start, end=end)


def _span(typed: str, now: dt.datetime, *, past: bool) -> dt.datetime | None:
    if typed.lower() in ("now", "现在"):
        return now
    match = _SPAN.match(typed)
    if match is None or not (match["days"] or match["hours"] or match["minutes"]):
        return None
    days, hours, minutes = (int(match[part] or 0) for part in ("days", "hours", "minutes"))
    span = dt.timedelta(days=days, hours=hours, minutes=minutes)
    after = (match["after"] or "").lower()
    if match["sign"] == "-" or after in ("ago", "前") or (past and not match["sign"] and not after):
        return now - span
    return now + span


def _written(typed: str, tz: dt.tzinfo) -> dt.datetime | None:
    """RFC 3339, or the same without an offset: then in the desk's time zone."""
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", typed):
        return None
    moment = dt.datetime.fromisoformat(typed)
    return moment if moment.tzinfo else moment.replace(tzinfo=tz)


def _on_a_day(typed: str, local: dt.datetime, tz: dt.tzinfo, *, past: bool) -> dt.datetime | None:
    day, rest = None, typed
    if match := _DAY.match(typed):
        day, rest = local.date() + dt.timedelta(days=_DAYS[match[1].lower()]), typed[match.end() :]
    elif match := _DATE.match(typed):
        day, rest = _date(match, local.date(), past=past), typed[match.end() :]
    clocks = clocks_in(rest)
    if len(clocks) != 1 or (clocks[0].start, clocks[0].end) != (0, len(rest)):
        return None
    time = dt.time(clocks[0].hour, clocks[0].minute)
    if day is not None:
        return dt.datetime.combine(day, time, tz)
    return _nearest(dt.datetime.combine(local.date(), time, tz), local, past=past)


def _date(match: re.Match[str], today: dt.date, *, past: bool) -> dt.date:
    day = dt.date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
    if match["year"] is None:
        if not past and (today - day).days > 180:
            day = day.replace(year=day.year + 1)
        elif past and (day - today).days > 180:
            day = day.replace(year=day.year - 1)
    return day


def _nearest(moment: dt.datetime, local: dt.datetime, *, past: bool) -> dt.datetime:
    if past:
        return moment if moment <= local else moment - dt.timedelta(days=1)
    tomorrow = moment + dt.timedelta(days=1)
    if moment > local:
        return moment
    if tomorrow - local <= _NIGHT_SHIFT:
        return tomorrow
    raise Refused(
        _("{time} has already passed today.", time=f"{moment:%H:%M}"),
        hint=_("Write “tomorrow {time}” when you mean tomorrow.", time=f"{moment:%H:%M}"),
    )
