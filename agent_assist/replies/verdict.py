"""What the check answers: the lights, the warnings, and whether the reply may go out."""

from typing import Literal

import msgspec

WarningCode = Literal[
    "gap", "person", "stage", "passed-eta", "old-facts", "internal", "vague-apology", "broken-sentence", "too-long"
]
Verdict = Literal["go", "confirm", "blocked"]


class Warning_(msgspec.Struct, frozen=True):  # noqa: N801 - the plain word would shadow the builtin everywhere
    """Something to look at before sending; `message` says what to do. `blocking` asks for an explicit decision."""

    code: WarningCode
    message: str
    blocking: bool


class Check(msgspec.Struct, frozen=True):
    """The three lights of a good apology, and the warnings, most serious first."""

    responsibility: bool
    scope: bool
    remedy: bool
    warnings: tuple[Warning_, ...]
    is_sensitive: bool = False
    """Whether the phrase asks that somebody responsible has seen the reply."""

    @property
    def verdict(self) -> Verdict:
        """`blocked` while a warning is blocking, `confirm` for a phrase that a human must confirm, else `go`."""
        if any(warning.blocking for warning in self.warnings):
            return "blocked"
        return "confirm" if self.is_sensitive else "go"
