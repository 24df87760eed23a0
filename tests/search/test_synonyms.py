"""Synonyms are data: the shipped file is sound, a wrong one is explained, and a search uses them."""

from pathlib import Path

import pytest

from agent_assist.phrasebook.phrase import Phrase
from agent_assist.search import Index
from agent_assist.search.synonyms import load, parse

SHIPPED = Path(__file__).parents[2] / "phrasebooks"


def test_the_shipped_file_has_four_hundred_groups_and_no_fault() -> None:
    synonyms = load([SHIPPED])
    assert synonyms.problems == ()
    assert len(synonyms.groups) >= 400


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


def test_the_word_itself_counts_more_than_its_synonym() -> None:
    index = Index(
        [Phrase(id="a", title={"zh": "退款说明"}, text={}), Phrase(id="b", title={"zh": "退钱说明"}, text={})],
        synonyms=load([SHIPPED]),
    )
    assert [hit.phrase.id for hit in index.search("退钱说明")] == ["b", "a"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[[group]]\nwords = ['退款']", "at least two"),
        ("[[group]]\nwords = ['退款', '退']", "too short"),
        ("[[group]]\nwords = ['退款', '退款']", "twice"),
        ("[[group]]\nword = ['退款', '退钱']", "only words"),
        ("[[group]]\nwords = 7", "only words"),
        ("group = 1", "[[group]]"),
        ("[[groups]]\nwords = ['a', 'b']", "not known"),
        ("words = [", "not TOML"),
    ],
)
def test_a_wrong_group_is_named_and_left_out(content: str, says: str) -> None:
    groups, problems = parse(content)
    assert groups == []
    assert any(says in problem for problem in problems)


def test_a_users_file_adds_to_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "synonyms.toml").write_text('[[group]]\nwords = ["小飞侠", "退款"]\n', encoding="utf-8")
    index = Index([Phrase(id="refund", title={"zh": "退款说明"}, text={})], synonyms=load([SHIPPED, tmp_path]))
    assert index.search("小飞侠")[0].phrase.id == "refund"
