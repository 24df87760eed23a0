"""Within which time of the start each step of the communication clock is due, by severity.

The usual times are a rule of this program (docs/glossary.md). A person writes others as `SEV1 5m 30m 2h 15m`: first
notice, first cause, plan with a time, minutes between two updates; `-` leaves a step out.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents.publication import StepName
from agent_assist.locale import _
from agent_assist.severities import SEVERITIES, Severity

MAX_SPAN = dt.timedelta(days=1)
_SPAN = re.compile(r"(\d{1,4})(m|min|分|分钟|h|小时)", re.IGNORECASE)
_HOURS = ("h", "小时")


class StepTimes(msgspec.Struct, frozen=True, kw_only=True):
    """Times from the start of an incident; None for a step that is not wanted. `rhythm` is minutes between updates."""

    notice: dt.timedelta | None = dt.timedelta(minutes=5)
    cause: dt.timedelta | None = dt.timedelta(minutes=30)
    plan: dt.timedelta | None = dt.timedelta(hours=2)
    rhythm: int = 30

    def within(self, name: StepName) -> dt.timedelta | None:
        """Return the time of a step that counts from the start."""
        return {"notice": self.notice, "cause": self.cause, "plan": self.plan}.get(name)


USUAL_TIMES = StepTimes()


class ClockRules(msgspec.Struct, frozen=True):
    """The times of each severity that has others than the usual ones."""

    by_severity: Mapping[Severity, StepTimes] = {}

    def of(self, severity: Severity) -> StepTimes:
        """Return the times for incidents of this severity."""
        return self.by_severity.get(severity, USUAL_TIMES)


def parse_clock_rules(lines: Sequence[str]) -> ClockRules:
    """Read lines like `SEV1 5m 30m 2h 15m`, the last one of a severity wins. Raises Refused naming the line."""
    return ClockRules(dict(map(_parse_line, lines)))


def _parse_line(text: str) -> tuple[Severity, StepTimes]:
    parts = clean_line(text).split()
    severity = next((name for name in SEVERITIES if parts and parts[0].upper() == name), None)
    if severity is None or not 4 <= len(parts) <= 5:
        raise _wrong(text)
    notice, cause, plan = (_span(part, text) for part in parts[1:4])
    rhythm = _span(parts[4], text) if len(parts) == 5 else dt.timedelta(minutes=USUAL_TIMES.rhythm)
    if rhythm is None:
        raise _wrong(text)
    return severity, StepTimes(notice=notice, cause=cause, plan=plan, rhythm=int(rhythm.total_seconds() // 60))


def _span(part: str, text: str) -> dt.timedelta | None:
    if part == "-":
        return None
    match = _SPAN.fullmatch(part)
    if match is None:
        raise _wrong(text)
    minutes = int(match[1]) * (60 if match[2].lower() in _HOURS else 1)
    span = dt.timedelta(minutes=minutes)
    if not dt.timedelta() < span <= MAX_SPAN:
        raise _wrong(text)
    return span


def _wrong(text: str) -> Refused:
    return Refused(
        _("“{line}” are no times of the communication clock.", line=clean_line(text)[:60]),
        hint=_("Write severity, notice, cause, plan and rhythm: SEV1 5m 30m 2h 15m; - leaves a step out."),
    )
