"""How long a text may be on a channel, counted as that channel counts: one table for the reply check and for lint.

Chat, mail, letter and phone take any length.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from agent_assist.phrasebook.phrase import Channel
from agent_assist.terminal_text import width

Unit = Literal["septets", "code units", "weighted characters", "columns"]


class TextLength(msgspec.Struct, frozen=True, kw_only=True):
    """The length of a text on a channel."""

    length: int
    limit: int
    """What fits; of an SMS, into one message."""
    unit: Unit
    """`septets` and `code units` of an SMS, `weighted characters` of X, `columns` of a terminal or page."""
    messages: int = 1
    """Into how many messages a network splits it."""
    costly: tuple[str, ...] = ()
    """The few characters that halve what an SMS holds, where the rest of the text would not."""

    @property
    def is_too_long(self) -> bool:
        """Whether it does not fit."""
        return self.length > self.limit


BANNER_COLUMNS = 120
IN_APP_COLUMNS = 500
"""Conventions of websites and apps, not limits of a standard; a Chinese character takes two columns."""

SOCIAL_CHARACTERS = 280
"""Of X, where a Chinese character counts two: the same 140 that Weibo shows without folding."""

SMS_SEPTETS = (160, 153)
SMS_CODE_UNITS = (70, 67)
"""What one SMS holds alone, and as a part of several. Source: 3GPP TS 23.038 and 23.040."""

MAX_COSTLY = 5
"""Characters that are named; a text with more different ones is simply not written in the GSM alphabet."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and a character."""

_URL = re.compile(r"https?://[^\s\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+", re.IGNORECASE)
_URL_LENGTH = 23
_SINGLE_WEIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that count one on X; all others count two. Source: twitter-text, configuration v3."""
_PICTURE = "[\u203c\u2049\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\ufe0f\U0001f3fb-\U0001f3ff]*"
_EMOJI = re.compile(f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}(?:\u200d{_PICTURE})*")
"""A flag, a keycap, or pictures that are joined to one: each counts two on X, whatever it is made of."""


def length_on(channel: str, text: str) -> TextLength | None:
    """Return how long the text is on this channel; None where any length fits."""
    count = _COUNTS.get(channel)
    return count(text) if count else None


def channel_for(named: str, channels: tuple[Channel, ...]) -> str:
    """Return the channel that was named, else the only one that the phrase is made for, else `chat`."""
    return named or (channels[0] if len(channels) == 1 else "chat")


def _sms(text: str) -> TextLength:
    foreign = dict.fromkeys(char for char in text if char not in _GSM and char not in _GSM_EXTENSION)
    if not foreign:
        sizes = [2 if char in _GSM_EXTENSION else 1 for char in text]
        return _split(sizes, SMS_SEPTETS, "septets", ())
    sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    costly = tuple(foreign) if len(foreign) <= MAX_COSTLY and not any(map(_is_letter, foreign)) else ()
    return _split(sizes, SMS_CODE_UNITS, "code units", costly)


def _split(sizes: list[int], limits: tuple[int, int], unit: Unit, costly: tuple[str, ...]) -> TextLength:
    """Fill one message after the other; a character of two units is never cut in two."""
    alone, part = limits
    length, messages = sum(sizes), 1
    if length > alone:
        room = part
        for size in sizes:
            if size > room:
                messages, room = messages + 1, part
            room -= size
    return TextLength(length=length, limit=alone, unit=unit, messages=messages, costly=costly)


def _is_letter(char: str) -> bool:
    return unicodedata.category(char).startswith("L")


def _social(text: str) -> TextLength:
    rest, urls = _URL.subn("", unicodedata.normalize("NFC", text))
    rest, emoji = _EMOJI.subn("", rest)
    length = urls * _URL_LENGTH + emoji * 2 + sum(map(_weight, rest))
    return TextLength(length=length, limit=SOCIAL_CHARACTERS, unit="weighted characters")


def _weight(char: str) -> int:
    return 1 if any(first <= ord(char) <= last for first, last in _SINGLE_WEIGHT) else 2


def _banner(text: str) -> TextLength:
    return TextLength(length=_columns(text), limit=BANNER_COLUMNS, unit="columns")


def _in_app(text: str) -> TextLength:
    return TextLength(length=_columns(text), limit=IN_APP_COLUMNS, unit="columns")


def _columns(text: str) -> int:
    lines = text.split("\n")
    return sum(map(width, lines)) + len(lines) - 1


_COUNTS: Mapping[str, Callable[[str], TextLength]] = {
    "sms": _sms,
    "social": _social,
    "banner": _banner,
    "in-app": _in_app,
}
