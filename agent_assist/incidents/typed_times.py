"""Reading the times that people type: 14:30, 今晚8点半, +45m, 半小时后, tomorrow 9am, 14:30-15:00, 8点到9点, unknown.

A local time is turned into a moment by the rules of the zone on that day. What may be meant in two ways (05/12, an hour
that comes twice when clocks go back) is refused with both ways to write it.
"""

import datetime as dt
import functools
import re
from typing import NamedTuple

from agent_assist.errors import Refused
from agent_assist.incidents.eta import Eta
from agent_assist.incidents.times import date_words, plain, utc_offset
from agent_assist.incidents.typed_clocks import TypedClock, parse_bare_hour, parse_clock
from agent_assist.incidents.typed_clocks import parse_day as _parse_day
from agent_assist.incidents.typed_spans import Span, parse_span, with_unit_of
from agent_assist.locale import _, current
from agent_assist.time_zone import moments, start_of_day

MAX_TYPED_LENGTH = 80
"""Characters of the longest way to write a time; the patterns take long over a whole letter."""
_FAR = dt.timedelta(days=3660)
_NIGHT_SHIFT = dt.timedelta(hours=12)
"""A bare clock time that has passed means tomorrow only when tomorrow is nearer than this: 00:30 typed at 23:50."""
_DAY = dt.timedelta(days=1)
_MAX_SPLITS = 6
"""Places of a text at which a range is looked for."""

_UNKNOWN = ("", "unknown", "none", "-", "?", "未知", "不详", "未定", "暂无", "不知道", "tbd", "待定")
_NOW = ("now", "现在", "刚刚", "刚才", "just now")
_TRADITIONAL = str.maketrans("點後個兩時號鐘間過現從內淩週禮這〜～−", "点后个两时号钟间过现从内凌周礼这~~-")


class NotATime(Refused):
    """The text says no time at all; other refusals say what is wrong with the time that it says."""


class _At(NamedTuple):
    """When and where a time is read."""

    now: dt.datetime
    tz: dt.tzinfo
    past: bool = False

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.tz).date()


def parse_moment(text: str, now: dt.datetime, tz: dt.tzinfo, *, past: bool = False) -> dt.datetime:
    """The moment meant, as aware UTC. `past` says which way a bare time of day points: the next such time, or the last.

    Raises Refused with examples.
    """
    at = _At(now, tz, past)
    moment = _moment(_normal(text), at) if len(text) <= MAX_TYPED_LENGTH else None
    if moment is None:
        raise _not_a_time(text, at, _("Write 14:30, tomorrow 09:00, 24 November 09:00 or +45m."))
    return moment


def parse_day(text: str, now: dt.datetime, tz: dt.tzinfo, *, past: bool = False) -> dt.date | None:
    """The day meant by a text without a time of day; None when it is not one. Raises Refused for one with two meanings.

    `past` says which year a date without one belongs to.
    """
    if len(text) > MAX_TYPED_LENGTH:
        return None
    return _parse_day(_normal(text), _At(now, tz).today, past=past)


def parse_bound(text: str, now: dt.datetime, tz: dt.tzinfo, *, end: bool = False) -> dt.datetime:
    """The moment at which a typed day of the past begins or, for `end`, is over; a time of day as it is.

    Raises Refused with examples.
    """
    day = parse_day(text, now, tz, past=True)
    if day is not None:
        return start_of_day(day + _DAY if end else day, tz)
    typed = plain(text[:MAX_TYPED_LENGTH])
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", typed):
        raise Refused(_("There is no day {day}.", day=typed), hint=_("For example 2026-11-20."))
    return parse_moment(text, now, tz, past=True)


def parse_eta(text: str, now: dt.datetime, tz: dt.tzinfo) -> Eta:
    """Reads a time to come, a range of two, or "unknown" / "未知".

    Raises Refused with examples, also for a time that has passed already.
    """
    typed, at = _normal(text), _At(now, tz)
    if typed in _UNKNOWN:
        return Eta()
    eta = None
    if len(text) <= MAX_TYPED_LENGTH:
        moment = _moment(_without_limit_words(typed), at)
        eta = Eta(at=moment) if moment else _range(typed, at)
    if eta is None:
        raise _not_a_time(
            text, at, _("An ETA is a time (14:30, tomorrow 09:00), a range (14:30-15:00), a wait (+45m) or “unknown”.")
        )
    if eta.state(now) == "passed":
        raise Refused(
            _("“{typed}” has already passed.", typed=plain(text)[:60]),
            hint=_("Give a time to come, or “unknown”: customers forgive that more easily than a time that is wrong."),
        )
    return eta


