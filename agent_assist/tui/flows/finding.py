"""Moving in the list and the reply while the search box keeps the focus, and one step back with Escape."""

from typing import TYPE_CHECKING

from agent_assist.tui.widgets.preview import Preview
from agent_assist.tui.widgets.result_list import ResultList
from agent_assist.tui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from agent_assist.tui.screens.desk_screen import DeskScreen


async def next_phrase(screen: "DeskScreen") -> None:
    """Choose the next phrase."""
    screen.choose(screen.sitting.chosen + 1)


async def previous_phrase(screen: "DeskScreen") -> None:
    """Choose the phrase before."""
    screen.choose(screen.sitting.chosen - 1)


async def page_down(screen: "DeskScreen") -> None:
    """One page of results down."""
    screen.choose(screen.sitting.chosen + screen.query_one(ResultList).page)


async def page_up(screen: "DeskScreen") -> None:
    """One page of results up."""
    screen.choose(screen.sitting.chosen - screen.query_one(ResultList).page)


async def first_phrase(screen: "DeskScreen") -> None:
    """Choose the first phrase."""
    screen.choose(0)


async def last_phrase(screen: "DeskScreen") -> None:
    """Choose the last phrase."""
    screen.choose(len(screen.sitting.rows) - 1)


async def preview_down(screen: "DeskScreen") -> None:
    """Scroll the reply down."""
    screen.query_one(Preview).scroll_lines(2)


async def preview_up(screen: "DeskScreen") -> None:
    """Scroll the reply up."""
    screen.query_one(Preview).scroll_lines(-2)


async def turn(screen: "DeskScreen") -> None:
    """Results or reply, where there is room for one of them."""
    screen.toggle_class("-reply-open")
    screen.call_after_refresh(screen.show_results)


async def back(screen: "DeskScreen") -> None:
    """One step back: fold what is unfolded, then empty the search box, then bring back what it held."""
    sitting, box = screen.sitting, screen.query_one(SearchBox)
    if screen.has_class("-facts-open") or screen.has_class("-reply-open"):
        screen.remove_class("-facts-open", "-reply-open")
        screen.call_after_refresh(screen.show_all)
    elif box.value:
        sitting.cleared, box.value = box.value, ""
    elif sitting.cleared:
        box.value, sitting.cleared = sitting.cleared, ""
        box.cursor_position = len(box.value)
