"""What is wrong with a phrasebook, as values: one broken file never stops the others."""

from typing import Literal

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One finding with its place. `line` is 1-based; 0 means the file as a whole."""

    file: str
    line: int
    reason: str
    severity: Literal["error", "warning"] = "error"
    """`error`: the entry or file is not in use. `warning`: it is, but a lead should look."""
    phrase_id: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason}"