def _normal(text: str) -> str:
    """Lower case, full-width and traditional characters as the plain ones."""
    return plain(text[: MAX_TYPED_LENGTH + 1]).lower().translate(_TRADITIONAL).rstrip(".。")


def _not_a_time(text: str, at: _At, hint: str) -> NotATime:
    typed = _normal(text)
    if len(text) <= MAX_TYPED_LENGTH and (day := _parse_day(typed, at.today, past=at.past)):
        return NotATime(
            _("“{typed}” says no time of day.", typed=plain(text)),
            hint=_("Write “{example}”.", example=f"{date_words(day, at.today, current())} 18:00"),
        )
    return NotATime(_("“{typed}” is not a time.", typed=plain(text[:MAX_TYPED_LENGTH])[:60]), hint=hint)


def _moment(typed: str, at: _At) -> dt.datetime | None:
    """The moment that the whole text says, or None. Raises Refused where it may be meant in two ways."""
    try:
        if typed in _NOW:
            return at.now
        if span := parse_span(typed):
            moment: dt.datetime | None = _after(span, at)
        elif _patterns().rfc3339.fullmatch(typed):
            written = dt.datetime.fromisoformat(typed.upper())
            moment = written if written.tzinfo else _moment_at(written, at)
        else:
            clock = parse_clock(typed, at.today, past=at.past)
            moment = _of_clock(clock, at) if clock else None
    except (ValueError, OverflowError):
        return None
    if moment is None or abs(moment - at.now) > _FAR:
        return None
    return moment.astimezone(dt.UTC)


def _after(span: Span, at: _At) -> dt.datetime:
    is_ago = span.direction < 0 or (span.direction == 0 and at.past)
    return at.now - span.length if is_ago else at.now + span.length


def _of_clock(clock: TypedClock, at: _At) -> dt.datetime:
    """The moment of a time of day: on its day, or else the next such time, or the last one for the past."""
    at = at._replace(tz=clock.offset or at.tz)
    if clock.day is not None:
        return _moment_at(_local(clock.day, clock.hour, clock.minute), at)
    candidates = sorted(
        (moment, day, local)
        for day in (at.today - _DAY, at.today, at.today + _DAY)
        for local in (_local(day, hour, clock.minute) for hour in clock.hours)
        for moment in moments(local, at.tz) or (_had_clocks_not_changed(local, at.tz),)
    )
    if at.past:
        return _moment_at([local for moment, _day, local in candidates if moment <= at.now][-1], at)
    moment, day, local = next(candidate for candidate in candidates if candidate[0] > at.now)
    if day <= at.today or moment - at.now <= _NIGHT_SHIFT:
        return _moment_at(local, at)
    time = f"{local:%H:%M}"
    raise Refused(
        _("{time} has already passed today.", time=time),
        hint=_("Write “tomorrow {time}” when you mean tomorrow.", time=time),
    )


