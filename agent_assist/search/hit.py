"""A search result: the phrase, the language it matched in, and where.

Where it matched is computed when it is first asked for: of a list of fifty hits only a screenful shows the marks.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.align import Segment
from agent_assist.search.normalise import UNIT, fold, fold_with_places
from agent_assist.search.rank import Evidence, Match

Span = tuple[int, int]
"""Start and end, as indexes into the original title."""


class Hit:
    """A phrase that answers the query. `lang` is the language of the title that matched best."""

    def __init__(
        self,
        phrase: Phrase,
        lang: str,
        score: float,
        *,
        signals: Mapping[str, float] | None = None,
        compute_match: Callable[[], Match] | None = None,
    ) -> None:
        """`signals` is what speaks for it besides the words, by the names in `signals`."""
        self.phrase, self.lang, self.score = phrase, lang, score
        self.signals = signals or {}
        self._compute_match = compute_match

    def __repr__(self) -> str:
        return f"Hit({self.phrase.id!r}, {self.lang!r}, {self.score:.3f})"

    @cached_property
    def match(self) -> Match | None:
        """How the words matched; None when nothing was typed."""
        return self._compute_match() if self._compute_match else None

    @property
    def evidence(self) -> Evidence | None:
        """The figures that the score of the words is made of."""
        return Evidence(*self.match.figures) if self.match else None

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where `phrase.title[lang]` matches, in order and apart."""
        return spans_of(self.phrase.title.get(self.lang, ""), self.match.segments) if self.match else ()


def head_of(phrase: Phrase, lang: str) -> str:
    """Return the folded title in this language, keywords and tags, each on its line."""
    return fold("\n".join((phrase.title.get(lang, ""), *phrase.keywords, *phrase.tags)))


def spans_of(title: str, segments: Sequence[Segment]) -> tuple[Span, ...]:
    """Return where the title explains the query; segments count the units of the whole head, the title's come first."""
    if not segments:
        return ()
    unit_spans = _unit_spans(title)
    spans: list[Span] = []
    for segment in sorted(segments, key=lambda s: s.first):
        if segment.first < len(unit_spans):
            start = unit_spans[segment.first][0]
            end = unit_spans[min(segment.last, len(unit_spans) - 1)][1]
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
    return tuple(spans)


@lru_cache(1024)
def _unit_spans(title: str) -> list[Span]:
    folded, places = fold_with_places(title)
    return [(places[m.start()], places[m.end() - 1] + 1) for m in UNIT.finditer(folded) if m.group() != "\n"]
