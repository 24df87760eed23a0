"""The search index over phrases: one engine for every way of typing, without a mode.

Looking up keys (`keys`) gives candidates; aligning them with the query (`align`) orders them (`rank`). A phrase is
indexed once for each of its languages; the best of them stands for it in the results. A large book lives in a `Store`
that never changes; what is put or removed later lives in `Postings` beside it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nlargest
from itertools import islice
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.candidates import looked_up
from agent_assist.search.hit import Hit, head_of
from agent_assist.search.indexed_title import IndexedTitle
from agent_assist.search.keys import HAN, head_keys, shares, text_keys, word_key
from agent_assist.search.normalise import fold, is_han, units, without_placeholders, words
from agent_assist.search.postings import Postings
from agent_assist.search.query import take_apart
from agent_assist.search.rank import Judgement, Ranking
from agent_assist.search.signals import SINKS, Signals, usefulness
from agent_assist.search.synonyms import Synonyms

if TYPE_CHECKING:
    from agent_assist.search.array_postings import ArrayPostings

LARGE = 1500
"""Rows from which numpy, slow to import, is worth it."""

LOOKED_OVER = 5000
"""How many phrases of a large book an empty query looks at, beside those used or pinned."""
KEPT = 4096
"""Rows, words and weights that are kept ready; neighbouring keystrokes ask for much the same ones."""

JUDGED, JUDGED_OF_MANY, JUDGED_OF_LONG = 12, 60, 16
"""How many rows, of those that promise most, are compared exactly in a small and in a large book, and for a message."""
SUNK_BELOW = 100
"""Answers among which those sink that may not be said now, so that few asked for are not all of them."""
LONG = 12
"""Characters and words from which a query names so much that promises hardly err."""
ENOUGH, ALL_EXPLAINED = 8, 0.9
"""When so many rows explain so much of the query, none behind them explains more."""
WORTH_JUDGING = 0.2
"""The part of the best promise below which a row has never won."""
USUAL = 5.0
"""An idf that stays as it is; the power above it sharpens the difference between rare and common (fitted)."""


class Index:
    """Phrases ready to be searched."""

    def __init__(
        self,
        phrases: Iterable[Phrase] = (),
        *,
        synonyms: Synonyms | None = None,
        cache: Path | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`cache` is a folder where the index of a large book waits for the next start; `progress` hears how many rows
        of one are done."""
        self._phrases: list[Phrase] = []
        self._langs: list[str] = []
        """A row is one language of one phrase."""
        self._first_units: dict[int, str] = {}
        """What titles begin with, of the rows that are not in the store."""
        self._synonyms = synonyms or Synonyms()
        self._first_row: dict[str, int] = {}
        self._entries: dict[int, IndexedTitle] = {}
        self._key_weights: dict[int, float] = {}
        self._unit_weights: dict[str, float] = {"\n": 0.0}
        self._meant: dict[tuple[str, bool], dict[str, float]] = {}
        self._note(phrases)
        self._store: ArrayPostings | None = None
        if len(self._phrases) >= LARGE:
            self._store = self._large(cache, progress)
        self._fresh = Postings(len(self._phrases) if self._store else 0)
        if not self._store:
            self._take_in(0)

    def _large(self, cache: Path | None, progress: Callable[[int], None]) -> "ArrayPostings":
        from agent_assist.search import array_postings

        def build() -> array_postings.ArrayPostings:
            return array_postings.ArrayPostings.of(map(_words_of, self._phrases, self._langs), progress)

        if cache is None:
            return build()
        from agent_assist.search.cache import digest, opened

        return opened(cache, digest(self._phrases), build)

    def _note(self, phrases: Iterable[Phrase]) -> None:
        noted, langs = self._phrases, self._langs
        for phrase in phrases:
            self._first_row[phrase.id] = len(noted)
            title, text = phrase.title, phrase.text
            for lang in title if title.keys() >= text.keys() else dict.fromkeys((*title, *text)):
                noted.append(phrase)
                langs.append(lang)

    def _take_in(self, first: int) -> None:
        known: set[str] = set()
        for row in range(first, len(self._phrases)):
            head, text = _words_of(self._phrases[row], self._langs[row])
            known.update(words(head))
            self._first_units[row] = next(iter(units(head)), "\n")
            self._fresh.add(row, head_keys(head) | text_keys(text), shares(head, text))
        self._fresh.vocabulary.add(known)

    def __len__(self) -> int:
        return len(self._first_row)

    def put(self, phrase: Phrase) -> None:
        """Add a phrase, or take its new version instead of the old; the next search sees it."""
        self.remove(phrase.id)
        first = len(self._phrases)
        for known in (self._entries, self._key_weights, self._unit_weights, self._meant):
            known.clear()
        self._unit_weights["\n"] = 0.0
        self._note([phrase])
        self._take_in(first)

    def remove(self, phrase_id: str) -> None:
        """Leave a phrase out from now on; one that is not there is no error."""
        first = self._first_row.pop(phrase_id, None)
        while first is not None and first < len(self._phrases) and self._phrases[first].id == phrase_id:
            if self._store and first < self._fresh.first:
                self._store.removed[first] = True
            else:
                self._fresh.removed.add(first)
            first += 1

    def count(self, key: int) -> int:
        """How many rows hold the key."""
        return self._fresh.count(key) + (self._store.count(key) if self._store else 0)

    def rarity(self, held: int) -> float:
        """How much a match says that so many rows share (BM25's idf)."""
        sharpened: float = USUAL * (log(1 + (max(0, len(self._phrases) - held) + 0.5) / (held + 0.5)) / USUAL) ** 1.5
        return sharpened

    def weight(self, key: int) -> float:
        """How much a match of this key says: high when few rows hold it."""
        known = self._key_weights.get(key)
        if known is None:
            _make_room(self._key_weights)
            known = self._key_weights[key] = self.rarity(self.count(key))
        return known

    def unit_weight(self, unit: str) -> float:
        """The weight of a character or word of a head."""
        known = self._unit_weights.get(unit)
        if known is None:
            known = self._unit_weights[unit] = self.weight(HAN | ord(unit) if is_han(unit) else word_key(unit))
        return known

    def meant(self, typed: str, *, unfinished: bool) -> dict[str, float]:
        """Words in titles, keywords and tags that a typed word may mean, with how surely."""
        known = self._meant.get((typed, unfinished))
        if known is None:
            _make_room(self._meant)
            known = self._fresh.vocabulary.meant(typed, unfinished=unfinished, rarity=self.unit_weight)
            if self._store:
                for word, surely in self._store.vocabulary.meant(
                    typed, unfinished=unfinished, rarity=self.unit_weight
                ).items():
                    known[word] = max(surely, known.get(word, 0.0))
            self._meant[typed, unfinished] = known
        return known

    def knows(self, word: str) -> bool:
        """Whether the word stands in a title, keyword or tag."""
        return word in self._fresh.vocabulary or (self._store is not None and word in self._store.vocabulary)

    def search(
        self, query: str, limit: int = 10, lang: str | None = None, *, signals: Signals | None = None
    ) -> list[Hit]:
        """The phrases that answer the query, best first; with `lang`, only those that can be sent in it.

        An empty query finds what `signals` say is most useful now.
        """
        asked = take_apart(query, self.knows)
        if not asked.tokens:
            return self._useful(signals, limit, lang) if signals and not query.strip() else []
        ranking = Ranking(asked, self, self._synonyms)
        chosen = signals.chosen_for(query) if signals else {}
        found: dict[str, Candidate] = {}
        for row, by_characters, by_words, written in self._candidates(ranking):
            phrase = self._phrases[row]
            if lang is not None and lang not in phrase.text:
                continue
            said = signals.of(phrase, chosen) if signals else {}
            promise = ranking.promise(by_characters, by_words, written) + sum(said.values())
            if row in self._first_units:
                promise += ranking.begins(self._first_units[row])
            rival = found.get(phrase.id)
            if rival is None or rival.promise < promise:
                found[phrase.id] = Candidate(promise, row, by_characters + by_words, written, said)
        hits = self._judged(ranking, list(found.values()), max(limit, SUNK_BELOW if signals else 0))
        return (_by_stage(hits, query, signals) if signals else hits)[:limit]

    def _judged(self, ranking: Ranking, found: list["Candidate"], limit: int) -> list[Hit]:
        """The candidates as hits: those that promise most by how they are judged, then the others as they are."""
        found.sort(key=lambda one: (-one.promise, self._phrases[one.row].id))
        most = (
            JUDGED if self._store is None else JUDGED_OF_MANY if len(ranking.asked.tokens) <= LONG else JUDGED_OF_LONG
        )
        hits, explained = [], 0
        for one in found[:most]:
            if explained == ENOUGH or one.promise < WORTH_JUDGING * found[0].promise:
                break
            judgement = self._judgement(ranking, one)
            explained += judgement.figures[0] > ALL_EXPLAINED
            hits.append(self._hit(ranking, one, judgement.score + sum(one.said.values()), judgement))
        hits.sort(key=lambda hit: (-hit.score, hit.phrase.id))
        least = hits[-1].score / found[len(hits) - 1].promise if hits else 0.0
        hits += [self._hit(ranking, one, one.promise * least) for one in found[len(hits) : limit]]
        return hits[:limit]

    def _judgement(self, ranking: Ranking, one: "Candidate") -> Judgement:
        return ranking.judge(self._entry(one.row), one.keyed, one.written)

    def _useful(self, signals: Signals, limit: int, lang: str | None) -> list[Hit]:
        known = [self._first_row[phrase_id] for phrase_id in signals.known() if phrase_id in self._first_row]
        rows = dict.fromkeys((*known, *islice(self._first_row.values(), LOOKED_OVER)))
        phrases = [self._phrases[row] for row in rows if lang is None or lang in self._phrases[row].text]
        best = nlargest(limit, phrases, key=lambda phrase: usefulness(phrase, signals))
        own = signals.moment.lang
        return [
            Hit(
                phrase,
                own if own in phrase.title else next(iter(phrase.title or phrase.text)),
                usefulness(phrase, signals),
                signals=signals.of(phrase, {}),
            )
            for phrase in best
        ]

    def _candidates(self, ranking: Ranking) -> Iterator[tuple[int, float, float, float]]:
        yield from looked_up(self._fresh, ranking)
        if self._store:
            yield from looked_up(self._store, ranking)

    def _entry(self, row: int) -> IndexedTitle:
        known = self._entries.get(row)
        if known is None:
            _make_room(self._entries)
            known = self._entries[row] = IndexedTitle(
                units(head_of(self._phrases[row], self._langs[row])), self.unit_weight
            )
        return known

    def _hit(self, ranking: Ranking, one: "Candidate", score: float, judgement: Judgement | None = None) -> Hit:
        phrase, lang = self._phrases[one.row], self._langs[one.row]
        return Hit(
            phrase,
            lang,
            score,
            signals=one.said,
            query=ranking.asked,
            judge=lambda: judgement or self._judgement(ranking, one),
        )


