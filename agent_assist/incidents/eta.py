"""When it will be over, honestly: known, a range, unknown, or passed.

The state follows from the time of day alone; nobody has to remember to withdraw a promise. A passed time is never
put into words again.
"""

import datetime as dt
import re
from typing import Literal

import msgspec

from agent_assist.errors import Refused
from agent_assist.incidents.times import clock_time, parse_moment, plain
from agent_assist.locale import _

EtaState = Literal["known", "range", "unknown", "passed"]

_UNKNOWN = ("", "unknown", "none", "-", "?", "未知", "不详", "未定", "暂无", "不知道")
_TO = re.compile(
    r"\s*(?:~|–|—|至|到|\bto\b|\band\b|(?<=\d)\s*-\s*(?=(?:[012]?\d[:点]|[+上下晚明后])))\s*", re.IGNORECASE
)

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?")
_DAY_BEFORE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]|\d\d?-\d\d? |\d\d?月\d\d?[日号]\s*|[^\d+]+")
_BARE = re.compile(r"(?:凌晨|早上|上午|中午|下午|傍晚|晚上)?\s*\d{1,2}\s*[:点][\d分半]*")


class Eta(msgspec.Struct, frozen=True):
    """Either one time `at`, or `start` to `end`, or neither (unknown). Times are aware UTC."""

    at: dt.datetime | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None

    def state(self, now: dt.datetime) -> EtaState:
        """What may still be said about it at this moment."""
        last = self.at or self.end
        if last is None:
            return "unknown"
        if last <= now:
            return "passed"
        return "known" if self.at else "range"


def parse_eta(text: str, now: dt.datetime, tz: dt.tzinfo) -> Eta:
    """Reads "14:30", "14:30-15:00", "+45m", RFC 3339, "tomorrow 09:00" or "unknown" / "未知".

    Raises Refused with examples, also for a time that has passed already.
    """
    typed = plain(text)
    if typed.lower() in _UNKNOWN:
        return Eta()
    sides = [typed] if _RFC3339.fullmatch(typed) else _TO.split(typed.removeprefix("between "), maxsplit=1)
    try:
        eta = _between(sides, now, tz) if len(sides) == 2 else Eta(at=parse_moment(typed, now, tz))
    except Refused as refused:
        raise Refused(
            refused.message,
            way_out=_("An ETA is a time (14:30, tomorrow 09:00), a range (14:30-15:00), a wait (+45m) or “unknown”."),
        ) from refused
    if eta.state(now) == "passed":
        raise Refused(
            _("“{typed}” has already passed.", typed=typed[:60]),
            way_out=_(
                "Give a time to come, or “unknown”: customers forgive that more easily than a time that is wrong."
            ),
        )
    return eta


def clause(eta: Eta, now: dt.datetime, tz: dt.tzinfo, lang: str) -> str:
    """What an honest person says about it: a whole clause without a full stop, in Chinese for `zh`, else in English."""
    zh = lang == "zh"
    match eta.state(now):
        case "known" if eta.at:
            time = clock_time(eta.at, now, tz, lang)
            return f"预计{_air(time)}前恢复" if zh else f"we expect to be back to normal by {time}"
        case "range" if eta.start and eta.end:
            first, last = range_times(eta.start, eta.end, now, tz, lang)
            if eta.start <= now:
                return f"预计{_air(last)}前恢复" if zh else f"we expect to be back to normal by {last}"
            if zh:
                return f"预计{_air(first)}至{_air(last)}之间恢复"
            return f"we expect to be back to normal between {first} and {last}"
        case "passed":
            if zh:
                return "原先预计的时间已过，我们正在重新评估"
            return "the time we first gave has passed and we are working out a new one"
    return "目前还不能给出准确的恢复时间" if zh else "we cannot give you a reliable time yet"


def range_times(start: dt.datetime, end: dt.datetime, now: dt.datetime, tz: dt.tzinfo, lang: str) -> tuple[str, str]:
    """Both ends as clock times; the day is said once when it is the same."""
    last = clock_time(end, now, tz, lang)
    first = clock_time(start, now, tz, lang)
    if start.astimezone(tz).date() == end.astimezone(tz).date():
        last = last[-5:]
    return first, last


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


def _air(time: str) -> str:
    """Chinese sets a space beside digits and none beside characters."""
    return f" {time} " if time[0].isdecimal() else f"{time} "
