"""Whatever a phrasebook, the synonyms or a cache holds, the desk opens, and what is sound in them can be sent."""

import gc
import os
from pathlib import Path

import pytest

from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.parsed_cache import ParsedBooks
from agent_assist.search import Index
from agent_assist.tui.background import deferred_gc
from tests.tui.standing import BOOK, NARROW, desk, filled

BROKEN = """
[[phrase]]
id = "broken-first"
kind = "apology"
lang = "zh"
title = "坏掉的话术"
text = "{{ x "
"""


async def test_a_broken_phrase_in_the_first_place_ends_nothing_and_shows_its_mistake(tmp_path: Path) -> None:
    async with desk(tmp_path, filled(), book=BROKEN + BOOK) as at:
        await at.type("坏掉的话术")
        assert at.screen.state.phrase is not None
        assert at.screen.state.phrase.id == "broken-first"
        assert "broken-first" in at.reply
        assert "never closed" in at.reply
        await at.press("enter", "ctrl+e", "ctrl+l", "down", "up")
        assert at.app.is_running
        assert "never closed" in at.reply
        await at.press("escape")
        await at.type("登录失败致歉")
        assert "王女士，您好" in at.reply


async def test_garbage_is_collected_again_when_the_desk_is_ready(tmp_path: Path) -> None:
    gc.disable()
    try:
        async with desk(tmp_path, filled(), book=BROKEN):
            assert gc.isenabled()
    finally:
        gc.enable()


def test_garbage_is_collected_again_whatever_the_start_raised() -> None:
    with deferred_gc():
        assert not gc.isenabled()
    assert gc.isenabled()

    @deferred_gc()
    def fail() -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gc.isenabled()


async def test_an_entry_that_cannot_be_indexed_is_named_and_the_others_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Index._index_rows

    def take_in(self: Index, first: int) -> None:
        if any(phrase.id == "only-chinese" for phrase in self._phrases):
            raise IndexError("planted")
        whole(self, first)

    monkeypatch.setattr(Index, "_index_rows", take_in)
    async with desk(tmp_path, filled()) as at:
        await at.type("登录失败致歉")
        assert "王女士，您好" in at.reply
        (problem,) = at.screen.state.library.problems
        assert problem.phrase_id == "only-chinese"
        assert "IndexError planted" in problem.reason


async def test_a_file_whose_reading_raises_is_named_and_the_others_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ParsedBooks.file

    def file(self: ParsedBooks, content: bytes, *, name: str, book: str) -> object:
        if b"planted" in content:
            raise ZeroDivisionError("planted")
        return whole(self, content, name=name, book=book)

    monkeypatch.setattr(ParsedBooks, "file", file)
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "a.toml").write_text("# planted", "utf-8")
    async with desk(tmp_path, filled()) as at:
        await at.type("登录失败致歉")
        assert "王女士，您好" in at.reply
        assert [problem.reason for problem in at.screen.state.library.problems] == [
            "This file cannot be understood (ZeroDivisionError planted)."
        ]


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b"a = " + b"[" * 50_000, b"[[group]]\nwords = 3"])
async def test_synonyms_and_caches_of_any_content_end_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "synonyms.toml").write_bytes(content)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "phrasebooks.parsed").write_bytes(content)
    (tmp_path / "pins.json").write_bytes(content)
    async with desk(tmp_path, filled()) as at:
        await at.type("登录失败致歉")
        assert "王女士，您好" in at.reply


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
async def test_pipes_in_the_place_of_synonyms_and_caches_are_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "cache").mkdir()
    for name in ("books/synonyms.toml", "cache/phrasebooks.parsed", "pins.json"):
        os.mkfifo(tmp_path / name)
    async with desk(tmp_path, filled()) as at:
        await at.type("登录失败致歉")
        assert "王女士，您好" in at.reply


async def test_a_changed_phrase_that_cannot_be_indexed_is_named_and_the_others_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, filled()) as at:
        whole = Index._append_rows

        def note(self: Index, phrases: list[Phrase]) -> None:
            if any("planted" in phrase.title.get("zh", "") for phrase in phrases):
                raise KeyError("planted")
            whole(self, phrases)

        monkeypatch.setattr(Index, "_append_rows", note)
        book = BOOK.replace("感谢理解", "planted").replace("补偿：优惠券", "补偿：代金券")
        (tmp_path / "books" / "test.toml").write_text(book, "utf-8")
        await at.until("phrasebook")
        assert "only-chinese" in [problem.phrase_id for problem in at.screen.state.library.problems]
        await at.type("代金券")
        assert at.screen.state.phrase is not None
        assert at.screen.state.phrase.id == "coupon"


async def test_a_book_that_is_broken_at_the_start_is_named_and_marked_until_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    bad = tmp_path / "books" / "bad.toml"
    bad.write_text("[[phrase]\n", "utf-8")
    async with desk(tmp_path, filled()) as at:
        assert "bad.toml:1:9: Not valid TOML" in at.said
        assert "agent-assist phrases lint" in at.said
        assert "! phrasebook mistakes: 1, see agent-assist phrases lint" in at.seen.splitlines()[0]
        await at.type("登录失败致歉")
        await at.press("f8", "f8")
        assert "! phrasebook mistakes: 1" in at.seen.splitlines()[0]
        bad.write_text("", "utf-8")
        await at.gone("! phrasebook mistakes")


async def test_a_copy_that_comes_in_is_named_and_what_is_in_use_stays(tmp_path: Path) -> None:
    async with desk(tmp_path, filled(), size=NARROW) as at:
        await at.type("登录失败致歉")
        old = BOOK.replace("登录故障是我们的责任", "七天内退款")
        (tmp_path / "books" / "test (conflicted copy 2026-11-20).toml").write_text(old, "utf-8")
        await at.until("! phrasebooks: 1")
        assert "test (conflicted copy 2026-11-20).toml: Not read" in at.said
        assert "stays in use" in at.said
        assert "登录故障是我们的责任" in at.reply


async def test_two_files_with_one_id_are_both_named(tmp_path: Path) -> None:
    async with desk(tmp_path, filled()) as at:
        (tmp_path / "books" / "a.toml").write_text(BROKEN.replace("broken-first", "login-apology"), "utf-8")
        await at.until("! phrasebook mistakes: 1")
        assert "a.toml:2: The id is already used in test.toml:2" in at.said
