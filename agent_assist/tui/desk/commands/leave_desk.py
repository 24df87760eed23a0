"""The program itself: palette, key help, colours, leaving."""

from functools import partial
from typing import TYPE_CHECKING

from agent_assist.locale import _
from agent_assist.tui.desk.actions import ACTIONS, GROUPS, key_name

if TYPE_CHECKING:
    from textual.command import CommandListItem

    from agent_assist.tui.desk.screen import DeskScreen

_LAST = "-last-question"
"""Marks the question whether to leave, which is asked once however often the key is pressed."""


async def command_palette(screen: "DeskScreen") -> None:
    """Every action by name, with its key and, when it does not work now, the reason."""
    from agent_assist.tui.widgets.palette import palette

    conditions = screen.state.conditions(screen.layout_now)
    commands: list[CommandListItem] = []
    for action in ACTIONS:
        if action.id == "command_palette":
            continue
        reason = action.disabled_reason(conditions)
        name = _(action.label) + (f"  {action.key}" if action.key else "")
        commands.append((name, _Doing(screen, action.id), f"✗ {reason}" if reason else _(action.help)))
    screen.app.push_screen(palette(screen, commands, _("Find a command…")))


class _Doing:
    """One action, ready to be called by the palette."""

    def __init__(self, screen: "DeskScreen", action_id: str) -> None:
        self._screen = screen
        self._action_id = action_id

    async def __call__(self) -> None:
        await self._screen.action_do(self._action_id)


async def help_keys(screen: "DeskScreen") -> None:
    """All keys."""
    from agent_assist.tui.forms.key_help import HelpScreen

    groups = []
    for group, title in GROUPS.items():
        rows = [
            (" ".join(dict.fromkeys(key_name(key) for key in action.keys)), _(action.label), _(action.help))
            for action in ACTIONS
            if action.group == group and action.keys
        ]
        if group == "chats":
            rows.append(("Alt+1 … Alt+8", _("A chat"), _("Go straight to a chat")))
        groups.append((_(title), rows))
    screen.app.push_screen(HelpScreen(groups))


async def change_theme(screen: "DeskScreen") -> None:
    """Choose colours."""
    from agent_assist.tui.widgets.palette import palette

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
    from agent_assist.tui.forms.confirm import ConfirmScreen

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
