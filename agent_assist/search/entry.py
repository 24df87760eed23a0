"""What of a row does not depend on the query: its units, and how rare each is."""

from collections.abc import Callable
from math import sqrt

from agent_assist.search.words import stem

PAIR = 0.5
"""What a pair of neighbours adds to the likeness of two texts, against its two members."""


class Entry:
    """A head, ready to be aligned and compared."""

    __slots__ = ("concepts", "norm", "parts", "stems", "title", "title_end", "total", "weights", "worth")

    def __init__(self, parts: list[str], weight: Callable[[str], float]) -> None:
        self.parts = parts
        self.concepts: list[tuple[int, int, int]] | None = None
        """Where synonyms stand, once a query asked for any."""
        self.stems = [stem(part) for part in parts]
        self.weights = [weight(part) for part in parts]
        self.worth = dict(zip(self.stems, self.weights, strict=True))
        """The weight of each different unit."""
        self.title_end = parts.index("\n") if "\n" in parts else len(parts)
        self.title = "".join(parts[: self.title_end])
        self.total = sum(self.weights) or 1.0
        pairs = sum(((a + b) / 2) ** 2 for a, b in zip(self.weights, self.weights[1:], strict=False) if a and b)
        self.norm = sqrt(sum(w * w for w in self.worth.values()) + PAIR * pairs) or 1.0
