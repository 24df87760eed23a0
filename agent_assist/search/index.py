"""The search index over phrases: one engine for every way of typing, without a mode.

Looking up keys (`keys`, `postings`) gives a hundred candidates; aligning them with the query (`align`) orders them
(`rank`). A phrase is indexed once for each of its languages; the best of them stands for it in the results.
"""

from collections.abc import Iterable, Mapping
from heapq import nlargest

import msgspec

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.align import Aligner, Segment
from agent_assist.search.keys import HAN, head_keys, text_keys, word_key
from agent_assist.search.normalise import UNIT, fold, fold_with_places, is_han, units, without_placeholders
from agent_assist.search.postings import Postings
from agent_assist.search.query import Query, character_keys, sound_keys, take_apart
from agent_assist.search.query import text_keys as wanted_in_text
from agent_assist.search.rank import Evidence
from agent_assist.search.vocabulary import Vocabulary

CANDIDATES = 80
LETTER = 1.2
"""Weight of one letter of a word that no head has."""

Span = tuple[int, int]


class Hit(msgspec.Struct, frozen=True):
    """A phrase that answers the query, the language in which it did, and where its title and text match."""

    phrase: Phrase
    lang: str
    score: float
    spans: tuple[Span, ...] = ()
    text_spans: tuple[Span, ...] = ()
    evidence: Evidence | None = None


class Index:
    """Phrases ready to be searched."""

    def __init__(self, phrases: Iterable[Phrase] = ()) -> None:
        self._rows: list[tuple[Phrase, str] | None] = []
        self._of_phrase: dict[str, list[int]] = {}
        self._postings = Postings()
        self._vocabulary = Vocabulary()
        words: set[str] = set()
        for phrase in phrases:
            words |= self._add(phrase)
        self._vocabulary.add(words)

    def _add(self, phrase: Phrase) -> set[str]:
        words: set[str] = set()
        rows = self._of_phrase.setdefault(phrase.id, [])
        for lang in dict.fromkeys((*phrase.title, *phrase.text)):
            row = len(self._rows)
            self._rows.append((phrase, lang))
            rows.append(row)
            head = units(head_of(phrase, lang))
            words.update(unit for unit in head if not is_han(unit) and unit != "\n")
            keys = head_keys(head)
            body = phrase.text.get(lang, "")
            if body:
                keys |= text_keys(units(fold(without_placeholders(body))))
            self._postings.add(row, keys)
        return words

    def search(self, query: str, limit: int = 10, lang: str | None = None) -> list[Hit]:
        """The phrases that answer the query, best first; with `lang`, only those that can be sent in it."""
        asked = take_apart(query)
        if not asked.tokens:
            return []
        head, most = self._postings.score(self._wanted(asked))
        text, most_text = self._postings.score(wanted_in_text(asked))
        rough = dict(head)
        for row, value in text.items():
            rough[row] = rough.get(row, 0.0) + 0.3 * value
        best = nlargest(CANDIDATES, rough.items(), key=lambda item: item[1])
        aligner = Aligner(asked, self._weights(asked))
        found: dict[str, Hit] = {}
        for row, _ in best:
            entry = self._rows[row]
            if entry is None or (lang is not None and lang not in entry[0].text):
                continue
            phrase, its_lang = entry
            parts = units(head_of(phrase, its_lang))
            gain, segments = aligner.align(parts)
            evidence = Evidence(
                aligned=gain / aligner.total,
                shared=head.get(row, 0.0) / most if most else 0.0,
                title=_typed_share(parts, segments),
                text=text.get(row, 0.0) / most_text if most_text else 0.0,
                whole=fold(phrase.title.get(its_lang, "")) == fold(query),
                named=_gained_in_title(parts, segments) / aligner.total,
            )
            hit = Hit(phrase, its_lang, evidence.score, _spans(phrase, its_lang, segments), (), evidence)
            if phrase.id not in found or found[phrase.id].score < hit.score:
                found[phrase.id] = hit
        return sorted(found.values(), key=lambda hit: (-hit.score, hit.phrase.id))[:limit]

    def _wanted(self, asked: Query) -> Mapping[int, float]:
        wanted = character_keys(asked)
        for key, share in sound_keys(asked).items():
            wanted[key] = max(wanted.get(key, 0.0), share)
        for token in asked.runs:
            for word, surely in self._vocabulary.meant(token.text).items():
                key = word_key(word)
                wanted[key] = max(wanted.get(key, 0.0), surely)
        return wanted

    def _weights(self, asked: Query) -> list[float]:
        weights: list[float] = []
        for token in asked.tokens:
            if token.han:
                weights.append(max(0.5, self._postings.weight(HAN | ord(token.text))))
            elif token.text in self._vocabulary:
                weights += [max(0.5, self._postings.weight(word_key(token.text))) / len(token.text)] * len(token.text)
            else:
                weights += [LETTER] * len(token.text)
        return weights


def head_of(phrase: Phrase, lang: str) -> str:
    """The folded title in this language, keywords and tags, each on its line."""
    return fold("\n".join((phrase.title.get(lang, ""), *phrase.keywords, *phrase.tags)))


def _typed_share(parts: list[str], segments: list[Segment]) -> float:
    covered = sum(s.last - s.first + 1 for s in segments)
    return covered / max(1, len(parts) - parts.count("\n"))


def _gained_in_title(parts: list[str], segments: list[Segment]) -> float:
    end = parts.index("\n") if "\n" in parts else len(parts)
    return sum(s.gain for s in segments if s.first < end)


def _spans(phrase: Phrase, lang: str, segments: list[Segment]) -> tuple[Span, ...]:
    title = phrase.title.get(lang, "")
    folded, places = fold_with_places(title)
    found = [m.span() for m in UNIT.finditer(folded) if m.group() != "\n"]
    spans: list[Span] = []
    for segment in sorted(segments, key=lambda s: s.first):
        if segment.first < len(found):
            start = places[found[segment.first][0]]
            end = places[found[min(segment.last, len(found) - 1)][1] - 1] + 1
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
    return tuple(spans)
