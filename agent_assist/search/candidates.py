"""Chooses the rows that are scored for a query: those with most of its characters, sounds or words, or of its text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from agent_assist.search.postings import MIN_SHARE_BY_SOUND, MIN_SHARE_OF_BEST
from agent_assist.search.rank import Ranking

MAX_BY_CHARACTERS, MAX_BY_SOUND, MAX_BY_WORDS, MAX_BY_TEXT = 26, 40, 28, 12
"""How many rows are scored at most for the characters, the sounds, the words of their heads, and for their texts."""

Sums = TypeVar("Sums")


class PostingsBackend(Protocol[Sums]):
    """`Postings` or `ArrayPostings`, each with its own kind of sums."""

    def sums(self, wanted: Mapping[int, float], *, in_text: bool = False) -> Sums: ...
    def largest(self, sums: Sums, most: int, at_least: float = MIN_SHARE_OF_BEST) -> Iterable[int]: ...
    def at(self, sums: Sums, row: int) -> float: ...


def candidate_rows(postings: PostingsBackend[Sums], ranking: Ranking) -> Iterator[tuple[int, float, float, float]]:
    """Yield rows to score, each with the weights of the characters, words and text keys of the query that it holds."""
    by_characters, by_words = postings.sums(ranking.characters), postings.sums(ranking.words)
    by_text = postings.sums(ranking.text, in_text=True)
    most, at_least = (
        (MAX_BY_SOUND, MIN_SHARE_BY_SOUND) if ranking.has_pinyin else (MAX_BY_CHARACTERS, MIN_SHARE_OF_BEST)
    )
    rows = (
        *postings.largest(by_characters, most, at_least),
        *postings.largest(by_words, MAX_BY_WORDS),
        *postings.largest(by_text, MAX_BY_TEXT),
    )
    at = postings.at
    for row in dict.fromkeys(rows):
        yield row, at(by_characters, row), at(by_words, row), at(by_text, row)
