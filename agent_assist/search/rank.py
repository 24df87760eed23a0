"""Orders the entries that share keys with the query by how well they explain it.

Each figure is between 0 and 1. `aligned`: how much of the query the entry explains (`align`). `shared`: how many of the
keys the query asks for the head holds. `alike`: the cosine of query and head over words, characters and neighbouring
pairs of them, which finds what is put in other words. `typed`: how much of the entry was typed, so that of two entries
with all the words the shorter is first. `text`: what stands in the reply's text. The weights were fitted on public
question collections and synthetic slips; `LONG_ADDS` is what they gain as a query grows from words to a sentence.
"""

from itertools import accumulate
from math import sqrt
from typing import Protocol

import msgspec

from agent_assist.search.align import JUMP, Segment, align
from agent_assist.search.keys import HAN, word_key
from agent_assist.search.moves import Moves
from agent_assist.search.normalise import is_han
from agent_assist.search.query import Query, character_keys, sound_keys, text_keys
from agent_assist.search.words import stem

WEIGHTS = {
    "aligned": 0.78,
    "shared": 0.42,
    "alike": 0.2,
    "typed": 0.1,
    "rare": 0.05,
    "text": 0.4,
    "whole": 0.02,
    "named": 0.02,
    "rest": 0.25,
}
LONG_ADDS = {"alike": 0.12, "shared": -0.04, "aligned": -0.04, "rest": 0.05}
LETTER = 1.2
"""Weight of one letter of a word that no head has."""
LEAST = 0.5
"""Weight of a character or word that nearly every head has."""
PAIR = 0.5
"""What a pair of neighbours adds to the likeness, against its two members."""


class Words(Protocol):
    """What ranking asks of the index."""

    def count(self, key: int) -> int: ...
    def rarity(self, held: int) -> float: ...
    def weight(self, key: int) -> float: ...
    def meant(self, typed: str, *, unfinished: bool) -> dict[str, float]: ...


class Evidence(msgspec.Struct, frozen=True):
    """What speaks for one row; see the module for the figures."""

    aligned: float
    shared: float
    alike: float
    typed: float
    rare: float
    text: float
    whole: float
    named: float
    """As `aligned`, by the title alone."""
    jumps: float
    """How scattered the explanation is: what its segments cost."""
    rest: float
    """What the text holds where the head explains nothing."""


class Ranking:
    """Judges rows for one query."""

    def __init__(self, asked: Query, words: Words) -> None:
        self._folded = asked.text
        self._words = words
        self.head = {key: share * words.weight(key) for key, share in character_keys(asked).items()}
        for key, share in sound_keys(asked).items():
            self.head[key] = max(self.head.get(key, 0.0), share * words.weight(key))
        self.head.update(_word_weights(asked, words))
        self.text = {key: share * words.weight(key) for key, share in text_keys(asked).items()}
        self._most = sum(self.head.values()) or 1.0
        self._most_text = sum(self.text.values()) or 1.0
        self._moves = Moves(asked)
        self._sums = list(accumulate(_weights(asked, words), initial=0.0))
        self._total = self._sums[-1] or 1.0
        self._units: dict[str, tuple[float, float]] = {"\n": (0.0, 0.0)}
        self._asked_units = {stem(t.text): t.loud for t in asked.tokens}
        self._asked_pairs = {(stem(a.text), stem(b.text)) for a, b in zip(asked.tokens, asked.tokens[1:], strict=False)}
        own = [self._unit(t.text) for t in asked.tokens]
        self._norm = sqrt(
            sum(q * w for w, q in set(zip((w for w, _ in own), (q for _, q in own), strict=True)))
            + sum(PAIR * (q + r) * (w + v) / 4 for (w, q), (v, r) in zip(own, own[1:], strict=False))
        ) or 1.0
        long = min(1.0, max(0.0, (len(asked.tokens) - 3) / 6))
        self._weighing = {name: weight + long * LONG_ADDS.get(name, 0.0) for name, weight in WEIGHTS.items()}

    def judge(self, parts: list[str], named: float, written: float) -> tuple[float, Evidence, list[Segment]]:
        """The score of a row with these units in its head, whose head and text hold keys of this weight."""
        gain, segments = align(parts, self._moves, self._sums)
        units = self._units
        weights = [(units.get(part) or self._unit(part))[0] for part in parts]
        title_end = parts.index("\n") if "\n" in parts else len(parts)
        aligned, text = gain / self._total, written / self._most_text
        evidence = Evidence(
            aligned=aligned,
            shared=named / self._most,
            alike=self._alike(parts),
            typed=sum(s.last - s.first + 1 for s in segments) / max(1, len(parts) - parts.count("\n")),
            rare=sum(sum(weights[s.first : s.last + 1]) for s in segments) / (sum(weights) or 1.0),
            text=text,
            whole=float("".join(parts[:title_end]) == self._folded),
            named=sum(s.gain for s in segments if s.first < title_end) / self._total,
            jumps=len(segments) * JUMP / self._total,
            rest=max(0.0, 1.0 - aligned) * text,
        )
        return sum(w * getattr(evidence, name) for name, w in self._weighing.items()), evidence, segments

    def _alike(self, parts: list[str]) -> float:
        dot = norm = 0.0
        before, weight_before, asked_before = "", 0.0, 0.0
        seen = set()
        for part in parts:
            weight, asked = self._units[part]
            if part not in seen:
                seen.add(part)
                norm += weight * weight
                dot += asked * weight
            norm += PAIR * ((weight_before + weight) / 2) ** 2
            if asked and asked_before and (before, stem(part)) in self._asked_pairs:
                dot += PAIR * (asked_before + asked) * (weight_before + weight) / 4
            before, weight_before, asked_before = stem(part), weight, asked
        return dot / (self._norm * sqrt(norm)) if norm else 0.0

    def _unit(self, unit: str) -> tuple[float, float]:
        """The weight of a unit of an entry, and the weight the query gives it."""
        weight = self._words.weight(HAN | ord(unit) if is_han(unit) else word_key(unit))
        self._units[unit] = known = weight, weight * self._asked_units.get(stem(unit), 0.0)
        return known


def _word_weights(asked: Query, words: Words) -> dict[int, float]:
    """Keys of the words that typed words may mean; together they weigh as one word that all their entries hold."""
    weights: dict[int, float] = {}
    for token in asked.runs:
        last = token is asked.tokens[-1]
        meant = {word_key(w): surely for w, surely in reversed(words.meant(token.text, unfinished=last).items())}
        weight = words.rarity(sum(map(words.count, meant))) * token.loud
        for key, surely in meant.items():
            weights[key] = max(weights.get(key, 0.0), surely * weight)
    return weights


def _weights(asked: Query, words: Words) -> list[float]:
    weights: list[float] = []
    for token in asked.tokens:
        size = len(token.text)
        if token.han:
            weights.append(max(LEAST, words.weight(HAN | ord(token.text))) * token.loud)
        elif token.text in asked.known:
            weights += [max(LEAST, words.weight(word_key(token.text))) / size * token.loud] * size
        else:
            weights += [LETTER * token.loud] * size
    return weights
