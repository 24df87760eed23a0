"""The application: styles, themes, signals; what happens on the desk is in its screen.

Ends with `return_code` 0, or 128 and the signal's number when a signal ended it; drafts are stored either way.
"""

import asyncio
import signal
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.notifications import SeverityLevel

from agent_assist.errors import AgentAssistError
from agent_assist.locale import _
from agent_assist.services import Services
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.command import Commands
from agent_assist.tui.command_screen import AlertChanged, CommandScreen, IncidentActionAsked, OpenScreen
from agent_assist.tui.desk.messages import NewsHeard, StoreLost
from agent_assist.tui.desk.screen import DeskScreen
from agent_assist.tui.desk.sync import PollIntervals
from agent_assist.tui.ordered_input import OrderedInput
from agent_assist.tui.textual_private import (
    BytesReplaced,
    RemovesEmptyToasts,
    TerminalClosed,
    crash_from_thread,
    forget_closed,
    withdraw_message,
)
from agent_assist.tui.themes import DEFAULT_THEME, HIGH_CONTRAST
from agent_assist.tui.warm_up import warm_up

if TYPE_CHECKING:
    from collections.abc import Callable

ENDING = ("SIGTERM", "SIGHUP", "SIGINT", "SIGBREAK")
"""Those that this system has: SIGBREAK is Ctrl+Break on Windows."""

HARMLESS = (
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGWINCH",
    "SIGKILL",
    "SIGINFO",
)
"""Signals that end nothing by themselves, or cannot be handled."""

FAULTS = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL")
"""Signals after which no Python runs."""

LAST_KEYS = 0.5
"""Seconds at most that a signal waits for the effect of keys that were pressed before it."""


def ending_signals() -> list[int]:
    """Return every signal that would end the program silently and leave the terminal as the desk set it."""
    named = {int(number) for name in ENDING if (number := getattr(signal, name, None)) is not None}
    left_alone = {int(number) for name in HARMLESS + FAULTS if (number := getattr(signal, name, None)) is not None}
    others = {int(number) for number in signal.valid_signals()} - named - left_alone
    return [*named, *(number for number in others if signal.getsignal(number) is signal.SIG_DFL)]


def load_desk_commands() -> Commands:
    """Return what is done on the desk, by the id of the action."""
    from agent_assist.tui.desk.commands import COMMANDS  # loaded after the first paint

    return COMMANDS


def load_review_commands() -> Commands:
    """Return what is done on the review, by the id of the action."""
    from agent_assist.tui.review.commands import COMMANDS  # loaded when it is first opened

    return COMMANDS


