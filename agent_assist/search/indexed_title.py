"""What of a row does not depend on the query: its units, and how rare each is."""

from collections.abc import Callable
from itertools import accumulate, pairwise
from math import sqrt

from agent_assist.search import pinyin
from agent_assist.search.words import FUNCTION, FUNCTION_WORDS, stem

PAIR = 0.5
"""What a pair of neighbours adds to the likeness of two texts, against its two members."""


class IndexedTitle:
    """A head, ready to be aligned and compared."""

    __slots__ = (
        "concept_worth",
        "concepts",
        "norm",
        "others",
        "pairs",
        "parts",
        "places",
        "sounds",
        "stems",
        "sums",
        "total",
        "worth",
    )

    def __init__(self, parts: list[str], weight: Callable[[str], float]) -> None:
        self.parts = parts
        self.places: dict[str, list[int]] = {}
        """Where each unit stands."""
        for place, part in enumerate(parts):
            if part in self.places:
                self.places[part].append(place)
            elif part != "\n":
                self.places[part] = [place]
        self.sounds: dict[str, list[int]] = {}
        """Where characters with one reading stand, by it."""
        others: list[str] = []
        readings = pinyin.readings()
        for unit, places in self.places.items():
            said = readings.get(unit, ())
            if len(said) != 1:
                others.append(unit)
            elif said[0] in self.sounds:
                self.sounds[said[0]] += places
            else:
                self.sounds[said[0]] = places[:]
        self.others = frozenset(others)
        """The units that are not in `sounds`."""
        self.concepts: dict[int, list[tuple[int, int]]] | None = None
        """Where synonyms stand by their groups, once a query asked for any."""
        self.concept_worth: dict[int, float] = {}
        self.stems = [stem(part) for part in parts]
        weights = [FUNCTION * weight(part) if part in FUNCTION_WORDS else weight(part) for part in parts]
        self.sums = list(accumulate(weights, initial=0.0))
        """What the units before each place weigh."""
        self.worth = dict(zip(self.stems, weights, strict=True))
        """The weight of each different unit."""
        self.total = self.sums[-1] or 1.0
        self.pairs = set(pairwise(self.stems))
        pairs = sum([(a + b) ** 2 for a, b in pairwise(weights) if a and b]) / 4
        self.norm = sqrt(sum([w * w for w in self.worth.values()]) + PAIR * pairs) or 1.0

    def take_concepts(self, found: list[tuple[int, int, int]]) -> None:
        """Note where synonyms stand: first unit, last unit, number of the group."""
        self.concepts = {}
        for first, last, group in found:
            self.concepts.setdefault(group, []).append((first, last))
            worth = sum([self.worth[unit] for unit in set(self.stems[first : last + 1])])
            self.concept_worth[group] = max(worth, self.concept_worth.get(group, 0.0))