def _local(day: dt.date, hour: int, minute: int) -> dt.datetime:
    """A local date and time without zone; 24 and more hours are the next day."""
    return dt.datetime.combine(day + _DAY * (hour // 24), dt.time(hour % 24, minute))


def _had_clocks_not_changed(local: dt.datetime, tz: dt.tzinfo) -> dt.datetime:
    """The moment that a local time, left out when clocks went forward, would have been."""
    return local.replace(tzinfo=tz, fold=0).astimezone(dt.UTC)


def _moment_at(local: dt.datetime, at: _At) -> dt.datetime:
    """The moment of a local time. Raises Refused where clocks leave it out, or where it comes twice and both may be."""
    every = moments(local, at.tz)
    if not every:
        after = _had_clocks_not_changed(local, at.tz).astimezone(at.tz)
        raise Refused(
            _("There is no {time} on {day}: the clocks go forward then.", time=f"{local:%H:%M}", day=_day(local, at)),
            hint=_("Write {time} if you mean that.", time=f"{after:%H:%M}"),
        )
    fitting = [moment for moment in every if (moment <= at.now) == at.past] or every[-1:]
    if len(fitting) > 1:
        first, second = (f"{twin:%H:%M} {utc_offset(twin)}" for twin in (each.astimezone(at.tz) for each in fitting))
        raise Refused(
            _("{time} comes twice on {day}, when the clocks go back.", time=f"{local:%H:%M}", day=_day(local, at)),
            hint=_("Write “{first}” for the first one, “{second}” for the second.", first=first, second=second),
        )
    return fitting[0]


def _day(local: dt.datetime, at: _At) -> str:
    return date_words(local.date(), at.today, current())


def _range(typed: str, at: _At) -> Eta | None:
    """The range that the text says, or None. Raises Refused for one that ends before it begins."""
    body = _patterns().around_range.sub("", typed).strip()
    refused: Refused | None = None
    for match in list(_patterns().separator.finditer(body))[:_MAX_SPLITS]:
        try:
            ends = _two_ends(body[: match.start()].strip(), body[match.end() :].strip(), at)
        except Refused as problem:
            refused = refused or problem
            continue
        except (ValueError, OverflowError):
            continue
        if ends is None:
            continue
        start, end = ends
        if start < end:
            return Eta(start=start.astimezone(dt.UTC), end=end.astimezone(dt.UTC))
        refused = refused or Refused(
            _("The range “{typed}” ends before it begins.", typed=typed[:60]),
            hint=_("For example 14:30-15:00, or tomorrow 09:00-10:00."),
        )
    if refused is not None:
        raise refused
    return None


def _two_ends(first: str, second: str, at: _At) -> tuple[dt.datetime, dt.datetime] | None:
    """Both moments of a range. The second time decides the day; the first may have begun already."""
    if not first or not second:
        return None
    if parse_span(second):
        start, end = _moment(first, at) or _moment(with_unit_of(first, second), at), _moment(second, at)
        return (start, end) if start and end else None
    begin = parse_bare_hour(first, at.today)
    if begin is None:
        start, end = _moment(first, at), _moment(second, at)
        return (start, end) if start and end else None
    end = _end_after(begin, second, at)
    return (_begin_before(begin, end, at), end) if end else None


def _end_after(begin: TypedClock, second: str, at: _At) -> dt.datetime | None:
    """The end of a range: on the day and in the part of the day of its beginning when it names none."""
    may_be_bare = bool(begin.part) or not begin.is_bare
    end = parse_clock(second, at.today) or (parse_bare_hour(second, at.today) if may_be_bare else None)
    if end is None or end.day or not (begin.day or begin.part):
        return _of_clock(end, at) if end else _moment(second, at)
    same_part = parse_clock(second, at.today, like=begin)
    hours = {*end.hours, *(hour + 24 for hour in end.hours), same_part.hour if same_part else end.hour}
    later = min(hour for hour in hours if (hour, end.minute) > (begin.hour, begin.minute))
    return _of_clock(end._replace(hour=later, day=begin.day, is_twelve_hour=False), at)


def _begin_before(begin: TypedClock, end: dt.datetime, at: _At) -> dt.datetime:
    """The last moment before `end` that the first time of a range can be; the end itself when there is none near."""
    at = at._replace(tz=begin.offset or at.tz)
    day = begin.day or end.astimezone(at.tz).date()
    hours = (
        {*begin.hours, begin.hour + 12} if begin.is_bare and not begin.part and begin.hour < 12 else set(begin.hours)
    )
    candidates = [
        moment
        for days in ((0,) if begin.day else (-2, -1, 0))
        for hour in hours
        for moment in moments(_local(day + days * _DAY, hour, begin.minute), at.tz)
        if moment < end
    ]
    if not candidates or (begin.day is None and end - max(candidates) > _NIGHT_SHIFT):
        return end
    return max(candidates)


def _without_limit_words(typed: str) -> str:
    """The text without what an ETA says anyway: by 14:30, 14:30 前."""
    return _patterns().limit_words.sub("", typed).strip()


class _Patterns(NamedTuple):
    rfc3339: re.Pattern[str]
    separator: re.Pattern[str]
    around_range: re.Pattern[str]
    limit_words: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    """Compile with the first typed time: it takes longer than the first screen may wait."""
    return _Patterns(
        rfc3339=re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:\d\d)?"),
        separator=re.compile(r"\s*(?:~|–|—|-|至|到|\bto\b|\band\b|\buntil\b|\btill\b)\s*"),
        around_range=re.compile(r"^(?:between|from|从|在)\s*|\s*(?:之间|期间|间)$"),
        limit_words=re.compile(r"^(?:by|before|until|最晚|最迟|不晚于)\s*|(?<=[\d点半整刻分])\s*(?:之前|以前|前)$"),
    )
