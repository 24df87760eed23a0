"""Moving in the list and the reply while the search box keeps the focus, and one step back with Escape."""

from typing import TYPE_CHECKING

from agent_assist.errors import AgentAssistError
from agent_assist.locale import _

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def next_phrase(screen: "DeskScreen") -> None:
    """Choose the next phrase."""
    screen.choose(screen.state.chosen + 1)


async def previous_phrase(screen: "DeskScreen") -> None:
    """Choose the phrase before."""
    screen.choose(screen.state.chosen - 1)


async def page_down(screen: "DeskScreen") -> None:
    """Go one page of results down."""
    screen.choose(screen.state.chosen + screen.finder.results.page)


async def page_up(screen: "DeskScreen") -> None:
    """Go one page of results up."""
    screen.choose(screen.state.chosen - screen.finder.results.page)


async def first_phrase(screen: "DeskScreen") -> None:
    """Choose the first phrase."""
    screen.choose(0)


async def last_phrase(screen: "DeskScreen") -> None:
    """Choose the last phrase."""
    screen.choose(len(screen.state.rows) - 1)


async def pin(screen: "DeskScreen") -> None:
    """Pin the chosen phrase, so that it stands first when nothing was typed; or take the pin away."""
    state = screen.state
    if state.phrase is None:
        return
    state.pin(state.phrase.id)
    screen.show_list()
    habits = state.habits
    try:
        await screen.worker.do(lambda: screen.services.pin(habits))
    except AgentAssistError as error:
        screen.notify_user(str(error), "error", 10)
        return
    is_pinned = state.phrase is not None and state.phrase.id in habits.pinned
    screen.notify_user(_("Pinned: stands first while nothing is typed.") if is_pinned else _("No longer pinned."))


async def preview_down(screen: "DeskScreen") -> None:
    """Scroll the reply down."""
    screen.reply_panel.preview.scroll_lines(2)


async def preview_up(screen: "DeskScreen") -> None:
    """Scroll the reply up."""
    screen.reply_panel.preview.scroll_lines(-2)


async def toggle_reply(screen: "DeskScreen") -> None:
    """Change between results and reply, where there is room for one of them."""
    screen.toggle_class("-reply-open")
    screen.call_after_refresh(screen.show_results)


async def step_back(screen: "DeskScreen") -> None:
    """Go one step back: fold what is unfolded, then empty the search box, then bring back what it held."""
    state, box = screen.state, screen.finder.box
    if screen.has_class("-facts-open") or screen.has_class("-reply-open"):
        screen.remove_class("-facts-open", "-reply-open")
        screen.call_after_refresh(screen.show_all)
    elif box.value:
        state.cleared_queries[state.chat.id], box.value = box.value, ""
    elif before := state.cleared_queries.pop(state.chat.id, ""):
        box.value = before
        box.select_all()  # so that the next word takes its place
