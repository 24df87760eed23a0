"""Parses a time, a number or an amount typed for one reply into what the reply gets.

A moment is stored as RFC 3339, which the reply puts into the customer's language each time it is filled: a "+45m"
or "tomorrow" kept as typed would mean something else an hour later.
"""

import datetime as dt
import re

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents import clock_time, say_value, spoken_span
from agent_assist.incidents.times import date_words
from agent_assist.incidents.typed_times import NotATime, parse_day, parse_eta, parse_moment
from agent_assist.locale import _, current
from agent_assist.offers import parse_money
from agent_assist.replies.fact_values import iso_day
from agent_assist.tui.forms.field import ParsedAnswer

_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?%?")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""What a Chinese keyboard types; not NFKC, which would read ² as a digit."""
_STORED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")


def parse_time(text: str, now: dt.datetime, tz: dt.tzinfo, lang: str) -> ParsedAnswer:
    """A moment, a day, or words that are used as they are ("within three days").

    Raises Refused for a passed time and for one with two meanings.
    """
    typed = clean_line(text)
    if not typed:
        raise Refused(_("A time is needed."), hint=_time_examples())
    try:
        moment = parse_moment(typed, now, tz)
    except NotATime as refused:
        if (day := parse_day(typed, now, tz)) is not None:
            return ParsedAnswer(day.isoformat(), _say_day(day, now.astimezone(tz).date()))
        if not any(letter.isalpha() for letter in typed):
            raise Refused(refused.message, hint=_time_examples()) from refused
        return ParsedAnswer(typed, _("Not a time we can compute with: it is used word for word."))
    value = moment.astimezone(tz).isoformat(timespec="seconds")
    said = clock_time(moment, now, tz, lang)
    if moment < now:
        return ParsedAnswer(value, _("! In the reply: {time}, which has already passed.", time=said))
    return ParsedAnswer(
        value, _("In the reply: {time} (in {span})", time=said, span=spoken_span(moment - now, current()))
    )


def parse_typed_eta(text: str, now: dt.datetime, tz: dt.tzinfo, lang: str) -> ParsedAnswer:
    """A time to come or a range of two. Raises Refused for anything else: "unknown" would leave the gap open."""
    typed = clean_line(text)
    hint = _("Type one (14:30, 14:30-15:00, +45m), or go back and choose a phrase without one.")
    try:
        eta = parse_eta(typed, now, tz)
    except NotATime as refused:
        raise Refused(refused.message, hint=hint) from refused
    if eta.state(now) == "unknown":
        raise Refused(_("This reply needs a time."), hint=hint)
    ends = [end.astimezone(tz).isoformat(timespec="seconds") for end in (eta.at, eta.start, eta.end) if end]
    return ParsedAnswer(" ~ ".join(ends), _("In the reply: {time}", time=say_value(eta, now, tz, lang)))


def typed_form(value: str, now: dt.datetime, tz: dt.tzinfo) -> str:
    """A kept value as a person would have typed it."""
    if _STORED.fullmatch(value):
        return clock_time(dt.datetime.fromisoformat(value), now, tz, current())
    if (day := iso_day(value)) is not None:
        return date_words(day, now.astimezone(tz).date(), current())
    return value


def parse_number(text: str) -> ParsedAnswer:
    """A number, also in full-width digits. Raises Refused with examples."""
    typed = clean_line(text).translate(_FULL_WIDTH).replace(" ", "")
    if not _NUMBER.fullmatch(typed):
        message = _("“{typed}” is not a number.", typed=clean_line(text)[:60]) if typed else _("A number is needed.")
        raise Refused(message, hint=_("For example 3 or 1.5."))
    return ParsedAnswer(typed)


def parse_amount(text: str, currency: str, lang: str) -> ParsedAnswer:
    """An amount of money as the customer will read it. Raises Refused with examples."""
    shown = parse_money(clean_line(text), currency).display(lang)
    return ParsedAnswer(shown, _("In the reply: {amount}", amount=shown))


def _time_examples() -> str:
    return _("For example 14:30, +45m, tomorrow 9:00 or 12-31.")


def _say_day(day: dt.date, today: dt.date) -> str:
    words = date_words(day, today, current())
    days = (day - today).days
    if days < 0:
        return _("! A day in the past: {day}", day=words)
    if days == 0:
        return _("Today, {day}", day=words)
    return _("{day} (in {span})", day=words, span=spoken_span(dt.timedelta(days=days), current()))
