"""The form of an announcement on its channel: subject and sign-off of a mail, sender of an SMS, spoken words.

The phrasebook has the words. What its phrase left out of the form is added here, so that an own phrase without
【brand】 or without a sign-off goes out in the form of its channel all the same.
"""

import re
from typing import NamedTuple

from agent_assist.replies.speakable import speakable

_SUBJECT = re.compile(r"\A\s*(?:主题|主旨|标题|subject)\s*[:：][ \t]*(.+)\n*", re.IGNORECASE)
_SENDER_ZH = re.compile(r"\A【([^】\n]*)】\s*")
_ONE_LINE = ("sms", "banner", "social", "in-app", "phone")
_SIGN_OFF_LINES = 5
"""Lines at the end of a mail or letter among which its brand is looked for."""


class ChannelForm(NamedTuple):
    """A text in the form of its channel. `written` is the same before times were put into spoken words."""

    text: str
    subject: str = ""
    written: str = ""


def in_form(channel: str, text: str, lang: str, *, brand: str, title: str) -> ChannelForm:
    """Return the text in the form of this channel; `title` is the subject of a mail that has none of its own."""
    text = _tidy(text)
    if channel in _ONE_LINE:
        text = _joined_lines(text, lang)
    if channel == "sms":
        text = _with_sender(text, lang, brand)
    if channel in ("mail", "letter"):
        text = _with_sign_off(text, lang, brand)
    if channel == "mail":
        subject, text = _subject_of(text, title)
        head = f"{'主题：' if lang == 'zh' else 'Subject: '}{subject}\n\n" if subject else ""
        return ChannelForm(head + text, subject, head + text)
    if channel == "phone":
        return ChannelForm(speakable(text, lang), "", text)
    return ChannelForm(text, "", text)


def _tidy(text: str) -> str:
    """Return the text without the blanks that absent sentences leave: at both ends of a line, and between lines."""
    lines = [re.sub(r" {2,}", " ", line).strip(" ") for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _joined_lines(text: str, lang: str) -> str:
    return ("" if lang == "zh" else " ").join(line for line in text.split("\n") if line)


def _with_sender(text: str, lang: str, brand: str) -> str:
    """Return an SMS that begins with the brand: 【brand】, as networks in China require, or “brand: ”."""
    if not brand or text.startswith((f"【{brand}】", brand)):
        return text
    if lang == "zh":
        return f"【{brand}】" + _SENDER_ZH.sub("", text)
    return f"{brand}: {text}"


def _with_sign_off(text: str, lang: str, brand: str) -> str:
    lines = text.split("\n")[-_SIGN_OFF_LINES:]
    if not brand or any(brand in line for line in lines):
        return text
    return f"{text}\n\n{brand}" if lang == "zh" else f"{text}\n\nKind regards,\n{brand}"


def _subject_of(text: str, title: str) -> tuple[str, str]:
    match = _SUBJECT.match(text)
    return (match[1].strip(), text[match.end() :]) if match else (title, text)
