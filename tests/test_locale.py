"""Both interface languages are whole."""

import re
from pathlib import Path

import pytest

from agent_assist import locale
from agent_assist.locale import texts


def test_every_text_has_its_chinese() -> None:
    assert {text: places[0] for text, places in texts.missing().items()} == {}


def test_no_chinese_is_kept_for_texts_that_are_gone() -> None:
    assert texts.unused() == []


def test_the_compiled_catalogue_is_the_one_of_the_sources() -> None:
    assert (Path(locale.__file__).parent / "zh.mo").read_bytes() == texts.compiled()


def test_both_languages_name_the_same_values() -> None:
    def fields(text: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)[^}]*\}", text))

    differing = [m.id for m in texts.translated() if m.id and fields(str(m.id)) != fields(str(m.string))]
    assert differing == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "AGENT_ASSIST_LANG": "en"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_follows_the_environment(environment: dict[str, str], language: str) -> None:
    assert locale.detect(environment) == language
