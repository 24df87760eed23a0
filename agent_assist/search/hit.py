"""What a search gives back: the phrase, the language it matched in, and where.

Where it matched is worked out when it is asked for: a list of fifty hits shows the marks of a screenful.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.align import Segment
from agent_assist.search.normalise import UNIT, fold, fold_with_places
from agent_assist.search.query import Query
from agent_assist.search.rank import Evidence, Judgement

Span = tuple[int, int]


class Hit:
    """A phrase that answers the query. `lang` is the language of the title that matched best."""

    def __init__(
        self,
        phrase: Phrase,
        lang: str,
        score: float,
        *,
        signals: Mapping[str, float] | None = None,
        query: Query | None = None,
        judge: Callable[[], Judgement] | None = None,
    ) -> None:
        """`signals` is what speaks for it besides the words, by the names in `signals`."""
        self.phrase, self.lang, self.score = phrase, lang, score
        self.signals = signals or {}
        self._query, self._judge = query, judge

    def __repr__(self) -> str:
        return f"Hit({self.phrase.id!r}, {self.lang!r}, {self.score:.3f})"

    @cached_property
    def judgement(self) -> Judgement | None:
        """How the words matched; None when nothing was typed."""
        return self._judge() if self._judge else None

    @property
    def evidence(self) -> Evidence | None:
        """What of the words speaks for it, figure by figure."""
        return Evidence(*self.judgement.figures) if self.judgement else None

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where `phrase.title[lang]` matches, as (start, end), in order and apart."""
        return spans_of(self.phrase.title.get(self.lang, ""), self.judgement.segments) if self.judgement else ()


def head_of(phrase: Phrase, lang: str) -> str:
    """The folded title in this language, keywords and tags, each on its line."""
    return fold("\n".join((phrase.title.get(lang, ""), *phrase.keywords, *phrase.tags)))


def spans_of(title: str, segments: Sequence[Segment]) -> tuple[Span, ...]:
    """Where the title explains the query; segments count the units of the whole head, the title's come first."""
    if not segments:
        return ()
    found = _places(title)
    spans: list[Span] = []
    for segment in sorted(segments, key=lambda s: s.first):
        if segment.first < len(found):
            start = found[segment.first][0]
            end = found[min(segment.last, len(found) - 1)][1]
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
    return tuple(spans)


@lru_cache(1024)
def _places(title: str) -> list[Span]:
    """Where each unit of a title stands in it."""
    folded, places = fold_with_places(title)
    return [(places[m.start()], places[m.end() - 1] + 1) for m in UNIT.finditer(folded) if m.group() != "\n"]
