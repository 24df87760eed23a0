"""When it will be over, honestly: known, a range, unknown, or passed.

The state follows from the time of day alone; nobody has to remember to withdraw a promise. A passed time is never
promised again.
"""

import datetime as dt
from typing import Literal

import msgspec

EtaState = Literal["known", "range", "unknown", "passed"]


class Eta(msgspec.Struct, frozen=True):
    """Either one time `at`, or `start` to `end`, or neither (unknown). Times are aware UTC."""

    at: dt.datetime | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None

    def state(self, now: dt.datetime) -> EtaState:
        """What may still be said about it at this moment."""
        last = self.at or self.end
        if last is None:
            return "unknown"
        if last <= now:
            return "passed"
        return "known" if self.at else "range"
