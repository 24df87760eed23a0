"""Every phrase may have a short form in each language: read, checked, and sent where the chat asks for it."""

from pathlib import Path

import pytest

from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.book_file import parse
from agent_assist.phrasebook.lint import short_size

BOOK = """
[[phrase]]
id = "wait-short"
kind = "status"
title = { zh = "请稍等", en = "Please wait" }
text = { zh = "您好，我们正在处理，一有消息马上告诉您。", en = "Hello, we are working on it and will tell you." }
short = { zh = "正在处理，有消息就告诉您。" }
"""


def only(text: str) -> Phrase:
    phrases, problems = parse(text.encode(), name="b.toml", book="b")
    assert list(problems) == []
    return next(iter(phrases))


def test_the_short_form_stands_in_for_the_text_where_there_is_one() -> None:
    phrase = only(BOOK)
    assert phrase.shortened().text == {
        "zh": "正在处理，有消息就告诉您。",
        "en": "Hello, we are working on it and will tell you.",
    }
    assert phrase.shortened().shortened() == phrase.shortened()


def test_a_short_form_without_a_text_is_a_mistake_with_its_line() -> None:
    text = BOOK.replace("short = { zh", "short = { fr")
    phrases, problems = parse(text.encode(), name="b.toml", book="b")
    assert list(phrases) == []
    assert [(problem.line, "no text in: fr" in problem.reason) for problem in problems] == [(7, True)]


@pytest.mark.parametrize(("text", "lang", "size"), [("正在处理。", "zh", 5), ("We are on it.", "en", 4)])
def test_a_short_form_is_measured_as_people_count(text: str, lang: str, size: int) -> None:
    assert short_size(text, lang) == size


def test_lint_finds_what_is_wrong_with_short_forms(tmp_path: Path) -> None:
    from tests.services.test_book_check import found

    long = BOOK.replace("正在处理，有消息就告诉您。", "正在处理，" * 13 + "{{ customer.nam }}")
    reasons = " ".join(found(tmp_path, long))
    assert "short form is too long" in reasons
    assert "The short form is missing in: en" in reasons
    assert "Nothing fills “customer.nam”" in reasons
    broken = BOOK.replace("正在处理，有消息就告诉您。", "正在{{ 处理")
    assert "zh, short form:" in " ".join(found(tmp_path, broken))
