"""Orders the entries that share keys with the query by how well they explain it.

Each figure is between 0 and 1. `aligned`: how much of the query the entry explains (`align`). `shared`: how many of the
keys the query asks for the head holds. `alike`: the cosine of query and head over words, characters and neighbouring
pairs of them, which finds what is put in other words; `meant`: the same over synonyms. `typed`: how much of the entry
was typed, so that of two entries with all the words the shorter is first. `text`: what stands in the reply's text.
`begins`: people type a title from its start. The weights were fitted on halves of public question collections with
synthetic slips and checked on the others; `LONG_ADDS` is what they gain as a query grows from words to a sentence.
"""

from collections.abc import Iterable, Sequence
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
    "alike": 0.39,
    "meant": 0.01,
    "typed": 0.09,
    "rare": 0.05,
    "text": 0.17,
    "whole_text": 0.25,
    "rest": 0.47,
    "jumps": -0.13,
    "begins": 0.08,
}
LONG_ADDS = {
    "aligned": 0.05,
    "explained": 0.11,
    "shared": 0.03,
    "alike": 0.1,
    "meant": 0.12,
    "typed": 0.02,
    "rare": -0.07,
    "text": -0.21,
    "whole_text": 0.56,
    "rest": 0.08,
    "jumps": 0.08,
    "begins": -0.08,
}
LETTER = 1.2
"""Weight of one letter of a word that no head has."""
SYNONYM, LOOKED_UP = 0.7, 0.5
"""What a synonym explains of a word, and what it weighs in the lookup."""
MOSTLY = 0.8
"""The part of the query from which a word that no head has is looked up by its synonyms before all."""
ALONE = 0.4
"""The part of all keys that those of characters or of words must be to stand for the query alone."""
MOST_PER_LETTER = 2.0
"""A rare word of one or two letters is more often an abbreviation."""
LEAST = 0.5
"""Weight of a character or word that nearly every head has."""


class Words(Protocol):
    """What ranking asks of the index."""

    def count(self, key: int) -> int: ...
    def rarity(self, held: int) -> float: ...
    def weight(self, key: int) -> float: ...
    def unit_weight(self, unit: str) -> float: ...
    def meant(self, typed: str, *, unfinished: bool) -> dict[str, float]: ...


class Evidence(msgspec.Struct, frozen=True):
    """What speaks for one row; see the module for the figures."""

    aligned: float
    explained: float
    """How far more than half of the query is explained."""
    shared: float
    alike: float
    meant: float
    """As `alike`, by synonyms."""
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


class Judgement(NamedTuple):
    """The score of a row, the figures of its `Evidence`, and where it explains the query."""

    score: float
    figures: tuple[float, ...]
    segments: list[Segment]


