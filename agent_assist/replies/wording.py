"""Wording that filters need: a capital first letter, a date, an amount."""

import datetime as dt
import re

from agent_assist.errors import Refused
from agent_assist.incidents.times import date_words

_DIRECTIVE = re.compile(r"%(.?)")
_MAX_AMOUNT = 80
"""Characters of an amount with its currency, generously; what is longer is a text."""
_PARTS = {
    "Y": "{0.year:04}",
    "m": "{0.month:02}",
    "d": "{0.day:02}",
    "H": "{0.hour:02}",
    "M": "{0.minute:02}",
    "S": "{0.second:02}",
    "e": "{0.day}",
    "%": "%",
}


def raised(text: str) -> str:
    """Return the text with a capital first letter; the rest untouched, unlike `capitalize`."""
    return text[:1].upper() + text[1:]


def day_of(local: dt.datetime, today: dt.date, lang: str, pattern: str = "") -> str:
    """Return the date in words, 11月23日 / 23 November; or by a pattern of %Y %m %d %e %H %M %S.

    Raises ValueError for another directive: the platform's own formatter accepts ones that fill memory.
    """
    if not pattern:
        return date_words(local.date(), today, lang)

    def part(match: re.Match[str]) -> str:
        if match[1] not in _PARTS:
            raise ValueError(f"unknown date part %{match[1]}")
        return _PARTS[match[1]].format(local)

    return _DIRECTIVE.sub(part, pattern)


def money_of(text: str, currency: str, lang: str) -> str:
    """Return an amount as one writes it in this language; what is not an amount stays as it is."""
    from agent_assist.offers import parse_money  # loaded with the first amount

    if len(text) > _MAX_AMOUNT:
        return text
    try:
        return parse_money(text, currency).display(lang)
    except Refused:
        return text
