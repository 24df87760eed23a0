"""Synonyms are data: the shipped file is sound, a wrong one is explained, and a search uses them."""

import tomllib
from pathlib import Path

import pytest

from agent_assist.phrasebook import load as load_phrases
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index, explain
from agent_assist.search.synonyms import Synonyms, load, read
from agent_assist.search.synonyms_lint import in_text, lint

SHIPPED = Path(__file__).parents[2] / "phrasebooks"


def test_the_shipped_file_has_four_hundred_groups_and_no_fault() -> None:
    assert lint([SHIPPED]) == ()
    assert len(load([SHIPPED]).groups) >= 400


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("登不上", "login"), ("money back", "refund"), ("退钱", "refund"), ("can't log in", "login"), ("宕机", "outage")],
)
def test_another_word_for_the_same_thing_finds_the_phrase(typed: str, wanted: str) -> None:
    index = Index(
        [
            Phrase(id="login", title={"zh": "登录失败致歉"}, text={}),
            Phrase(id="refund", title={"zh": "退款多久处理"}, text={}),
            Phrase(id="outage", title={"zh": "系统故障公告"}, text={}),
        ],
        synonyms=load([SHIPPED]),
    )
    assert index.search(typed)[0].phrase.id == wanted


def test_the_explanation_says_that_a_synonym_matched() -> None:
    index = Index([Phrase(id="refund", title={"zh": "退款多久处理"}, text={})], synonyms=load([SHIPPED]))
    assert "other words for the same thing" in explain("退钱", index.search("退钱")[0])


def test_the_word_itself_counts_more_than_its_synonym() -> None:
    index = Index(
        [Phrase(id="a", title={"zh": "退款说明"}, text={}), Phrase(id="b", title={"zh": "退钱说明"}, text={})],
        synonyms=load([SHIPPED]),
    )
    assert [hit.phrase.id for hit in index.search("退钱说明")] == ["b", "a"]


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        ("[[group]]\nwords = ['退款']", (1, 0), "at least two"),
        ("[[group]]\nwords = ['退款', '退']", (2, 16), "too short"),
        ("# Money\n\n[[group]]\nwords = ['退款', '退款', '退钱']", (4, 16), "twice"),
        ("[[group]]\nwords = ['退款', '退钱']\n[[group]]\nwords = ['退  款', '还款']", (4, 10), "cannot be seen"),
        ("[[group]]\nwords = ['退款', '退钱']\n[[group]]\nwords = ['还款',\n  '退款']", (5, 3), "group of line 1"),
        ("[[group]]\nword = ['退款', '退钱']", (2, 1), "only words"),
        ("[[group]]\nwords = 7", (2, 1), "a list of texts"),
        ("group = 1", (1, 1), "[[group]]"),
        ("[[groups]]\nwords = ['a', 'b']", (1, 0), "Unknown key"),
        ("\nwords = = 1", (2, 9), "Not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(content: str, place: tuple[int, int], reason: str) -> None:
    problems = in_text(content, "synonyms.toml")
    assert any(reason in problem.reason and (problem.line, problem.column) == place for problem in problems), problems


@pytest.mark.parametrize(
    "content", ["words = [", "group = 1", "[[group]]\nwords = 7", "[[group]]\nwords = ['退款', '退']"]
)
def test_a_file_that_cannot_be_used_adds_nothing(tmp_path: Path, content: str) -> None:
    (tmp_path / "synonyms.toml").write_text(content, encoding="utf-8")
    assert load([tmp_path, tmp_path / "missing"]).groups == []


def test_the_quick_way_to_read_the_shipped_file_finds_what_toml_finds() -> None:
    groups = tomllib.loads((SHIPPED / "synonyms.toml").read_text(encoding="utf-8"))["group"]
    assert read(SHIPPED / "synonyms.toml") == [group["words"] for group in groups]


def test_a_term_is_found_wherever_it_stands_and_in_every_form_of_its_words() -> None:
    synonyms = Synonyms([["money back", "退款"], ["charge", "收费"]])
    assert synonyms.found(["退", "款", "charg"]) == [(0, 1, 0), (2, 2, 1)]


def test_a_users_file_adds_to_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text('[[group]]\nwords = ["小飞侠", "退款"]\n', encoding="utf-8")
    index = Index([Phrase(id="refund", title={"zh": "退款说明"}, text={})], synonyms=load([SHIPPED, tmp_path]))
    assert index.search("小飞侠")[0].phrase.id == "refund"


def test_a_word_that_only_the_team_uses_finds_what_it_stands_for() -> None:
    index = Index(load_phrases([SHIPPED]).active, synonyms=Synonyms([["zorblax", "退款"]]))
    found = [hit.phrase.title["zh"] for hit in index.search("zorblax", 3)]
    assert any("退款" in title for title in found), found
