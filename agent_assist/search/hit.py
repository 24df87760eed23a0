"""What a search gives back: the phrase, the language it matched in, and where."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search.align import Segment
from agent_assist.search.normalise import UNIT, fold, fold_with_places, is_han
from agent_assist.search.query import Query
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
    signals: Mapping[str, float] = {}
    """What speaks for it besides the words, by the names in `signals`."""


def head_of(phrase: Phrase, lang: str) -> str:
    """The folded title in this language, keywords and tags, each on its line."""
    return fold("\n".join((phrase.title.get(lang, ""), *phrase.keywords, *phrase.tags)))


def text_spans_of(text: str, query: Query) -> tuple[Span, ...]:
    """Where a reply's text holds the words and runs of characters of the query as they are."""
    wanted: list[str] = []
    for token in query.tokens:
        if token.han and token.glued and wanted and is_han(wanted[-1]):
            wanted[-1] += token.text
        else:
            wanted.append(token.text)
    words = sorted((re.escape(word) for word in set(wanted) if len(word) > 1), key=len, reverse=True)
    if not words:
        return ()
    folded, places = fold_with_places(text)
    return tuple((places[m.start()], places[m.end() - 1] + 1) for m in re.finditer("|".join(words), folded))


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
