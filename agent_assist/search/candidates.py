"""Which rows are worth comparing with a query: those with most of its characters, sounds or words, or of its text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeVar

from agent_assist.search.postings import AT_LEAST, AT_LEAST_BY_SOUND
from agent_assist.search.rank import Ranking

BY_CHARACTERS, BY_SOUND, BY_WORDS, BY_TEXT = 26, 40, 28, 12
"""How many rows are judged for the characters, the sounds, the words of their heads, and for their texts."""

Sums = TypeVar("Sums")


class Part(Protocol[Sums]):
    """Postings that are summed up in one way or another."""

    def sums(self, wanted: Mapping[int, float], *, in_text: bool = False) -> Sums: ...
    def largest(self, sums: Sums, most: int, at_least: float = AT_LEAST) -> Iterable[int]: ...
    def at(self, sums: Sums, row: int) -> float: ...


def looked_up(part: Part[Sums], ranking: Ranking) -> Iterator[tuple[int, float, float, float]]:
    """Rows worth judging, with what the wanted characters, words and keys of the text weigh that they hold."""
    by_characters, by_words = part.sums(ranking.characters), part.sums(ranking.words)
    by_text = part.sums(ranking.text, in_text=True)
    most, at_least = (BY_SOUND, AT_LEAST_BY_SOUND) if ranking.sounds else (BY_CHARACTERS, AT_LEAST)
    rows = (
        *part.largest(by_characters, most, at_least),
        *part.largest(by_words, BY_WORDS),
        *part.largest(by_text, BY_TEXT),
    )
    at = part.at
    for row in dict.fromkeys(rows):
        yield row, at(by_characters, row), at(by_words, row), at(by_text, row)
