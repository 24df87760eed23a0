"""What of a row does not depend on the query: its units, and how rare each is."""

from collections.abc import Callable
from itertools import accumulate, pairwise
from math import sqrt

from agent_assist.search import pinyin
from agent_assist.search.words import FUNCTION_WORD_WEIGHT, FUNCTION_WORDS, stem

PAIR = 0.5
"""What a pair of neighbours adds to the likeness of two texts, against its two members."""


class IndexedTitle:
    """A head (title, keywords, tags), ready to be aligned and compared."""

    __slots__ = (
        "norm",
        "others",
        "pairs",
        "places",
        "sounds",
        "stems",
        "synonym_weights",
        "synonyms",
        "total_weight",
        "units",
        "weight_before",
        "weights",
    )

    def __init__(self, units: list[str], weight: Callable[[str], float]) -> None:
        self.units = units
        self.places: dict[str, list[int]] = {}
        """Where each unit stands."""
        for place, unit in enumerate(units):
            if unit in self.places:
                self.places[unit].append(place)
            elif unit != "\n":
                self.places[unit] = [place]
        self.sounds: dict[str, list[int]] = {}
        """Where characters with one reading stand, by it."""
        others: list[str] = []
        readings = pinyin.readings()
        for unit, places in self.places.items():
            sounds = readings.get(unit, ())
            if len(sounds) != 1:
                others.append(unit)
            elif sounds[0] in self.sounds:
                self.sounds[sounds[0]] += places
            else:
                self.sounds[sounds[0]] = places[:]
        self.others = frozenset(others)
        """The units that are not in `sounds`."""
        self.synonyms: dict[int, list[tuple[int, int]]] | None = None
        """Where synonyms stand, by their groups; None until a query needs them."""
        self.synonym_weights: dict[int, float] = {}
        self.stems = [stem(unit) for unit in units]
        weights = [FUNCTION_WORD_WEIGHT * weight(unit) if unit in FUNCTION_WORDS else weight(unit) for unit in units]
        self.weight_before = list(accumulate(weights, initial=0.0))
        """What the units before each place weigh."""
        self.weights = dict(zip(self.stems, weights, strict=True))
        """The weight of each different unit."""
        self.total_weight = self.weight_before[-1] or 1.0
        self.pairs = set(pairwise(self.stems))
        pairs = sum([(a + b) ** 2 for a, b in pairwise(weights) if a and b]) / 4
        self.norm = sqrt(sum([w * w for w in self.weights.values()]) + PAIR * pairs) or 1.0
        """The length of the vector of units and pairs, for the cosine."""

    def set_synonyms(self, found: list[tuple[int, int, int]]) -> None:
        """Note where synonyms stand: first unit, last unit, number of the group."""
        self.synonyms = {}
        for first, last, group in found:
            self.synonyms.setdefault(group, []).append((first, last))
            weight = sum([self.weights[unit] for unit in set(self.stems[first : last + 1])])
            self.synonym_weights[group] = max(weight, self.synonym_weights.get(group, 0.0))
