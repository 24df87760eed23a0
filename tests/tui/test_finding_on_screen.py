"""One search box that always has the focus, a list, and the reply beside it."""

from pathlib import Path

import pytest
from textual import events

from agent_assist import locale
from tests.tui.standing import NARROW, SMALL, WIDE, desk, filled


@pytest.mark.parametrize("query", ["denglu", "dl", "登录", "sign in", "登不上"])
async def test_every_way_of_typing_finds_the_apology(tmp_path: Path, query: str) -> None:
    async with desk(tmp_path) as at:
        await at.type(query)
        chosen = next(line for line in at.seen.splitlines() if "▸ 登录失败致歉" in line or "▸ Apology" in line)
        assert "Apology" in chosen


async def test_arrows_choose_while_the_box_keeps_the_focus(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("denglu")
        await at.press("down")
        assert "请等一分钟再试一次" in at.seen
        await at.press("up")
        assert "登录故障是我们的责任" in at.seen
        await at.press("ctrl+end", "ctrl+home", "x")
        assert at.screen.state.chat.query == "denglux"


async def test_a_click_chooses_and_the_wheel_scrolls(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("denglu")
        await at.pilot.click("#results", offset=(5, 1))
        await at.settle()
        assert "请等一分钟再试一次" in at.seen
        assert at.app.focused is not None
        assert at.app.focused.id == "search"


async def test_nothing_found_says_what_was_searched_and_the_lead_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_assist.tui.desk.sync.MISSED_SEARCH_DELAY", 0.01)
    store = filled()
    async with desk(tmp_path, store) as at:
        await at.type("qqqq")
        await at.settle()
        assert "Nothing found for “qqqq”." in at.seen
        await at.until("lead will see")
        await at.settle()
        assert "qqqq" in [one.query for one in store.missed_searches()]


async def test_escape_empties_the_box_and_escape_brings_it_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("denglu")
        await at.press("escape")
        assert at.screen.state.chat.query == ""
        await at.press("escape")
        assert at.screen.state.chat.query == "denglu"
        await at.type("coupon")
        assert at.screen.state.chat.query == "coupon", "what is typed next takes its place"


async def test_escape_never_brings_back_what_was_typed_for_another_customer(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.type("denglu")
        await at.press("escape", "alt+2", "escape")
        assert at.screen.state.chat.query == ""
        await at.press("alt+1", "escape")
        assert at.screen.state.chat.query == "denglu"


async def test_a_paste_of_many_lines_becomes_one_query(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.app.focused.post_message(events.Paste("我一直\n登不上\r\n怎么办"))  # type: ignore[union-attr]
        await at.settle()
        assert at.screen.state.chat.query == "我一直 登不上 怎么办"


async def test_a_paste_of_a_megabyte_is_cut_with_a_word_about_it(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        at.app.focused.post_message(events.Paste("登录" * 500_000))  # type: ignore[union-attr]
        await at.settle()
        assert len(at.screen.state.chat.query) == 500
        assert "1000000 characters" in at.said


async def test_a_question_mark_in_the_empty_box_shows_the_keys(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press("question_mark")
        await at.until("Keys and what they do")
        await at.press("escape")
        await at.type("why")
        await at.press("question_mark")
        assert at.screen.state.chat.query == "why?"


async def test_every_command_is_in_the_palette_with_its_key(tmp_path: Path) -> None:
    async with desk(tmp_path) as at:
        await at.press("ctrl+p")
        await at.pilot.pause(0.1)
        await at.press(*"timeline")
        await at.until("F6")


async def test_the_palette_speaks_chinese_also_when_nothing_has_that_name(tmp_path: Path) -> None:
    locale.use("zh")
    async with desk(tmp_path, size=NARROW) as at:
        for action in ("command_palette", "change_theme"):
            await at.screen.action_do(action)
            await at.until("查找")
            await at.press(*"qqxx")
            await at.until("没有名为“qqxx”的项目。")
            await at.press("enter")
            assert at.app.screen is at.screen


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_long_reply_scrolls_by_key(tmp_path: Path, size: tuple[int, int]) -> None:
    long = "很长的回复。" * 300
    book = f'[[phrase]]\nid = "long"\nlang = "zh"\ntitle = "长"\ntext = "{long}完了"\n'
    async with desk(tmp_path, book=book, size=size) as at:
        assert "完了" not in at.seen
        await at.press(*["shift+down"] * 40)
        assert "完了" in at.seen


async def test_in_the_small_window_a_key_turns_from_results_to_reply(tmp_path: Path) -> None:
    async with desk(tmp_path, size=SMALL) as at:
        await at.type("denglu")
        assert "登录失败致歉" in at.seen
        assert "我们的责任" not in at.seen
        await at.press("f7")
        assert "我们的责任" in at.seen
        await at.press("escape")
        assert "我们的责任" not in at.seen


async def test_keys_that_arrive_in_one_burst_keep_their_order(tmp_path: Path) -> None:
    """A fast typist on a slow machine: Enter must not overtake the letters before it."""
    async with desk(tmp_path) as at:
        for key in (*"denglu", "down", "enter"):
            at.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await at.settle()
        assert at.app.clipboard == "王女士，请等一分钟再试一次。"
