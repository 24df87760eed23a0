"""The search index over phrases: one engine for every way of typing, without a mode.

Looking up keys (`keys`) gives candidates; aligning them with the query (`align`) orders them (`rank`). A phrase is
indexed once for each of its languages; the best of them stands for it in the results. A large book lies in
`ArrayPostings` that never change; what is put or removed later lies in `Postings`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import nlargest
from itertools import islice
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.candidates import candidate_rows
from agent_assist.search.hit import Hit, head_of
from agent_assist.search.indexed_title import IndexedTitle
from agent_assist.search.keys import HAN, head_keys, length_norm, text_keys, word_key
from agent_assist.search.normalise import fold, is_han, units, without_placeholders, words
from agent_assist.search.postings import Postings
from agent_assist.search.query import parse_query
from agent_assist.search.rank import Match, Ranking
from agent_assist.search.signals import STAGE_PENALTY, Signals, usefulness
from agent_assist.search.synonyms import Synonyms

if TYPE_CHECKING:
    from agent_assist.search.array_postings import ArrayPostings

NUMPY_FROM_ROWS = 1500
"""Rows from which numpy, slow to import, is worth it."""

MAX_ROWS_WITHOUT_QUERY = 5000
"""How many phrases of a large book an empty query looks at, besides those used or pinned."""

MAX_CACHED = 4096
"""Rows, words and weights that are kept ready; neighbouring keystrokes ask for much the same ones."""

SCORED_ROWS, SCORED_ROWS_OF_LARGE, SCORED_ROWS_OF_LONG_QUERY = 12, 60, 16
"""Rows, those of the highest estimates, that are scored exactly in a small and in a large book, and for a message."""

MIN_ROWS_BY_STAGE = 100
"""Hits that are ordered by the stage of the incident before `limit` cuts them: of fewer, all could be unfit."""

LONG_QUERY_TOKENS = 12
"""Characters and words from which a query names so much that estimates hardly err."""

ENOUGH_EXPLAINED, FULLY_EXPLAINED = 8, 0.9
"""When so many rows explain so much of the query, none behind them explains more."""

MIN_ESTIMATE_SHARE = 0.2
"""The part of the best estimate below which a row has never won."""

USUAL_IDF = 5.0
"""An idf that stays as it is; the power above it sharpens the difference between rare and common (fitted)."""


class Candidate(NamedTuple):
    """A row to score."""

    estimate: float
    row: int
    head_weight: float
    """What the keys of the query weigh that its head holds."""
    text_weight: float
    """The same of its text."""
    signal_scores: Mapping[str, float]


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
        """`cache` is a folder where the index of a large book waits for the next start; `progress` is called with the
        number of its rows that are done."""
        self._phrases: list[Phrase] = []
        self._langs: list[str] = []
        """A row is one language of one phrase."""
        self._first_units: dict[int, str] = {}
        """What titles begin with, of the rows in `_added`."""
        self._synonyms = synonyms or Synonyms()
        self._first_row: dict[str, int] = {}
        self._titles: dict[int, IndexedTitle] = {}
        self._key_weights: dict[int, float] = {}
        self._unit_weights: dict[str, float] = {"\n": 0.0}
        self._expanded: dict[tuple[str, bool], dict[str, float]] = {}
        self._append_rows(phrases)
        self._arrays: ArrayPostings | None = None
        if len(self._phrases) >= NUMPY_FROM_ROWS:
            self._arrays = self._open_arrays(cache, progress)
        self._added = Postings(len(self._phrases) if self._arrays else 0)
        if not self._arrays:
            self._index_rows(0)

    def _open_arrays(self, cache: Path | None, progress: Callable[[int], None]) -> "ArrayPostings":
        from agent_assist.search import array_postings  # with numpy, only for a large book

        def build() -> array_postings.ArrayPostings:
            return array_postings.ArrayPostings.of(map(_head_and_text, self._phrases, self._langs), progress)

        if cache is None:
            return build()
        from agent_assist.search.cache import digest, load_or_build  # with numpy, only for a large book

        return load_or_build(cache, digest(self._phrases), build)

    def _append_rows(self, phrases: Iterable[Phrase]) -> None:
        rows, langs = self._phrases, self._langs
        for phrase in phrases:
            self._first_row[phrase.id] = len(rows)
            title, text = phrase.title, phrase.text
            for lang in title if title.keys() >= text.keys() else dict.fromkeys((*title, *text)):
                rows.append(phrase)
                langs.append(lang)

    def _index_rows(self, first: int) -> None:
        head_words: set[str] = set()
        for row in range(first, len(self._phrases)):
            head, text = _head_and_text(self._phrases[row], self._langs[row])
            head_words.update(words(head))
            self._first_units[row] = next(iter(units(head)), "\n")
            self._added.add(row, head_keys(head) | text_keys(text), length_norm(head, text))
        self._added.vocabulary.add(head_words)

    def __len__(self) -> int:
        return len(self._first_row)

    def put(self, phrase: Phrase) -> None:
        """Add a phrase, or replace its old version; the next search sees it."""
        self.remove(phrase.id)
        first = len(self._phrases)
        for cached in (self._titles, self._key_weights, self._unit_weights, self._expanded):
            cached.clear()
        self._unit_weights["\n"] = 0.0
        self._append_rows([phrase])
        self._index_rows(first)

    def remove(self, phrase_id: str) -> None:
        """Leave a phrase out from now on; one that is not there is no error."""
        row = self._first_row.pop(phrase_id, None)
        while row is not None and row < len(self._phrases) and self._phrases[row].id == phrase_id:
            if self._arrays and row < self._added.first:
                self._arrays.removed[row] = True
            else:
                self._added.removed.add(row)
            row += 1

    def count(self, key: int) -> int:
        """Return how many rows hold the key."""
        return self._added.count(key) + (self._arrays.count(key) if self._arrays else 0)

    def idf(self, rows: int) -> float:
        """Return how much a match says that so many rows share: BM25's idf, sharpened by a power."""
        idf = log(1 + (max(0, len(self._phrases) - rows) + 0.5) / (rows + 0.5))
        sharpened: float = USUAL_IDF * (idf / USUAL_IDF) ** 1.5
        return sharpened

    def weight(self, key: int) -> float:
        """Return how much a match of this key says: high when few rows hold it."""
        weight = self._key_weights.get(key)
        if weight is None:
            _clear_if_full(self._key_weights)
            weight = self._key_weights[key] = self.idf(self.count(key))
        return weight

    def unit_weight(self, unit: str) -> float:
        """Return the weight of a character or word of a head."""
        weight = self._unit_weights.get(unit)
        if weight is None:
            weight = self._unit_weights[unit] = self.weight(HAN | ord(unit) if is_han(unit) else word_key(unit))
        return weight

    def expand(self, typed: str, *, unfinished: bool) -> dict[str, float]:
        """Return words in titles, keywords and tags that a typed word may mean, with how surely, from 0 to 1."""
        expanded = self._expanded.get((typed, unfinished))
        if expanded is None:
            _clear_if_full(self._expanded)
            expanded = self._added.vocabulary.expand(typed, unfinished=unfinished, idf=self.unit_weight)
            if self._arrays:
                in_arrays = self._arrays.vocabulary.expand(typed, unfinished=unfinished, idf=self.unit_weight)
                for word, fidelity in in_arrays.items():
                    expanded[word] = max(fidelity, expanded.get(word, 0.0))
            self._expanded[typed, unfinished] = expanded
        return expanded

    def knows(self, word: str) -> bool:
        """Whether the word stands in a title, keyword or tag."""
        return word in self._added.vocabulary or (self._arrays is not None and word in self._arrays.vocabulary)

    def search(
        self, query: str, limit: int = 10, lang: str | None = None, *, signals: Signals | None = None
    ) -> list[Hit]:
        """Return the phrases that answer the query, best first; with `lang`, only those that can be sent in it.

        An empty query finds what `signals` say is most useful now.
        """
        parsed = parse_query(query, self.knows)
        if not parsed.tokens:
            return self._without_query(signals, limit, lang) if signals and not query.strip() else []
        ranking = Ranking(parsed, self, self._synonyms)
        chosen = signals.chosen_for(query) if signals else {}
        best_rows: dict[str, Candidate] = {}
        for row, by_characters, by_words, text_weight in self._candidate_rows(ranking):
            phrase = self._phrases[row]
            if lang is not None and lang not in phrase.text:
                continue
            signal_scores = signals.of(phrase, chosen) if signals else {}
            estimate = ranking.estimate(by_characters, by_words, text_weight) + sum(signal_scores.values())
            if row in self._first_units:
                estimate += ranking.bonus_at_start(self._first_units[row])
            rival = best_rows.get(phrase.id)
            if rival is None or rival.estimate < estimate:
                best_rows[phrase.id] = Candidate(estimate, row, by_characters + by_words, text_weight, signal_scores)
        hits = self._score_candidates(
            ranking, list(best_rows.values()), max(limit, MIN_ROWS_BY_STAGE if signals else 0)
        )
        return (_sink_unfit(hits, query, signals) if signals else hits)[:limit]

    def _score_candidates(self, ranking: Ranking, candidates: list[Candidate], limit: int) -> list[Hit]:
        """Return the candidates as hits: those of the highest estimates by their exact score, then the others by their
        estimate."""
        candidates.sort(key=lambda one: (-one.estimate, self._phrases[one.row].id))
        hits: list[Hit] = []
        explained = 0
        for one in candidates[: self._scored_rows(ranking)]:
            if explained == ENOUGH_EXPLAINED or one.estimate < MIN_ESTIMATE_SHARE * candidates[0].estimate:
                break
            match = self._match(ranking, one)
            explained += match.figures[0] > FULLY_EXPLAINED
            hits.append(self._hit(ranking, one, match.score + sum(one.signal_scores.values()), match))
        hits.sort(key=lambda hit: (-hit.score, hit.phrase.id))
        scale = hits[-1].score / candidates[len(hits) - 1].estimate if hits else 0.0
        hits += [self._hit(ranking, one, one.estimate * scale) for one in candidates[len(hits) : limit]]
        return hits[:limit]

    def _scored_rows(self, ranking: Ranking) -> int:
        if self._arrays is None:
            return SCORED_ROWS
        is_long = len(ranking.query.tokens) > LONG_QUERY_TOKENS
        return SCORED_ROWS_OF_LONG_QUERY if is_long else SCORED_ROWS_OF_LARGE

    def _match(self, ranking: Ranking, one: Candidate) -> Match:
        return ranking.score(self._title(one.row), one.head_weight, one.text_weight)

    def _without_query(self, signals: Signals, limit: int, lang: str | None) -> list[Hit]:
        used = [self._first_row[phrase_id] for phrase_id in signals.used_ids() if phrase_id in self._first_row]
        rows = dict.fromkeys((*used, *islice(self._first_row.values(), MAX_ROWS_WITHOUT_QUERY)))
        phrases = [self._phrases[row] for row in rows if lang is None or lang in self._phrases[row].text]
        best = nlargest(limit, phrases, key=lambda phrase: usefulness(phrase, signals))
        own = signals.context.lang
        return [
            Hit(
                phrase,
                own if own in phrase.title else next(iter(phrase.title or phrase.text)),
                usefulness(phrase, signals),
                signals=signals.of(phrase, {}),
            )
            for phrase in best
        ]

    def _candidate_rows(self, ranking: Ranking) -> Iterator[tuple[int, float, float, float]]:
        yield from candidate_rows(self._added, ranking)
        if self._arrays:
            yield from candidate_rows(self._arrays, ranking)

    def _title(self, row: int) -> IndexedTitle:
        title = self._titles.get(row)
        if title is None:
            _clear_if_full(self._titles)
            head = head_of(self._phrases[row], self._langs[row])
            title = self._titles[row] = IndexedTitle(units(head), self.unit_weight)
        return title

    def _hit(self, ranking: Ranking, one: Candidate, score: float, match: Match | None = None) -> Hit:
        return Hit(
            self._phrases[one.row],
            self._langs[one.row],
            score,
            signals=one.signal_scores,
            compute_match=lambda: match or self._match(ranking, one),
        )


def _sink_unfit(hits: list[Hit], query: str, signals: Signals) -> list[Hit]:
    """Move what may not be said at this stage down, and never leave it first; a title that was typed whole stays."""
    typed = fold(query).strip()

    def is_unfit(hit: Hit) -> bool:
        names = (hit.phrase.id, *(fold(title).strip() for title in hit.phrase.title.values()))
        return signals.stage_misfit(hit.phrase) > 0 and typed not in names

    unfit = {hit.phrase.id for hit in hits if is_unfit(hit)}
    for hit in hits:
        hit.score -= STAGE_PENALTY * (hit.phrase.id in unfit)
    hits.sort(key=lambda hit: (-hit.score, hit.phrase.id))
    first = next((place for place, hit in enumerate(hits) if hit.phrase.id not in unfit), 0)
    return [hits[first], *hits[:first], *hits[first + 1 :]] if unfit else hits


def _clear_if_full(cached: dict[Any, Any]) -> None:
    if len(cached) > MAX_CACHED:
        cached.clear()


def _head_and_text(phrase: Phrase, lang: str) -> tuple[str, str]:
    return head_of(phrase, lang), fold(without_placeholders(phrase.text.get(lang, "")))