class AgentAssistApp(OrderedInput[None], RemovesEmptyToasts[None]):
    """One desk in one terminal."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [*sorted(Path(__file__).parent.rglob("*.tcss"))]
    ENABLE_COMMAND_PALETTE = False  # ours is built from the registry of actions
    ALLOW_SELECT = False
    """Text that is selected on the screen and copied would leave past the check; the terminal's own selection stays
    (Shift and the mouse). Textual's also falls over a click on a widget that was removed a moment before."""
    BINDINGS: ClassVar[list[BindingType]] = []
    TITLE = "agent-assist"

    def __init__(self, services: Services, intervals: PollIntervals | None = None) -> None:
        """`pace`: how often is looked for changes; as usual when it is not given."""
        super().__init__()
        self.worker = SerialWorker()
        self.services = services
        self.desk_screen = DeskScreen(
            services, self.worker, commands=load_desk_commands, warm_up=partial(warm_up, services), intervals=intervals
        )
        self._screens: Mapping[str, Callable[[], CommandScreen[Any, None]]] = {
            "review": self._new_review,
            "incidents": self._new_board,
        }
        self._has_told_encoding = False
        self._exit_task: asyncio.Future[None] | None = None
        self.ended_by = 0
        """The number of the signal that ended the program."""
        self.when_ended: Callable[[int], object] | None = None
        """Called with that number at once, in case the terminal is gone and the orderly exit hangs."""
        self.register_theme(HIGH_CONTRAST)
        theme = services.settings.theme
        self.theme = theme if theme in self.available_themes else DEFAULT_THEME

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a short message; one that is shown already is renewed instead of shown twice."""
        withdraw_message(self, message)
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def get_default_screen(self) -> DeskScreen:
        return self.desk_screen

    def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._note_unawaited)
        for number in ending_signals():
            try:
                self._handle_signal(loop, number)
            except (RuntimeError, ValueError):  # not the main thread
                return
            except OSError:  # the system keeps this one for itself
                continue

    @on(OpenScreen)
    async def _open_screen(self, event: OpenScreen) -> None:
        """Lay the screen of this name over the one that asked for it."""
        screen = self._screens[event.name]()
        screen.alert = self.desk_screen.alert
        await self.push_screen(screen)

    @on(AlertChanged)
    def _alert_changed(self, event: AlertChanged) -> None:
        for screen in (self.desk_screen, *self._screens_over_desk()):
            screen.show_alert(event.alert)

    @on(IncidentActionAsked)
    def _incident_action_asked(self, event: IncidentActionAsked) -> None:
        """Let the desk do it: it publishes facts, and its dialogs lie over whatever screen is open."""
        from agent_assist.tui.desk.commands.incident_actions import INCIDENT_COMMANDS  # loaded with the first one

        INCIDENT_COMMANDS[event.action](self.desk_screen, event.versions or ())

    @on(NewsHeard)
    def _news_heard(self, event: NewsHeard) -> None:
        for screen in self._screens_over_desk():
            screen.hear(event.news)

    @on(StoreLost)
    def _store_lost(self, event: StoreLost) -> None:
        for screen in self._screens_over_desk():
            screen.lose_store(event.reason)

    def _screens_over_desk(self) -> "list[CommandScreen[Any, Any]]":
        return [each for each in self.screen_stack if isinstance(each, CommandScreen) and each is not self.desk_screen]

    def _new_board(self) -> CommandScreen[Any, None]:
        from agent_assist.tui.board import commands, screen  # loaded when it is first opened

        return screen.BoardScreen(self.services, self.worker, commands=lambda: commands.COMMANDS)

    def _new_review(self) -> CommandScreen[Any, None]:
        from agent_assist.tui.review.screen import ReviewScreen  # loaded when it is first opened

        self.desk_screen.state.shows_log = True
        return ReviewScreen(self.services, self.worker, commands=load_review_commands)

    def _note_unawaited(self, _loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        """Write down an error that nobody waited for; printed, it would stand in the middle of the screen."""
        error = context.get("exception")
        if error is not None and not isinstance(error, AgentAssistError):
            self.note(error)

    def end_by(self, error: BaseException) -> None:
        """End the program because of a fault in another thread."""
        crash_from_thread(self, error)

    def pop_screen(self) -> AwaitComplete:
        """Close the dialog or screen on top, and let go of those that closed before."""
        self.call_later(forget_closed, self)
        return super().pop_screen()

    def _handle_signal(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        try:
            loop.add_signal_handler(number, self._end, number)
        except NotImplementedError:  # Windows: the loop handles no signals itself, but is woken by them
            signal.signal(number, lambda received, _frame: loop.call_soon_threadsafe(self._end, received))

    def _end(self, number: int) -> None:
        self.ended_by = number
        if self.when_ended is not None:
            self.when_ended(number)
        self._exit_task = asyncio.ensure_future(self._exit_after_input(128 + number))

    async def _exit_after_input(self, code: int) -> None:
        """Leave once what was typed before is on the desk; it belongs to the drafts."""
        await self.finish_input(LAST_KEYS)
        self.exit(return_code=code)

    @on(TerminalClosed)
    def _terminal_closed(self) -> None:
        self._end(int(getattr(signal, "SIGHUP", signal.SIGTERM)))

    @on(BytesReplaced)
    def _bytes_replaced(self) -> None:
        """Say once what the marks are: a terminal with another encoding sends them with every letter."""
        if not self._has_told_encoding:
            self._has_told_encoding = True
            message = _("The terminal sends another encoding than UTF-8: what cannot be read is shown as �.")
            self.notify(message + " " + _("Set the terminal to UTF-8."), severity="warning", timeout=15, markup=False)

    async def action_quit(self) -> None:
        """Ctrl+Q is Textual's own and comes first everywhere; it means what the desk's Quit means."""
        await self.desk_screen.action_do("quit")

    def action_help_quit(self) -> None:
        """Ctrl+C copies in text fields; people who expect it to quit are told what does."""
        self.notify(_("^Q leaves the desk; chats and drafts are kept."), markup=False)
