"""Writing Chinese and Latin text: where lines break, and that nothing is lost by it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.widgets.text_area import Document

from agent_assist.tui.desk.dialogs.edit_form import EditScreen
from agent_assist.tui.text.wrap import wrap
from agent_assist.tui.textual_private.rewrapped_text_area import RewrappedDocument
from tests.tui.dialogs.host import Host, paste

TEXT = "网页登录、App 登录故障前后 54 分钟，耽误的是您实实在在的事，这是我们的责任，我再次向您道歉。"


async def test_a_number_does_not_tear_a_chinese_line_apart() -> None:
    host = Host(EditScreen(TEXT, "Reply"))
    async with host.run_test(size=(60, 16)) as pilot:
        await pilot.pause()
        lines = [line for line in host.seen.split("\n") if "│" in line and line.strip("│ ")]
        assert "故障前后 54 分钟" in lines[0]


@given(
    st.lists(st.text(st.sampled_from("王女士，您好。 ab12-()（）\t👩👨"), max_size=60), min_size=1, max_size=6),
    st.integers(3, 40),
)
@settings(max_examples=150, deadline=None)
def test_breaking_lines_loses_nothing_and_keeps_every_place_reachable(lines: list[str], width: int) -> None:
    document = Document("\n".join(lines))
    wrapped = RewrappedDocument(document, lambda line, cells: [start for start, _end in wrap(line, cells)[1:]], 4)
    wrapped.wrap(width)
    for number, line in enumerate(document.lines):
        sections = wrapped.get_sections(number)
        assert "".join(sections) == line
        if "\t" not in line:
            assert all(cell_len(section.rstrip(" ")) <= width for section in sections)
        for column in range(len(line) + 1):
            offset = wrapped.location_to_offset((number, column))
            assert 0 <= offset.y < wrapped.height


@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_moving_and_deleting_works_across_breaks(size: tuple[int, int]) -> None:
    host = Host(EditScreen(TEXT, "Reply"))
    async with host.run_test(size=size) as pilot:
        await pilot.press("up", "end", "down", "end", "x", "backspace", "backspace")
        await paste(pilot, "。")
        await pilot.press("y", "ctrl+s")
    assert host.answer == TEXT + "y"


async def test_a_very_long_paste_is_kept_whole() -> None:
    host = Host(EditScreen("", "Reply"))
    lines = "\n".join(f"第 {number} 行，[A{number}]" for number in range(5_000))
    async with host.run_test() as pilot:
        await paste(pilot, lines)
        await pilot.press("z", "ctrl+s")
    assert host.answer == lines + "z"
