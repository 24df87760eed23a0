"""Dialogs that are only read: the shown text, the timeline, the keys."""

import pytest

from agent_assist import locale
from agent_assist.incidents import Eta, Incident
from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen
from agent_assist.tui.desk.dialogs.timeline import TimelineScreen
from agent_assist.tui.forms.key_help import HelpScreen
from tests.conftest import NOW, SHANGHAI
from tests.tui.dialogs.host import HOSTILE, SMALL, WIDE, Host, incident, later

SIZES = pytest.mark.parametrize("size", [SMALL, WIDE])


def told() -> tuple[Incident, ...]:
    first = incident(
        version=1, cause="", workaround="", eta=Eta(), status="investigating", updated_at=later(-52), author="小李"
    )
    second = incident(version=2, eta=Eta(), updated_at=later(-24), cause=HOSTILE)
    return (first, second, incident(version=3, cause=HOSTILE))


@SIZES
async def test_a_shown_text_stands_alone_on_its_lines(size: tuple[int, int]) -> None:
    host = Host(ManualCopyScreen("王女士，您好。\n\n" + HOSTILE, "For 王女士: copy it by hand."))
    async with host.run_test(size=size) as pilot:
        lines = host.seen.split("\n")
        assert lines[0].startswith("For 王女士: copy it by hand.")
        assert [line.rstrip() for line in lines[3:5]] == ["王女士，您好。", ""]
        assert lines[5].startswith("[/退款] [bold]A123[/] ␛]52;c;AAAA␇")
        await pilot.press("escape")
    assert host.answer is None


async def test_a_long_shown_text_can_be_read_to_its_end() -> None:
    host = Host(ManualCopyScreen("\n".join(f"line {n}" for n in range(1, 101)), "Why"))
    async with host.run_test(size=SMALL) as pilot:
        assert "Lines 1–11 of 100" in host.seen
        await pilot.press("end")
        await pilot.pause()
        assert "line 100" in host.seen
        assert "of 100" in host.seen


async def test_the_timeline_says_who_changed_what_when() -> None:
    host = Host(TimelineScreen(told(), SHANGHAI, NOW))
    async with host.run_test() as pilot:
        seen = host.seen
        assert "v3 · 14:04 · 老周 · 6 minutes ago" in seen
        assert "ETA: unknown → 14:30" in seen
        assert "Status: investigating → identified" in seen
        assert "[/退款] [bold]A123[/] ␛]52" in seen
        assert seen.index("v3") < seen.index("v2") < seen.index("v1")
        await pilot.press("enter")
    assert host.answer is None


async def test_a_timeline_scrolls_in_a_small_window() -> None:
    host = Host(TimelineScreen(told() * 5, SHANGHAI, NOW))
    async with host.run_test(size=SMALL) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert "v1 · 13:18 · 小李" in host.seen or "Started: 13:16" in host.seen
        await pilot.press("home")
        await pilot.pause()
        assert "v3 · 14:04" in host.seen


async def test_an_incident_without_versions_says_so() -> None:
    host = Host(TimelineScreen((), SHANGHAI, NOW))
    async with host.run_test():
        assert "No version of this incident is recorded." in host.seen


@SIZES
async def test_help_shows_keys_with_what_they_do(size: tuple[int, int]) -> None:
    groups = [("Reply", [("Enter", "Fill and copy", "Ask, check, copy"), ("^E", "Edit", HOSTILE)])]
    host = Host(HelpScreen(groups))
    async with host.run_test(size=size):
        line = next(line for line in host.seen.split("\n") if "Enter" in line)
        assert "Fill and" in line
        assert "Ask, check, copy" in line
        assert "[/退款] [bold]A123[/]" in host.seen


async def test_dialogs_speak_chinese() -> None:
    locale.use("zh")
    host = Host(TimelineScreen(told(), SHANGHAI, NOW))
    async with host.run_test():
        assert "时间线：登录故障" in host.seen
        assert "状态：排查中 → 已定位" in host.seen
        assert "关闭 Esc" in host.seen
