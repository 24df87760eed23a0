"""What Enter means: it sends only what was asked for and was on the screen; a key that is held sends nothing twice."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.locale import _
from agent_assist.tui.desk.commands.send_reply import send_reply
from agent_assist.tui.desk.last_enter import BOUNCE_SECONDS, LastEnter
from agent_assist.tui.desk.render.results_text import title_in

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def press_enter(screen: "DeskScreen") -> None:
    """Send the reply, or ask for what is missing in it; show it first where it is not in sight."""
    if _is_early(screen):
        return
    if not screen.uncover_reply():
        screen.state.note_choice()  # whoever opens it has chosen it
        screen.last_enter = LastEnter(screen.state.chat.id, screen.ticks() + BOUNCE_SECONDS, BOUNCE_SECONDS, "")
    elif _is_asked_for(screen):
        screen.run_command(send_reply(screen))


def _is_early(screen: "DeskScreen") -> bool:
    """Return whether Enter comes so shortly after the one before in this chat that it was meant for that.

    A key that is held down never becomes a second reply.
    """
    before, now = screen.last_enter, screen.ticks()
    if before is None or before.chat_id != screen.state.chat.id or now >= before.until:
        return False
    screen.last_enter = replace(before, until=now + before.pause)
    if before.message:
        screen.app.clear_notifications()
        screen.notify_user(before.message)
    return True


def _is_asked_for(screen: "DeskScreen") -> bool:
    """Return whether somebody chose the phrase on the screen; else Enter chooses it, and the next one copies."""
    state = screen.state
    phrase = state.phrase
    if phrase is None or state.is_chosen:
        return True
    screen.choose(state.chosen)
    message = _(
        "Nothing was chosen yet. Enter copies “{title}” for {name}.",
        title=title_in(phrase),
        name=state.name_of(state.chat),
    )
    screen.last_enter = LastEnter(state.chat.id, screen.ticks() + BOUNCE_SECONDS, BOUNCE_SECONDS, message)
    screen.notify_user(message)
    return False
