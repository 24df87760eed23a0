"""The base of every full screen: its actions do commands, one at a time; keys, footer, palette and help come with it.

A screen needs a state, an `ActionRegistry` over it, a loader of commands, a `body` and `show_all`.
"""

from collections.abc import Coroutine, Iterable, Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widget import Widget

from agent_assist.cleaning import clean
from agent_assist.locale import _
from agent_assist.tui.command import Action, ActionRegistry, CommandLoader, Commands, State
from agent_assist.tui.ends_once import EndsOnce
from agent_assist.tui.running_command import KEY_HOLD_SECONDS, RunningCommand
from agent_assist.tui.text.line import STYLE_NAMES
from agent_assist.tui.textual_private import is_notice_shown
from agent_assist.tui.widgets.foot_line import FootLine
from agent_assist.tui.widgets.layout import LAYOUTS, Layout, layout_for
from agent_assist.tui.widgets.too_small import TooSmall

if TYPE_CHECKING:
    from textual.command import CommandListItem

    from agent_assist.incidents import Incident
    from agent_assist.store.news import News

Answer = TypeVar("Answer")
Result = TypeVar("Result")


class OpenScreen(Message):
    """A screen asked for another one by its name; the app, which knows them all, lays it on top."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


IncidentAction = Literal["new", "update", "resolve", "reopen", "told", "timeline", "announce"]


class IncidentActionAsked(Message):
    """A screen asked the desk, which publishes facts, to do something about an incident; None for a new one."""

    def __init__(self, action: IncidentAction, versions: "Sequence[Incident] | None") -> None:
        super().__init__()
        self.action = action
        self.versions = versions


class AlertChanged(Message):
    """What every screen shall show at the end of its footer is another: what customers wait for, what is new."""

    def __init__(self, alert: Content) -> None:
        super().__init__()
        self.alert = alert


REPEATED_NOTICE_SECONDS = 1.0
"""The same message within this time, while it stands there, is not shown again."""


class CommandScreen(EndsOnce[Result], Generic[State, Result]):
    """A full screen. Subclasses set `ACTIONS`, from which their keys are bound, and say `conditions` and `body`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(STYLE_NAMES)
    ACTIONS: ClassVar[ActionRegistry[Any]] = ActionRegistry({}, ())

    def __init_subclass__(cls, **options: Any) -> None:
        if "ACTIONS" in vars(cls):
            cls.BINDINGS = [*vars(cls).get("BINDINGS", ()), *cls.ACTIONS.bindings()]
        super().__init_subclass__(**options)

    def __init__(self, commands: CommandLoader) -> None:
        """`commands` do the actions by their ids; palette, help and quit are there already."""
        super().__init__()
        self._load_commands = commands
        self.layout_now: Layout = "wide"
        self.alert = Content("")
        self.running_command = RunningCommand()
        self._last_notice = ("", 0.0)

    # What a subclass says, or leaves as it is

    def hear(self, news: "tuple[News, ...]") -> None:
        """Take in what others changed, while this screen lies over the desk."""

    def lose_store(self, reason: str) -> None:
        """Take in that the database does not answer, while this screen lies over the desk."""

    def conditions(self) -> State:
        """Return the state that decides which actions work now."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """Return the widgets above the footer."""
        raise NotImplementedError

    def show_all(self) -> None:
        """Show the whole state in the widgets."""
        self.show_footer()

    def footer_actions(self) -> list[Action[State]]:
        """Return the actions of the footer, most important first."""
        return self.ACTIONS.footer(self.conditions())

    # Layout

    def compose(self) -> ComposeResult:
        self.choose_layout(self.app.size)  # before there are widgets whose styles would have to be computed twice
        for widget in self.body():
            yield widget.add_class("screen-body")  # hidden where nothing fits
        yield FootLine()
        yield TooSmall()

    def on_mount(self) -> None:
        self.show_all()

    def on_resize(self, event: events.Resize) -> None:
        self.choose_layout(event.size)
        self.call_after_refresh(self.show_all)

    def choose_layout(self, size: Size) -> None:
        """Choose the layout that a window of this size has room for, and name it for the stylesheet."""
        self.layout_now = layout_for(size.width, size.height)
        for name in LAYOUTS:
            self.set_class(name == self.layout_now, f"-{name}")

    def show_footer(self) -> None:
        """Show what works now, with its key."""
        self.query_one(FootLine).show_actions(self.footer_actions(), self.alert)

    def show_alert(self, alert: Content) -> None:
        """Show this at the end of the footer from now on."""
        self.alert = alert
        if self.is_mounted:
            self.show_footer()

    # Actions

    @on(FootLine.Picked)
    async def _action_picked(self, event: FootLine.Picked) -> None:
        await self.action_do(event.action_id)

    async def action_do(self, action_id: str) -> None:
        """Do the action with this id, or notify the user why it does not work now."""
        if reason := self.ACTIONS[action_id].disabled_reason(self.conditions()):
            self.notify_user(reason, "warning")
            return
        commands: Commands = {**SHARED_COMMANDS, **self._load_commands()}
        await commands[action_id](self)

    def notify_user(self, message: str, severity: SeverityLevel = "information", seconds: float = 5.0) -> None:
        """Show a short message for so many seconds; cleaned, and never markup.

        One that stands there since a moment ago is not shown again: a key that is held down, or thousands of letters
        pasted where each is a key, would lay the screen out for each.
        """
        text, now = clean(message), monotonic()
        before, at = self._last_notice
        if text == before and now - at < REPEATED_NOTICE_SECONDS and is_notice_shown(self.app, text):
            return
        self._last_notice = text, now
        self.notify(text, severity=severity, timeout=seconds, markup=False)

    def run_command(self, command: Coroutine[None, None, None]) -> None:
        """Run a command that asks or waits. While one is running another is refused, with a message."""
        if any(worker.group == "command" and worker.is_running for worker in self.workers):
            command.close()
            self.notify_user(_("One moment, the last step is not finished yet."), "warning")
            return
        self.running_command.start()
        self.run_worker(self._finish(command), group="command")

    async def _finish(self, command: Coroutine[None, None, None]) -> None:
        try:
            await command
        finally:
            self.running_command.finish()

    @property
    def is_running_command(self) -> bool:
        """Whether what is typed waits for the dialog that the running command opens."""
        return self.running_command.holds_keys(KEY_HOLD_SECONDS)

    async def ask(self, question: Screen[Answer]) -> Answer | None:
        """Ask with a dialog and return its answer; None when the person went back."""
        answer = await self.app.push_screen_wait(question)
        self.running_command.start()
        return answer

    # What every screen can do

    async def show_palette(self) -> None:
        """List every action by name, with its key and, when it does not work now, the reason."""
        from agent_assist.tui.widgets.palette import palette  # loaded when it is first opened

        state = self.conditions()
        commands: list[CommandListItem] = []
        for action in self.ACTIONS:
            if action.id != "command_palette":
                reason = action.disabled_reason(state)
                name = _(action.label) + (f"  {action.key}" if action.key else "")
                explanation = f"✗ {reason}" if reason else _(action.help)
                commands.append((name, partial(self.action_do, action.id), explanation))
        self.app.push_screen(palette(self, commands, _("Find a command…")))

    async def show_help(self) -> None:
        """List all keys."""
        from agent_assist.tui.forms.key_help import HelpScreen  # loaded when it is first opened

        self.app.push_screen(HelpScreen(self.ACTIONS.help_groups()))

    async def quit(self) -> None:
        """End the program as Ctrl+Q does."""
        await self.run_action("app.quit")


SHARED_COMMANDS: Commands = {
    "command_palette": CommandScreen.show_palette,
    "help": CommandScreen.show_help,
    "quit": CommandScreen.quit,
}
"""The commands that every screen has without being given them."""
