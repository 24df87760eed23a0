"""Short words of the desk: kinds, stages, spans of time, languages, clipboard routes."""

import datetime as dt

from agent_assist.locale import N_, _
from agent_assist.phrasebook import Kind

KIND_TITLES: dict[Kind, str] = {
    "empathy": N_("Empathy"),
    "apology": N_("Apology"),
    "status": N_("Progress"),
    "workaround": N_("Workaround"),
    "compensation": N_("Compensation"),
    "closing": N_("Closing"),
    "faq": N_("FAQ"),
    "announcement": N_("Notice"),
}

LANGUAGE_NAMES = {"zh": N_("Chinese"), "en": N_("English")}
"""The languages of replies, in the interface language."""

OWN_LANGUAGE_NAMES = {"zh": "中文", "en": "English"}
"""The languages of replies as their speakers call them."""


def kind_word(kind: Kind) -> str:
    """Return the kind of a phrase in the interface language."""
    return _(KIND_TITLES[kind])


def short_span(span: dt.timedelta) -> str:
    """Return a length of time in as few words as possible: 3 min, 1 h 05, 2 d; 3 分, 1 时 05 分, 2 天."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{minutes} min", minutes=minutes)
    if minutes < 60 * 24:
        return _("{hours} h {minutes}", hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return _("{days} d", days=minutes // (60 * 24))


def ago(span: dt.timedelta) -> str:
    """Return how long ago: just now, 3 min ago."""
    return _("just now") if span < dt.timedelta(minutes=1) else _("{span} ago", span=short_span(span))


def left(span: dt.timedelta) -> str:
    """Return how long until: 3 min left. The last minute counts as one."""
    return _("{span} left", span=short_span(span + dt.timedelta(seconds=59)))


def over(span: dt.timedelta) -> str:
    """Return how long overdue: 3 min over."""
    return _("{span} over", span=short_span(span))


def language_word(lang: str) -> str:
    """Return a language by its own name."""
    return OWN_LANGUAGE_NAMES.get(lang, lang)
