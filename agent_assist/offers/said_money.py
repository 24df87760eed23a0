"""Amounts as a reply says them, in digits: 五百元, 2万元, 1.5 万块, 人民币 500, RMB500."""

import re
from decimal import Decimal

_DIGITS = {
    sign: value
    for value, signs in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for sign in signs
}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_UNIT = "元|块|圆|美元|美金|欧元|英镑|日元|韩元|港元|港币|新台币"
_HAN = re.compile(rf"(?!一块(?!钱))([零〇一二两三四五六七八九十百千万亿]+)\s*({_UNIT})(?![旦素件])")
_MIXED = re.compile(rf"(?<![0-9０-９])([0-9０-９]+(?:[.．][0-9０-９]+)?)\s*([百千万亿]+)\s*({_UNIT})")
_YUAN_AFTER = re.compile(r"(?<=[0-9０-９])\s*(?:rmb\b|圆)", re.IGNORECASE)
_YUAN_BEFORE = re.compile(
    r"(?:人民币|(?<![a-z])rmb)\s*([0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?)(?![0-9])", re.IGNORECASE
)
_IN_DIGITS = {"块": "元", "圆": "元"}


def in_digits(text: str) -> str:
    """The text with its amounts of money in digits; everything else stays."""
    text = _MIXED.sub(lambda match: f"{_scaled(match[1], match[2])} {_IN_DIGITS.get(match[3], match[3])}", text)
    text = _HAN.sub(lambda match: f"{_read(match[1])} {_IN_DIGITS.get(match[2], match[2])}", text)
    return _YUAN_AFTER.sub(" 元", _YUAN_BEFORE.sub(r"\1 元", text))


def _scaled(number: str, scales: str) -> str:
    value = Decimal(number.replace("．", "."))
    for scale in scales:
        value *= {**_TENS, **_MYRIADS}[scale]
    return f"{value.normalize():f}"


def _read(said: str) -> int:
    """一千五百 is 1500, 一百五 is 150, 二〇〇 is 200."""
    if not any(sign in _TENS or sign in _MYRIADS for sign in said):
        return int("".join(str(_DIGITS[sign]) for sign in said))
    total, section, digit, last = 0, 0, 0, 1
    for sign in said:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            last = 1 if digit == 0 else last
        elif sign in _TENS:
            section += (digit or 1) * _TENS[sign]
            digit, last = 0, _TENS[sign]
        else:
            total, section = total + (section + digit or 1) * _MYRIADS[sign], 0
            digit, last = 0, _MYRIADS[sign]
    return total + section + digit * max(1, last // 10)
