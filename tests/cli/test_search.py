"""`search` for people and for programs."""

import io
import json
import sys

import pytest

from tests.cli.conftest import Run


def test_hits_stand_in_columns_that_line_up_in_a_terminal(run: Run, small: str) -> None:
    ran = run("search", "抱歉", "--phrasebook", small)
    heading, first, *_rest = ran.out.splitlines()
    assert heading.split() == ["ID", "TITLE", "KIND", "LANGUAGE"]
    assert first == "login-apology  登录失败致歉  apology  zh"


def test_json_has_the_names_of_the_contract(run: Run, small: str) -> None:
    answer = run("search", "denglu", "shibai", "--phrasebook", small, "--json").json
    assert answer["query"] == "denglu shibai"
    assert answer["ms"] >= 0
    hit = answer["hits"][0]
    assert set(hit) == {"id", "title", "lang", "kind", "score"}
    assert (hit["id"], hit["title"], hit["lang"], hit["kind"]) == ("login-apology", "登录失败致歉", "zh", "apology")


def test_each_hit_can_be_explained_in_words(run: Run, small: str) -> None:
    ran = run("search", "denglu", "--phrasebook", small, "--explain")
    assert "login-apology (" in ran.out
    assert "“登录” in the title explains" in ran.out
    (first, *_rest) = run("search", "denglu", "--phrasebook", small, "--explain", "--json").json["hits"]
    assert "of “denglu”" in first["why"]


def test_a_language_and_a_limit_are_kept(run: Run, small: str) -> None:
    hits = run("search", "sign in", "--phrasebook", small, "--lang", "en", "--json").json["hits"]
    assert {hit["lang"] for hit in hits} == {"en"}
    assert len(run("search", "登录 退款", "--phrasebook", small, "--limit", "1", "--json").json["hits"]) == 1


def test_retired_phrases_are_not_found(run: Run, small: str) -> None:
    hits = run("search", "Old closing", "--phrasebook", small, "--json").json["hits"]
    assert "old-closing" not in [hit["id"] for hit in hits]


def test_nothing_found_is_said_and_is_no_failure(run: Run, small: str) -> None:
    ran = run("search", "qqqqxxxx", "--phrasebook", small)
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing was found" in ran.err


def test_a_batch_answers_each_line_with_one_line(run: Run, small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "﻿denglu\r\n\ntuikuan\nno \x1b[2J newline".encode() + b"\xff"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    ran = run("search", "--batch", "-", "--phrasebook", small, "--limit", "1")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert [answer["query"] for answer in answers] == ["denglu", "", "tuikuan", "no ␛[2J newline�"]
    assert [hit["id"] for answer in answers[:3] for hit in answer["hits"]] == ["login-apology", "refund-status"]


def test_a_batch_file_that_is_missing_is_named(run: Run, small: str) -> None:
    ran = run("search", "--batch", "/nowhere/at-all", "--phrasebook", small)
    assert (ran.code, ran.out) == (1, "")
    assert "/nowhere/at-all" in ran.err


def test_a_phrasebook_folder_that_is_missing_is_wrong_usage(run: Run) -> None:
    ran = run("search", "x", "--phrasebook", "/nowhere/at-all")
    assert ran.code == 2
    assert "There is no folder /nowhere/at-all." in ran.err


def test_problems_in_the_books_are_pointed_to_without_disturbing_the_data(run: Run, small: str) -> None:
    ran = run("search", "denglu", "--phrasebook", small, "--json")
    assert ran.err == ""
    with open(f"{small}/broken.toml", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write("[[phrase")
    ran = run("search", "denglu", "--phrasebook", small, "--json")
    assert ran.json["hits"]
    assert "agent-assist phrases lint" in ran.err
