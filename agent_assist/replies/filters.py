"""The filters that phrases may use.

None of them loops or multiplies text: a result longer than a whole reply is refused. What is absent stays absent
through every filter but `default`, so that nothing can turn a missing name into a blank.
"""

import datetime as dt
import functools
import re
from collections.abc import Callable

from liquid.exceptions import FilterArgumentError, OutputStreamLimitError

from agent_assist.cleaning import clean
from agent_assist.incidents import clock_time
from agent_assist.incidents.clocks_in_text import clocks_in
from agent_assist.replies.context import MAX_REPLY_SIZE, FilledValue, MissingValue, Reading
from agent_assist.replies.fact_values import DayValue, EtaValue, Missing, TimeValue, show_clock, typed_time
from agent_assist.replies.wording import day_of, money_of, raised


def in_words(value: object) -> str:
    """Return a value of a template as clean text; "" for nil."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
    return clean(str(value))


def _kept(rule: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(rule)
    def apply(value: object, *args: object, context: Reading, **named: object) -> object:
        if named:
            raise FilterArgumentError("no filter takes named arguments here", token=None)
        for part in (value, *args):
            if isinstance(part, MissingValue):
                return part
        try:
            result = rule(context, value, *args)
        except TypeError as error:
            raise FilterArgumentError("wrong number of values for a filter", token=None) from error
        if isinstance(result, str) and len(result) > MAX_REPLY_SIZE:
            raise OutputStreamLimitError("output limit reached", token=None)
        return result

    apply.with_context = True  # type: ignore[attr-defined]
    return apply


def _default(value: object, otherwise: object = "") -> object:
    """Replace a missing value by a default; with an empty default the gap stays."""
    if in_words(value).strip():
        return value
    return otherwise if isinstance(otherwise, MissingValue) or in_words(otherwise).strip() else value


def _clock(context: Reading, value: object) -> object:
    name, raw = (value.name, value.value) if isinstance(value, FilledValue) else ("time", in_words(value))
    shown = show_clock(raw, name, context.facts, context.lang)
    return MissingValue(shown.name, shown.reason) if isinstance(shown, Missing) else shown


def _date(context: Reading, value: object, pattern: object = "") -> object:
    raw = value.value if isinstance(value, FilledValue) else value
    if isinstance(raw, EtaValue):
        timed = _clock(context, value)
        if isinstance(timed, MissingValue):
            return timed
        raw = TimeValue(raw.eta.at or raw.eta.end or context.facts.now)
    facts = context.facts
    if isinstance(raw, str):
        typed = typed_time(in_words(raw), facts)
        if isinstance(typed, TimeValue) and clocks_in(raw):  # more than a date was typed, so more is said
            return clock_time(typed.at, facts.now, facts.tz, context.lang)
        raw = typed if isinstance(typed, DayValue) else raw
    if isinstance(raw, DayValue):
        raw = TimeValue(dt.datetime.combine(raw.day, dt.time(12), facts.tz))
    if not isinstance(raw, TimeValue):
        return in_words(value)
    try:
        today = facts.now.astimezone(facts.tz).date()
        return day_of(raw.at.astimezone(facts.tz), today, context.lang, in_words(pattern))
    except ValueError as error:
        raise FilterArgumentError(str(error), token=None) from error


def _money(context: Reading, value: object, currency: object = "CNY") -> str:
    return money_of(in_words(value), in_words(currency), context.lang)


def _replace(_context: Reading, value: object, old: object, new: object = "") -> str:
    text, before, after = in_words(value), in_words(old), in_words(new)
    if not before:
        raise FilterArgumentError("it does not say what to replace", token=None)
    if len(text) + text.count(before) * len(after) > MAX_REPLY_SIZE:
        raise OutputStreamLimitError("output limit reached", token=None)
    return text.replace(before, after)


def _truncate(_context: Reading, value: object, most: object = 50) -> str:
    text, limit = in_words(value), in_words(most)
    if not limit.isdecimal() or len(limit) > 6:
        raise FilterArgumentError("its length is not a number", token=None)
    return text if len(text) <= int(limit) else f"{text[: max(0, int(limit) - 1)]}…"


_RULES: dict[str, Callable[..., object]] = {
    "clock": _clock,
    "upfirst": lambda _context, value: raised(in_words(value)),
    "money": _money,
    "date": _date,
    "append": lambda _context, value, more: in_words(value) + in_words(more),
    "prepend": lambda _context, value, more: in_words(more) + in_words(value),
    "replace": _replace,
    "remove": lambda context, value, part: _replace(context, value, part),
    "truncate": _truncate,
    "strip": lambda _context, value: in_words(value).strip(),
    "squish": lambda _context, value: re.sub(r"\s+", " ", in_words(value)).strip(),
    "upcase": lambda _context, value: in_words(value).upper(),
    "downcase": lambda _context, value: in_words(value).lower(),
    "capitalize": lambda _context, value: in_words(value).capitalize(),
}

FILTERS: dict[str, Callable[..., object]] = {
    "default": _default,
    **{name: _kept(rule) for name, rule in _RULES.items()},
}