class Ranking:
    """Judges rows for one query."""

    def __init__(self, asked: Query, words: Words, synonyms: Synonyms) -> None:
        self.asked = asked
        self.characters = {key: share * words.weight(key) for key, share in character_keys(asked).items()}
        for key, share in sound_keys(asked).items():
            self.characters[key] = max(self.characters.get(key, 0.0), share * words.weight(key))
        self.sounds = bool(asked.sounded)
        self.words = _word_weights(asked, words)
        self.text = {key: share * words.weight(key) for key, share in text_keys(asked).items()}
        self._most = sum(self.characters.values()) + sum(self.words.values()) or 1.0
        self._most_text = sum(self.text.values()) or 1.0
        self._sums = list(accumulate(_weights(asked, words), initial=0.0))
        self._moves = UnitMatcher(asked, self._sums)
        self._total = self._sums[-1] or 1.0
        starts = {token.start for token in asked.tokens if not token.glued}
        self._jumps = [JUMP_AT_SPACE if place in starts else JUMP for place in range(len(asked.text))]
        self._asked_units = {stem(t.text): t.loud * words.unit_weight(t.text) for t in asked.tokens}
        stems = [stem(t.text) for t in asked.tokens]
        self._asked_pairs = set(pairwise(stems))
        self._synonyms = synonyms
        self._concepts: dict[int, list[tuple[int, int]]] = {}
        self._asked_concepts: dict[int, float] = {}
        for first, last, group in synonyms.found(stems):
            self._concepts.setdefault(group, []).append((asked.tokens[first].start, asked.tokens[last].end))
            worth = sum({unit: self._asked_units[unit] for unit in stems[first : last + 1]}.values())
            self._asked_concepts[group] = max(worth, self._asked_concepts.get(group, 0.0))
            self._look_up(synonyms.keys(group), words, self._unheard(asked.tokens[first : last + 1]))
        self._most_characters = max(sum(self.characters.values()), ALONE * self._most)
        self._most_words = max(sum(self.words.values()), ALONE * self._most)
        heard = [self._asked_units[unit] for unit in stems]
        pairs = sum(((a + b) / 2) ** 2 for a, b in pairwise(heard))
        self._norm = sqrt(sum(w * w for w in self._asked_units.values()) + PAIR * pairs) or 1.0
        long = min(1.0, max(0.0, (len(asked.tokens) - 3) / 6))
        self._weighing = [
            WEIGHTS.get(name, 0.0) + long * LONG_ADDS.get(name, 0.0) for name in Evidence.__struct_fields__
        ]

    def _unheard(self, said: Sequence[Token]) -> float:
        """What the synonyms of this piece weigh at least: much when it is most of the query and stands in no head."""
        share = (self._sums[said[-1].end] - self._sums[said[0].start]) / self._total
        new = not any(token.han or token.text in self.asked.known for token in said)
        return SYNONYM * self._most if new and share > MOSTLY else 0.0

    def _look_up(self, keys: Iterable[tuple[int, float]], words: Words, least: float) -> None:
        for key, share in keys:
            if words.count(key):
                wanted = self.words if key >= WORD else self.characters
                wanted.setdefault(key, max(LOOKED_UP * words.weight(key), least) * share)

    def promise(self, by_characters: float, by_words: float, written: float) -> float:
        """About how well a row will do with keys of this weight; what was typed may be all sounds or all words."""
        either = max(by_characters / self._most_characters, by_words / self._most_words)
        both = min(1.0, (by_characters + by_words) / self._most)
        text = written / self._most_text
        return 0.5 * either + 0.5 * both + 0.3 * text + 2 * max(0.0, text - 0.8)

    def begins(self, unit: str) -> float:
        """What it counts that this first unit of a title may be the beginning of the query."""
        return self._weighing[-1] if self._moves.begin(unit) else 0.0

    def judge(self, entry: IndexedTitle, keyed: float, written: float) -> Judgement:
        """How well an entry does whose head and text hold keys of this weight."""
        gain, segments = align(self._moves.at(entry), self._jumps, self._meant(entry))
        covered = rare = jumps = begins = 0.0
        for segment in segments:
            if segment.start == segment.first == 0:
                begins = 1.0
            covered += segment.last - segment.first + 1
            rare += entry.sums[segment.last + 1] - entry.sums[segment.first]
            jumps += self._jumps[segment.start]
        aligned, text = gain / self._total, written / self._most_text
        figures = (
            aligned,
            max(0.0, aligned - 0.5) * 2,
            min(1.0, keyed / self._most),
            self._alike(entry),
            self._alike_in_meaning(entry),
            covered / len(entry.parts),
            rare / entry.total,
            text,
            max(0.0, text - 0.8) * 5,
            (1.0 - aligned) * text,
            jumps / self._total,
            begins,
        )
        return Judgement(sum(map(mul, self._weighing, figures)), figures, segments)

    def _meant(self, entry: IndexedTitle) -> dict[tuple[int, int], tuple[float, int, int]]:
        """Pieces of the query whose synonyms the entry uses."""
        if not self._concepts:
            return {}
        if entry.concepts is None:
            entry.take_concepts(self._synonyms.found(entry.stems))
        pieces = {}
        known = entry.concepts or {}
        for group, typed in self._concepts.items():
            if group in known:
                first, last = known[group][-1]
                for start, end in typed:
                    pieces[start, end] = ((self._sums[end] - self._sums[start]) * SYNONYM, first, last)
        return pieces

    def _alike(self, entry: IndexedTitle) -> float:
        asked = self._asked_units
        shared = asked.keys() & entry.worth.keys()
        if not shared:
            return 0.0
        dot = sum([asked[unit] * entry.worth[unit] for unit in shared])
        if len(shared) > 1:
            for pair in self._asked_pairs.intersection(entry.pairs):
                a, b = pair
                dot += PAIR * (asked[a] + asked[b]) * (entry.worth[a] + entry.worth[b]) / 4
        return dot / (self._norm * entry.norm)

    def _alike_in_meaning(self, entry: IndexedTitle) -> float:
        """As `_alike`, by the synonyms that both use; `_meant` saw the entry before."""
        asked, worth = self._asked_concepts, entry.concept_worth
        shared = asked.keys() & worth.keys()
        return sum([asked[group] * worth[group] for group in shared]) / (self._norm * entry.norm) if shared else 0.0


def _word_weights(asked: Query, words: Words) -> dict[int, float]:
    """Keys of the words that typed words may mean; together they weigh as one word that all their entries hold."""
    weights: dict[int, float] = {}
    for token in asked.runs:
        last = token is asked.tokens[-1]
        meant = {word_key(w): surely for w, surely in reversed(words.meant(token.text, unfinished=last).items())}
        weight = min(words.rarity(sum(map(words.count, meant))), MOST_PER_LETTER * len(token.text)) * token.loud
        for key, surely in meant.items():
            weights[key] = max(weights.get(key, 0.0), surely * weight)
    return weights


def _weights(asked: Query, words: Words) -> list[float]:
    weights: list[float] = []
    for token in asked.tokens:
        size = len(token.text)
        if token.han:
            weights.append(max(LEAST, words.unit_weight(token.text)) * token.loud)
        elif token.text in asked.known:
            weight = min(max(LEAST, words.unit_weight(token.text)), MOST_PER_LETTER * size)
            weights += [weight / size * token.loud] * size
        else:
            weights += [LETTER * token.loud] * size
    return weights
