"""What a search gives back: the phrase, the language it matched in, and where."""

from collections.abc import Sequence

import msgspec

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.align import Segment
from agent_assist.search.normalise import UNIT, fold, fold_with_places
from agent_assist.search.rank import Evidence

Span = tuple[int, int]


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase that answers the query. `lang` is the language of the title that matched best."""

    phrase: Phrase
    lang: str
    score: float
    spans: tuple[Span, ...] = ()
    """Where `phrase.title[lang]` matches, as (start, end), in order and apart."""
    text_spans: tuple[Span, ...] = ()
    """Where `phrase.text[lang]` matches, the same."""
    evidence: Evidence | None = None


def head_of(phrase: Phrase, lang: str) -> str:
    """The folded title in this language, keywords and tags, each on its line."""
    return fold("\n".join((phrase.title.get(lang, ""), *phrase.keywords, *phrase.tags)))


def spans_of(title: str, segments: Sequence[Segment]) -> tuple[Span, ...]:
    """Where the title explains the query; segments count the units of the whole head, the title's come first."""
    if not segments:
        return ()
    folded, places = fold_with_places(title)
    places.append(len(title))
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