def _by_stage(hits: list[Hit], query: str, signals: Signals) -> list[Hit]:
    """What may not be said at this stage lower down, and never first; but a title that was typed whole is meant."""
    typed = fold(query).strip()

    def sinks(hit: Hit) -> bool:
        names = (hit.phrase.id, *(fold(title).strip() for title in hit.phrase.title.values()))
        return signals.sinks(hit.phrase) > 0 and typed not in names

    sinking = {hit.phrase.id for hit in hits if sinks(hit)}
    for hit in hits:
        hit.score -= SINKS * (hit.phrase.id in sinking)
    hits.sort(key=lambda hit: (-hit.score, hit.phrase.id))
    first = next((place for place, hit in enumerate(hits) if hit.phrase.id not in sinking), 0)
    return [hits[first], *hits[:first], *hits[first + 1 :]] if sinking else hits


class Candidate(NamedTuple):
    """A row worth judging, with what the wanted keys weigh that its head and text hold, and what else speaks for it."""

    promise: float
    row: int
    keyed: float
    written: float
    said: Mapping[str, float]


def _make_room(known: dict[Any, Any]) -> None:
    if len(known) > KEPT:
        known.clear()


def _words_of(phrase: Phrase, lang: str) -> tuple[str, str]:
    return head_of(phrase, lang), fold(without_placeholders(phrase.text.get(lang, "")))
