"""Orders the entries that share keys with the query by how well they explain it.

Three figures, each between 0 and 1: how much of the query the alignment explains (`Aligner`), how many of the rare
pairs and words are shared (the keys' idf; this finds paraphrases), and how much of the title was typed (so that of two
entries with all the words the shorter is first). Words that stand only in the text count less. Weights were fitted
on public question collections.
"""

from dataclasses import dataclass

ALIGNED, SHARED, TITLE, TEXT, WHOLE, NAMED = 1.0, 0.6, 0.12, 0.35, 0.15, 0.05


@dataclass(frozen=True)
class Evidence:
    """What speaks for one row."""

    aligned: float
    shared: float
    title: float
    text: float
    whole: bool
    named: float

    @property
    def score(self) -> float:
        """The figures in one."""
        return (
            ALIGNED * self.aligned
            + SHARED * self.shared
            + TITLE * self.title
            + TEXT * self.text
            + WHOLE * self.whole
            + NAMED * self.named
        )
