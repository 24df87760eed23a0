"""What is wrong in a file, as a value: one broken file never stops the others.

Whatever reads a file that a person wrote (phrasebooks, synonyms, facts, policy, settings) reports mistakes as these.
"""

from typing import Literal

import msgspec

ProblemSeverity = Literal["error", "warning"]


class Problem(msgspec.Struct, frozen=True, order=True, kw_only=True):
    """A mistake in a file, with its place and what to do about it. Sorts by file, line and column."""

    file: str
    """The file's name as people see it; "" for a text without a file, such as a template that is being edited."""
    line: int = 0
    """1-based; 0 means the file as a whole."""
    column: int = 0
    """1-based, in characters; 0 where only the line is known."""
    reason: str
    severity: ProblemSeverity = "error"
    """`error`: the entry or file is not in use. `warning`: it is, but a lead should look."""
    hint: str = ""
    """What to do, where the reason does not say it already."""
    phrase_id: str = ""
    """The phrase that the problem is about, if it is about one."""

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known: the form that editors and terminals make links of."""
        return place(self.file, self.line, self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def place(file: str, line: int = 0, column: int = 0) -> str:
    """`file:line:column` without the parts that are 0."""
    return ":".join([file, *(str(number) for number in (line, column if line else 0) if number)])
