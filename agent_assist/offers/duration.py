"""How long a service is extended: whole hours, days or months, kept in the unit that was promised."""

import re
import unicodedata
from typing import Literal, get_args

import msgspec

from agent_assist.errors import Refused
from agent_assist.locale import _

Unit = Literal["hour", "day", "month"]
UNITS: tuple[Unit, ...] = get_args(Unit)

MAX_DURATION_COUNT = 100_000

_UNITS: dict[str, tuple[Unit, int]] = {
    **dict.fromkeys(("h", "hour", "hours", "小时", "个小时", "钟头", "个钟头"), ("hour", 1)),
    **dict.fromkeys(("d", "day", "days", "天", "日"), ("day", 1)),
    **dict.fromkeys(("w", "week", "weeks", "周", "星期", "个星期", "礼拜"), ("day", 7)),
    **dict.fromkeys(("mo", "month", "months", "月", "个月"), ("month", 1)),
    **dict.fromkeys(("y", "year", "years", "年"), ("month", 12)),
}
_NUMERALS = dict(zip("一二两三四五六七八九十", (1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_WRITTEN = re.compile(r"(?P<count>[0-9]+|[一二两三四五六七八九十])\s*(?P<unit>\D+)")


class Duration(msgspec.Struct, frozen=True):
    """`count` units, at least one."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MAX_DURATION_COUNT:
            raise _refused(str(self.count))

    def display(self, lang: str) -> str:
        """As one writes it in a sentence: `7 天`, `1 个月`, `7 days`, `1 month`."""
        if lang == "zh":
            return f"{self.count} " + {"hour": "小时", "day": "天", "month": "个月"}[self.unit]
        return f"{self.count} {self.unit}" + ("" if self.count == 1 else "s")


def parse_duration(text: str) -> Duration:
    """The duration a person typed: `7天`, `7d`, `1个月`, `2周`, `一个月`, `12 hours`, also in full-width digits.

    `m` alone is refused, since it could mean minutes or months.
    """
    match = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    unit = _UNITS.get(match["unit"].strip().lower()) if match else None
    if match is None or unit is None or len(match["count"]) > 6:
        raise _refused(text)
    count = _NUMERALS.get(match["count"]) or int(match["count"])
    return Duration(count * unit[1], unit[0])


def _refused(text: str) -> Refused:
    return Refused(
        _("{given} is not a duration we can promise.", given=repr(text)),
        hint=_("Write it like 7d, 2 weeks, 1 month, 7天 or 1个月."),
    )
