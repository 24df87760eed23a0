"""Orders the entries that share keys with the query by how well they explain it.

Each figure of `Evidence` is between 0 and 1. `aligned`: how much of the query the entry explains (`align`). `shared`:
how many of the keys the query asks for the head holds. `cosine`: of query and head over words, characters and
neighbouring pairs of them, which finds what is put in other words; `synonym_cosine`: the same over synonyms. `typed`:
how much of the entry was typed, so that of two entries with all the words the shorter is first. `text`: what stands in
the reply's text. `begins`: people type a title from its start. `WEIGHTS` were fitted on halves of public question
collections with synthetic slips and checked on the others; `LONG_QUERY_WEIGHTS` is what they gain as a query grows from
words to a sentence.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from math import sqrt
from operator import mul
from typing import NamedTuple, Protocol

import msgspec

from agent_assist.search.align import JUMP, JUMP_AT_SPACE, Segment, align
from agent_assist.search.indexed_title import PAIR, IndexedTitle
from agent_assist.search.keys import WORD, word_key
from agent_assist.search.query import Query, Token, character_keys, sound_keys, text_keys
from agent_assist.search.synonyms import Synonyms
from agent_assist.search.unit_match import UnitMatcher
from agent_assist.search.words import stem

WEIGHTS = {
    "aligned": 0.75,
    "explained": 1.18,
    "shared": 0.45,
    "cosine": 0.39,
    "synonym_cosine": 0.01,
    "typed": 0.09,
    "rare": 0.05,
    "text": 0.17,
    "whole_text": 0.25,
    "rest": 0.47,
    "jumps": -0.13,
    "begins": 0.08,
}
LONG_QUERY_WEIGHTS = {
    "aligned": 0.05,
    "explained": 0.11,
    "shared": 0.03,
    "cosine": 0.1,
    "synonym_cosine": 0.12,
    "typed": 0.02,
    "rare": -0.07,
    "text": -0.21,
    "whole_text": 0.56,
    "rest": 0.08,
    "jumps": 0.08,
    "begins": -0.08,
}
UNKNOWN_LETTER_WEIGHT = 1.2
"""Weight of one letter of a word that no head has."""
SYNONYM, SYNONYM_LOOKUP = 0.7, 0.5
"""What a synonym explains of a word, and what it weighs in the lookup."""
MOST_OF_QUERY = 0.8
"""The part of the query from which a word that no head has is looked up by its synonyms before all."""
MIN_SHARE_ALONE = 0.4
"""The part of all keys that those of characters or of words must be to stand for the query alone."""
MAX_WEIGHT_PER_LETTER = 2.0
"""A rare word of one or two letters is more often an abbreviation."""
MIN_WEIGHT = 0.5
"""Weight of a character or word that nearly every head has."""


class TermStats(Protocol):
    """What ranking needs to know of the index."""

    def count(self, key: int) -> int: ...
    def idf(self, held: int) -> float: ...
    def weight(self, key: int) -> float: ...
    def unit_weight(self, unit: str) -> float: ...
    def expand(self, typed: str, *, unfinished: bool) -> dict[str, float]: ...


class Evidence(msgspec.Struct, frozen=True):
    """The figures that the score of one row is made of; see the module."""

    aligned: float
    explained: float
    """How far more than half of the query is explained."""
    shared: float
    cosine: float
    synonym_cosine: float
    """As `cosine`, by synonyms."""
    typed: float
    rare: float
    """As `typed`, rare words counting more."""
    text: float
    whole_text: float
    """How near the text comes to holding everything."""
    rest: float
    """What the text holds where the head explains nothing."""
    jumps: float
    """How scattered the explanation is: what its segments cost."""
    begins: float
    """Whether the beginning of the query is that of the title: people type what they know from its start."""


class Match(NamedTuple):
    """The score of a row, the figures of its `Evidence`, and where it explains the query."""

    score: float
    figures: tuple[float, ...]
    segments: list[Segment]


class Ranking:
    """Scores rows for one query."""

    def __init__(self, query: Query, stats: TermStats, synonyms: Synonyms) -> None:
        self.query = query
        self.characters = {key: share * stats.weight(key) for key, share in character_keys(query).items()}
        for key, share in sound_keys(query).items():
            self.characters[key] = max(self.characters.get(key, 0.0), share * stats.weight(key))
        self.has_pinyin = bool(query.pinyin_runs)
        self.words = _word_weights(query, stats)
        self.text = {key: share * stats.weight(key) for key, share in text_keys(query).items()}
        self._max_head_weight = sum(self.characters.values()) + sum(self.words.values()) or 1.0
        self._max_text_weight = sum(self.text.values()) or 1.0
        self._weight_before = list(accumulate(_position_weights(query, stats), initial=0.0))
        """The weight of the query before each position."""
        self._total_weight = self._weight_before[-1] or 1.0
        self._matcher = UnitMatcher(query, self._weight_before)
        starts = {token.start for token in query.tokens if not token.is_glued}
        self._jump_costs = [JUMP_AT_SPACE if place in starts else JUMP for place in range(len(query.text))]
        stems = [stem(token.text) for token in query.tokens]
        self._query_units = {stem(t.text): t.weight * stats.unit_weight(t.text) for t in query.tokens}
        self._query_pairs = set(pairwise(stems))
        self._synonyms = synonyms
        self._synonym_places: dict[int, list[tuple[int, int]]] = {}
        """From where to where in the query a term of each group of synonyms stands."""
        self._synonym_weights: dict[int, float] = {}
        self._add_synonyms(stems, stats)
        self._max_character_weight = max(sum(self.characters.values()), MIN_SHARE_ALONE * self._max_head_weight)
        self._max_word_weight = max(sum(self.words.values()), MIN_SHARE_ALONE * self._max_head_weight)
        self._query_norm = self._norm(stems)
        self._figure_weights = _figure_weights(len(query.tokens))

    def _add_synonyms(self, stems: list[str], stats: TermStats) -> None:
        """Look up the keys of the synonyms of every term in the query, too."""
        tokens = self.query.tokens
        for first, last, group in self._synonyms.found(stems):
            self._synonym_places.setdefault(group, []).append((tokens[first].start, tokens[last].end))
            weight = sum({unit: self._query_units[unit] for unit in stems[first : last + 1]}.values())
            self._synonym_weights[group] = max(weight, self._synonym_weights.get(group, 0.0))
            least = self._min_synonym_weight(tokens[first : last + 1])
            for key, share in self._synonyms.keys(group):
                if stats.count(key):
                    keys = self.words if key >= WORD else self.characters
                    keys.setdefault(key, max(SYNONYM_LOOKUP * stats.weight(key), least) * share)

    def _min_synonym_weight(self, term: Sequence[Token]) -> float:
        """Return the least weight of the synonyms of a term: high when it is most of the query and in no head."""
        share = (self._weight_before[term[-1].end] - self._weight_before[term[0].start]) / self._total_weight
        is_unknown = not any(token.is_han or token.text in self.query.known for token in term)
        return SYNONYM * self._max_head_weight if is_unknown and share > MOST_OF_QUERY else 0.0

    def _norm(self, stems: list[str]) -> float:
        """Return the length of the query's vector of units and pairs, for the cosine."""
        weights = [self._query_units[unit] for unit in stems]
        pairs = sum(((a + b) / 2) ** 2 for a, b in pairwise(weights))
        return sqrt(sum(w * w for w in self._query_units.values()) + PAIR * pairs) or 1.0

    def estimate(self, by_characters: float, by_words: float, text_weight: float) -> float:
        """Cheap upper estimate of `score`, used to choose rows for exact scoring.

        The arguments are the weights of the keys that a row's head and text hold. What was typed may be all sounds or
        all words, so that either alone can stand for the query.
        """
        either = max(by_characters / self._max_character_weight, by_words / self._max_word_weight)
        both = min(1.0, (by_characters + by_words) / self._max_head_weight)
        text = text_weight / self._max_text_weight
        return 0.5 * either + 0.5 * both + 0.3 * text + 2 * max(0.0, text - 0.8)

    def bonus_at_start(self, unit: str) -> float:
        """Return what it adds to the score that this first unit of a title may be the beginning of the query."""
        return self._figure_weights[-1] if self._matcher.can_start(unit) else 0.0

    def score(self, title: IndexedTitle, head_weight: float, text_weight: float) -> Match:
        """Score exactly an entry whose head and text hold keys of this weight."""
        gain, segments = align(self._matcher.moves(title), self._jump_costs, self._synonym_pieces(title))
        covered = rare = jumps = begins = 0.0
        for segment in segments:
            if segment.start == segment.first == 0:
                begins = 1.0
            covered += segment.last - segment.first + 1
            rare += title.weight_before[segment.last + 1] - title.weight_before[segment.first]
            jumps += self._jump_costs[segment.start]
        aligned, text = gain / self._total_weight, text_weight / self._max_text_weight
        figures = (
            aligned,
            max(0.0, aligned - 0.5) * 2,
            min(1.0, head_weight / self._max_head_weight),
            self._cosine(title),
            self._synonym_cosine(title),
            covered / len(title.units),
            rare / title.total_weight,
            text,
            max(0.0, text - 0.8) * 5,
            (1.0 - aligned) * text,
            jumps / self._total_weight,
            begins,
        )
        return Match(sum(map(mul, self._figure_weights, figures)), figures, segments)

    def _synonym_pieces(self, title: IndexedTitle) -> dict[tuple[int, int], tuple[float, int, int]]:
        """Return pieces of the query whose synonyms the entry uses, with the gain and the units that explain them."""
        if not self._synonym_places:
            return {}
        if title.synonyms is None:
            title.set_synonyms(self._synonyms.found(title.stems))
        places_in_title = title.synonyms or {}
        pieces = {}
        for group, places in self._synonym_places.items():
            if group in places_in_title:
                first, last = places_in_title[group][-1]
                for start, end in places:
                    gain = (self._weight_before[end] - self._weight_before[start]) * SYNONYM
                    pieces[start, end] = (gain, first, last)
        return pieces

    def _cosine(self, title: IndexedTitle) -> float:
        query, weights = self._query_units, title.weights
        shared = query.keys() & weights.keys()
        if not shared:
            return 0.0
        dot = sum([query[unit] * weights[unit] for unit in shared])
        if len(shared) > 1:
            for pair in self._query_pairs.intersection(title.pairs):
                a, b = pair
                dot += PAIR * (query[a] + query[b]) * (weights[a] + weights[b]) / 4
        return dot / (self._query_norm * title.norm)

    def _synonym_cosine(self, title: IndexedTitle) -> float:
        """As `_cosine`, by the synonyms that both use. Call `_synonym_pieces` first: it finds those of the title."""
        query, weights = self._synonym_weights, title.synonym_weights
        shared = query.keys() & weights.keys()
        dot = sum([query[group] * weights[group] for group in shared])
        return dot / (self._query_norm * title.norm) if shared else 0.0


