"""The shipped phrasebook, searched the way agents and customers type: `shipped_book.tsv` holds the queries by habit."""

from collections.abc import Iterator
from pathlib import Path
from statistics import mean

import pytest

from agent_assist.phrasebook import load as load_phrases
from agent_assist.search import Index
from agent_assist.search.synonyms import load as load_synonyms

SHIPPED = Path(__file__).parents[2] / "phrasebooks"
TABLE = Path(__file__).with_name("shipped_book.tsv")
WORST = 3
"""The rank down to which people look."""
MEAN_RANK = {
    "pinyin": 1.1,
    "initials": 1.15,
    "mixed": 1.15,
    "slip": 1.15,
    "confusion": 1.15,
    "homophone": 1.15,
    "message": 1.2,
    "synonym": 1.25,
    "typo": 1.1,
    "prefix": 1.15,
    "traditional": 1.1,
    "fullwidth": 1.1,
    "paraphrase": 1.5,
}
"""The mean rank that each habit must not exceed; today's is about 0.1 below."""


def rows() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Habit, what was typed, and the phrases of which one is wanted."""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            habit, typed, wanted = line.split("\t")
            yield habit, typed, frozenset(wanted.split())


ROWS = tuple(rows())


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(load_phrases([SHIPPED]).active, synonyms=load_synonyms([SHIPPED]))


def rank(index: Index, typed: str, wanted: frozenset[str]) -> int:
    """The place of the first wanted phrase, or the one behind the last that people look at."""
    found = [hit.phrase.id for hit in index.search(typed, WORST)]
    return next((place for place, one in enumerate(found, 1) if one in wanted), WORST + 1)


@pytest.mark.parametrize("habit", MEAN_RANK)
def test_a_wanted_phrase_is_among_the_first_three(index: Index, habit: str) -> None:
    ranks = {typed: rank(index, typed, wanted) for its, typed, wanted in ROWS if its == habit}
    assert len(ranks) >= 10
    assert not {typed: index.search(typed, 5) for typed, at in ranks.items() if at > WORST}
    assert mean(ranks.values()) <= MEAN_RANK[habit], {typed: at for typed, at in ranks.items() if at > 1}


def test_the_table_names_only_shipped_phrases_and_known_habits() -> None:
    shipped = {phrase.id for phrase in load_phrases([SHIPPED]).active}
    assert len(ROWS) >= 150
    assert {habit for habit, _, _ in ROWS} == MEAN_RANK.keys()
    assert frozenset().union(*(wanted for _, _, wanted in ROWS)) <= shipped
