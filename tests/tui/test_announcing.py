"""All announcements of an incident on one screen: chosen, turned into the other language, copied, saved, published."""

from pathlib import Path
from typing import Any

import pytest

from agent_assist import clipboard, locale
from agent_assist.settings import shipped_phrasebooks
from agent_assist.tui.desk.dialogs.announcement_screen import AnnouncementsScreen
from tests.tui.standing import NARROW, WIDE, Standing, desk, filled

BOOKS: dict[str, Any] = {"phrasebooks": (shipped_phrasebooks(),), "brand": {"zh": "示例云", "en": "Example Cloud"}}


async def opened(at: Standing) -> AnnouncementsScreen:
    await at.press("alt+a")
    await at.until("应用内通知" if locale.current() == "zh" else "In-app notice")
    assert isinstance(at.app.screen, AnnouncementsScreen)
    return at.app.screen


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_all_channels_stand_beside_the_text_of_the_chosen_one(
    tmp_path: Path, lang: locale.Language, size: tuple[int, int]
) -> None:
    locale.use(lang)
    async with desk(tmp_path, size=size, **BOOKS) as at:
        await opened(at)
        labels = ("网站横幅", "短信", "电话话术") if lang == "zh" else ("Website banner", "SMS", "Phone script")
        for label in labels:
            assert label in at.seen
        assert "【故障进展】" in at.seen
        await at.press("l")
        await at.until("Update: ")
        await at.press("up")
        await at.until("Hello, this is")
        await at.press("escape")
        assert at.app.screen is at.screen


async def test_one_is_copied_saved_and_noted_as_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "commands", lambda *_: [["cat"]])
    locale.use("en")
    store = filled()
    async with desk(tmp_path, store, **BOOKS) as at:
        await opened(at)
        await at.press("down", "c")
        await at.until_said("Copied: Website banner, zh.")
        await opened_again(at)
        await at.press("s")
        await at.until_said("Written: ")
        (file,) = (tmp_path / "announcements").iterdir()
        assert file.name == "INC-1-banner.zh.txt"
        assert file.read_text("utf-8").startswith("抱歉，目前约 15% 的用户无法登录")
        await opened_again(at)
        before = len(store.publications(["INC-1"]))
        await at.press("p")
        await at.until("Was this published")
        await at.press("left", "enter")
        await at.until_said("Recorded as published: Website banner.")
        await opened_again(at)
        await at.until("Published ")
        told = store.publications(["INC-1"])
        assert len(told) == before + 1
        assert (told[-1].channel, told[-1].tells) == ("banner", ("notice", "plan"))


async def opened_again(at: Standing) -> None:
    """Wait until the screen stands there again after its answer was acted on."""
    for _turn in range(2000):
        if isinstance(at.app.screen, AnnouncementsScreen) and at.app.screen.is_mounted:
            return
        await at.pilot.pause(0.01)
    raise AssertionError(at.seen)


async def test_one_without_the_brand_is_not_copied_and_the_way_on_is_named(tmp_path: Path) -> None:
    locale.use("en")
    async with desk(tmp_path, **{**BOOKS, "brand": {}}) as at:
        await opened(at)
        await at.press("down", "down", "down")
        await at.until("agent-assist settings set brand_zh")
        await at.press("c")
        await at.until_said("brand_zh")
        assert at.app.clipboard == ""


async def test_another_wording_is_taken_with_a_key(tmp_path: Path) -> None:
    locale.use("en")
    async with desk(tmp_path, **BOOKS) as at:
        await opened(at)
        await at.press("w")
        await at.until("notice-inapp-start")
