"""Preparing, after the first paint, what searching, filling and the first key need."""

from typing import TYPE_CHECKING

from agent_assist import terminal_text
from agent_assist.tui.background import resume_gc

if TYPE_CHECKING:
    from agent_assist.services import Services


def warm_up(services: "Services") -> None:
    """Import and build it. Blocks; what the books hold cannot make it fail."""
    try:
        # loaded after the first paint
        import agent_assist.services.make_reply
        import agent_assist.tui.desk.commands  # noqa: F401
        from agent_assist.replies import warm_up as warm_up_replies
        from agent_assist.search.words import one_slip

        services.search("a")
        one_slip("serach", "search")
        warm_up_replies()
        terminal_text.graphemes("👍")  # imports the library of widths
    finally:
        resume_gc()
