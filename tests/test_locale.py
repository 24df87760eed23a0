"""Both interface languages are whole."""

import ctypes
import gettext
import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent_assist import locale
from agent_assist.locale import texts


def test_every_text_has_its_chinese() -> None:
    assert {text: places[0] for text, places in texts.missing().items()} == {}


def test_no_chinese_is_kept_for_texts_that_are_gone() -> None:
    assert texts.unused() == []


def test_no_text_is_asked_for_inside_an_f_string() -> None:
    """Only Python 3.12 and later let the extraction of texts see it there."""
    sources = Path(locale.__file__).parent.parent.rglob("*.py")
    assert [str(path) for path in sources if re.search(r"\{_\([\"']", path.read_text("utf-8"))] == []


def test_the_compiled_texts_are_those_of_the_sources() -> None:
    with texts.COMPILED.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    differing = [str(m.id) for m in texts.translated() if m.id and compiled.gettext(str(m.id)) != m.string]
    assert differing == [], "run: python -m agent_assist.locale.texts"


def test_texts_are_compiled_anew_only_when_a_source_is_newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zh").mkdir()
    source = tmp_path / "zh" / "one.po"
    source.write_text('msgid "Copy"\nmsgstr "复制"\n', "utf-8")
    monkeypatch.setattr(texts, "_HERE", tmp_path)
    monkeypatch.setattr(texts, "COMPILED", tmp_path / "zh.mo")
    assert texts.is_stale()
    os.utime(source, (1, 1))
    texts.compile_catalogue(tmp_path / "zh.mo")
    assert not texts.is_stale()
    source.write_text('msgid "Copy"\nmsgstr "拷贝"\n', "utf-8")
    assert texts.is_stale()


def test_a_checkout_that_was_never_installed_speaks_english_instead_of_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locale, "_HERE", tmp_path)
    locale.use("zh")
    assert locale._("Copy") == "Copy"
    assert not locale.is_translated()


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


@pytest.mark.parametrize(("number", "language"), [(0x0804, "zh"), (0x0404, "zh"), (0x0409, "en"), (0xFFFF, "en")])
def test_on_windows_the_language_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, number: int, language: str
) -> None:
    """It sets none of the variables by which other systems tell it."""
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: number)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert locale.detect({}) == language
    assert locale.detect({"AGENT_ASSIST_LANG": "en"}) == "en"
