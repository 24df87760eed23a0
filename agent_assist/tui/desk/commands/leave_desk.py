"""The program itself: another screen, colours, leaving."""

from functools import partial
from typing import TYPE_CHECKING

from agent_assist.locale import _
from agent_assist.tui.command_screen import OpenScreen
from agent_assist.tui.forms.confirm import ConfirmScreen

if TYPE_CHECKING:
    from textual.command import CommandListItem

    from agent_assist.tui.desk.screen import DeskScreen

_LAST = "-last-question"
"""Marks the question whether to leave, which is asked once however often the key is pressed."""


async def open_board(screen: "DeskScreen") -> None:
    """Lay the board over the desk; what is new there counts as seen."""
    screen.state.incident_marks.clear()
    screen.show_alerts()
    screen.post_message(OpenScreen("incidents"))


async def open_review(screen: "DeskScreen") -> None:
    """Lay the review over the desk."""
    screen.post_message(OpenScreen("review"))


async def change_theme(screen: "DeskScreen") -> None:
    """Choose colours."""
    from agent_assist.tui.widgets.palette import palette  # loaded when it is first opened

    app = screen.app
    commands: list[CommandListItem] = [
        (name, partial(setattr, app, "theme", name), "✓" if name == app.theme else None)
        for name in sorted(app.available_themes)
    ]
    app.push_screen(palette(screen, commands, _("Find colours…")))


async def leave(screen: "DeskScreen") -> None:
    """End the program; chats and drafts are stored on the way out. What waits for its record is named first."""
    app, unrecorded = screen.app, screen.state.unrecorded
    if app.screen.has_class(_LAST):
        return
    if not unrecorded:
        app.exit()
        return
    names = _(", ").join(dict.fromkeys(unrecorded.values()))
    question = ConfirmScreen(
        _("Leave before everything is on record?"),
        _("Sent, but not recorded yet: {names}. The desk goes on trying while it is open.", names=names),
        _("Leave"),
        _("Stay"),
    )
    question.add_class(_LAST)

    def leave_anyway(sure: bool | None) -> None:
        if sure:
            app.exit()

    app.push_screen(question, leave_anyway)