def _figure_weights(tokens: int) -> list[float]:
    """Return the weights of the figures of `Evidence`, in their order, for a query of so many tokens."""
    length = min(1.0, max(0.0, (tokens - 3) / 6))
    return [WEIGHTS.get(name, 0.0) + length * LONG_QUERY_WEIGHTS.get(name, 0.0) for name in Evidence.__struct_fields__]


def _word_weights(query: Query, stats: TermStats) -> dict[int, float]:
    """Return the keys of the words that typed words may mean; together they weigh as one word."""
    weights: dict[int, float] = {}
    for token in query.runs:
        expanded = stats.expand(token.text, unfinished=token is query.tokens[-1])
        fidelities = {word_key(word): fidelity for word, fidelity in reversed(expanded.items())}
        idf = stats.idf(sum(map(stats.count, fidelities)))
        weight = min(idf, MAX_WEIGHT_PER_LETTER * len(token.text)) * token.weight
        for key, fidelity in fidelities.items():
            weights[key] = max(weights.get(key, 0.0), fidelity * weight)
    return weights


def _position_weights(query: Query, stats: TermStats) -> list[float]:
    """Return the weight of each character of the query; that of a known word is shared out to its letters."""
    weights: list[float] = []
    for token in query.tokens:
        size = len(token.text)
        if token.is_han:
            weights.append(max(MIN_WEIGHT, stats.unit_weight(token.text)) * token.weight)
        elif token.text in query.known:
            weight = min(max(MIN_WEIGHT, stats.unit_weight(token.text)), MAX_WEIGHT_PER_LETTER * size)
            weights += [weight / size * token.weight] * size
        else:
            weights += [UNKNOWN_LETTER_WEIGHT * token.weight] * size
    return weights
