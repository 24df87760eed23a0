"""A text as one says it on the phone: times and shares in words, no brackets, no marks that only a reader sees."""

import re

from agent_assist.incidents.clocks_in_text import clocks_in
from agent_assist.incidents.times import is_set_solid

_PERCENT = re.compile(r"(约|大约)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*[%％]\s*")
_DIGITS = "零一二三四五六七八九"
_BRACKETS = re.compile(r"\s*[（(【\[「『]([^）)】\]」』\n]*)[）)】\]」』]\s*")
_GAP = re.compile(r"\[[^\]\n]+\?\]")
"""The mark of something that is missing; it stays as it is."""
_QUOTES = re.compile('[“”"«»‘’](?!s\\b)')
_PAUSE = re.compile(r"\s*(?:…+|\.{3,}|—+|–)\s*")
_DOUBLED = re.compile(r"[，,、]\s*(?=[。！？!?；;，,.])")
_MORNING_ENDS, _NOON, _EVENING_BEGINS = 6, 12, 18


def speakable(text: str, lang: str) -> str:
    """Return the text as sentences to be read out; marks of gaps stay."""
    gaps = _GAP.findall(text)
    text = _GAP.sub("\0", text)
    text = _with_spoken_times(text, lang)
    comma = "，" if lang == "zh" else ", "
    text = _BRACKETS.sub(lambda match: f"{comma}{match[1]}{comma}", text)
    text = _QUOTES.sub("", _PAUSE.sub(comma, text))
    if lang == "zh":
        text = _PERCENT.sub(_zh_percent, text).replace("；", "。").replace("/", "或")
    else:
        text = re.sub(r"\s*[%％]", " percent", text)
        text = re.sub(r";\s+([a-z])", lambda match: f". {match[1].upper()}", text)
    text = _DOUBLED.sub("", " ".join(text.split()))
    text = re.sub(r"\s+([，,。.；;！？!?])", r"\1", text)
    if lang == "zh":
        text = re.sub(r"(?<=[，。！？])\s+", "", text)
    for gap in gaps:
        text = text.replace("\0", gap, 1)
    return text.strip()


def _with_spoken_times(text: str, lang: str) -> str:
    spoken, end = "", 0
    for clock in clocks_in(text):
        before = text[end : clock.start]
        words = _zh_time(clock.hour, clock.minute) if lang == "zh" else _en_time(clock.hour, clock.minute)
        after = clock.end
        if lang == "zh":
            before = before.rstrip(" ") if is_set_solid(before.rstrip(" ")[-1:], words[0]) else before
            after += len(text[after:]) - len(text[after:].lstrip(" "))
        spoken, end = spoken + before + words, after
    return spoken + text[end:]


def _zh_time(hour: int, minute: int) -> str:
    """Return 下午两点半, 上午九点零五分."""
    if hour < _MORNING_ENDS:
        half = "凌晨"
    elif hour < _NOON:
        half = "上午"
    elif hour == _NOON:
        half = "中午"
    else:
        half = "下午" if hour < _EVENING_BEGINS else "晚上"
    of_half = hour if hour <= _NOON else hour - _NOON
    words = half + ("两" if of_half == 2 else _zh_number(of_half)) + "点"
    if minute in (0, 30):
        return words + ("半" if minute else "")
    return words + ("零" if minute < 10 else "") + _zh_number(minute) + "分"


def _en_time(hour: int, minute: int) -> str:
    """Return 2:30 in the afternoon, 9 o'clock in the morning."""
    later = "in the afternoon" if hour < _EVENING_BEGINS else "in the evening"
    half = "in the morning" if hour < _NOON else later
    of_half = hour % _NOON or _NOON
    return f"{of_half}:{minute:02} {half}" if minute else f"{of_half} o'clock {half}"


def _zh_number(number: int) -> str:
    """Return a number up to 100 in characters."""
    if number >= 100:
        return "一百" if number == 100 else str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _zh_percent(match: re.Match[str]) -> str:
    about = "大约" if match[1] else ""
    whole, _point, part = match[2].partition(".")
    decimals = "点" + "".join(_DIGITS[int(digit)] for digit in part) if part else ""
    return f"{about}百分之{_zh_number(int(whole))}{decimals}"
