"""One queue for input: a key, paste or click is handed on only after the one before has had its full effect, so that
no key reaches a field that was left, or is lost because a dialog is not open yet.

Textual hands letters to the focused widget at once but lets bound keys climb to the app first; of keys that arrive in
one piece (a slow line, a text expander, an input method) letters would otherwise overtake Backspace, Enter and Tab.

A terminal without bracketed paste sends a pasted text as if it were typed. Time tells them apart: nobody types two keys
within `MAX_KEY_GAP` seconds. A run of such keys is text only while it holds characters, Enter and Tab; any other key,
such as an arrow, ends it. An Enter in a run with characters is a line end, as in a paste, where the screen says so by
`line_ends`; a screen where Enter sends or runs something says "always", also for one line with one Enter: to press
Enter once more is cheap, a reply that nobody read is not. An Enter that was pressed by itself is never held.
"""

import asyncio
from collections import deque
from itertools import takewhile
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Input

from agent_assist.cleaning import clean
from agent_assist.locale import _
from agent_assist.tui.textual_private import CapturesFault, crash, is_settled, terminal_driver

Result = TypeVar("Result")

MAX_KEY_GAP = 0.012
"""Seconds; keys that are further apart were pressed one by one by a person."""

MAX_SETTLE_TIME = 0.5
"""Seconds without activity for which input waits for the effect of the one before: a widget may hang."""

EAGER_POLLS = 50
"""Checks whether input had its effect that follow each other without a pause."""

POLL_INTERVAL = 0.002
"""Seconds between checks after those."""

MAX_PASTE_TIME = 1.0
"""Seconds at most that a paste is collected before it is handed on."""

MIN_JOINED_KEYS = 64
"""Characters that wait for one field from which they are handed on as one text: a field's time for each key grows with
what it holds, so that a long text without bracketed paste would take minutes."""

_LINE_FEED = "ctrl+j"

_LINE_END_KEYS = frozenset(["enter", _LINE_FEED])
"""What a line end of a pasted text arrives as; Enter and a line feed together are one."""

_SILENT_MODIFIERS = frozenset(["alt", "super", "hyper", "meta"])
"""Modifiers whose keys type no letter. With Ctrl only a terminal that says so gives a character: AltGr on Windows."""

LineEnds = Literal["never", "between", "always"]
"""Where Enter among characters of one run is a line end: "between" only where characters follow it."""


@runtime_checkable
class RunsCommands(Protocol):
    """A screen whose commands may take a moment before they ask something."""

    @property
    def is_running_command(self) -> bool:
        """Return whether a command is running, and what is typed belongs to what it asks."""


@runtime_checkable
class HasLineEnds(Protocol):
    """A screen that says what Enter is among characters that arrive at once."""

    @property
    def line_ends(self) -> LineEnds:
        """What it is now, for the field that has the focus."""


class OrderedInput(CapturesFault[Result]):
    """An app whose input waits its turn."""

    def __init__(self) -> None:
        super().__init__()
        self._inputs: deque[events.Event] = deque()
        self._reader: asyncio.Task[None] | None = None
        self._turn: events.Event | None = None
        """The input that is being handed to Textual."""
        self._is_overdue = False
        self.hears_pastes = False
        """Whether keys that arrive at once are checked for a paste also without a terminal."""
        self._last_key = float("-inf")
        self._run_has_text = False
        """Characters stand in the run of keys that the last key belongs to."""
        self.is_in_text = False
        """Whether the last Enter stood among characters that arrived with it."""
        self.is_pasting = False
        """Whether characters followed an Enter in the same run, as in a pasted text."""

    @property
    def has_input(self) -> bool:
        """Return whether something typed has not had its effect yet."""
        return self._reader is not None and not self._reader.done()

    async def finish_input(self, seconds: float) -> None:
        """Wait until what was typed has had its effect, but no longer than this."""
        if self._reader is not None:
            await asyncio.wait([self._reader], timeout=seconds)

    def get_driver_class(self) -> type[Driver]:
        return terminal_driver(super().get_driver_class())

    async def on_event(self, event: events.Event) -> None:
        """Let input wait for its turn; everything else passes."""
        if not isinstance(event, events.InputEvent | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif event is self._turn:
            self._turn = None
            await super().on_event(event)
        elif isinstance(event, events.MouseMove) and not self.has_input:
            await super().on_event(event)
        else:
            self._inputs.append(_as_meant(event))
            if not self.has_input:
                self._reader = asyncio.create_task(self._read_inputs())
                self._reader.add_done_callback(self._reader_done)

    def _reader_done(self, reader: asyncio.Task[None]) -> None:
        if not reader.cancelled() and (error := reader.exception()) is not None:
            crash(self, error)

    async def _read_inputs(self) -> None:
        types_on = False
        while self._inputs and self.is_running:
            event = self._inputs.popleft()
            if not types_on and not isinstance(event, events.MouseMove):
                await self._settle()  # also before the first: a dialog may just be opening
            if isinstance(event, events.Key):
                event = self._with_what_waits(await self._typed_or_pasted(event))
            await self._hand_on(event)
            types_on = self._types_on(event)
            if not self._inputs:
                await self._settle()

    def _with_what_waits(self, event: events.Event) -> events.Event:
        """Return this character, or the text that it begins where many characters wait for the same field."""
        if not _takes_text(self.focused) or not _is_visible(event):
            return event
        run = [event, *takewhile(_is_character, self._inputs)]
        if len(run) <= MIN_JOINED_KEYS:
            return event
        while not _is_visible(run[-1]):  # a text that is pasted loses the spaces at its ends
            run.pop()
        for _key in run[1:]:
            self._inputs.popleft()
        keys = [key for key in run if isinstance(key, events.Key)]
        self._last_key, self._run_has_text = keys[-1].time, True
        return events.Paste("".join(key.character or "" for key in keys))

    async def _hand_on(self, event: events.Event) -> None:
        """Give Textual this input, and wait until it has taken it."""
        self._turn = event
        self.post_message(event)
        polls = 0
        while self._turn is event and self.is_running:
            await asyncio.sleep(0 if polls < EAGER_POLLS else POLL_INTERVAL)
            polls += 1

    def _types_on(self, event: events.Event) -> bool:
        """Return whether this is a character and the next one too, both for the field that has the focus."""
        following = self._inputs[0] if self._inputs else None
        return _takes_text(self.focused) and all(
            isinstance(key, events.Key) and key.is_printable for key in (event, following)
        )

    async def _settle(self) -> None:
        """Wait until the last input has had its effect, and a command that it started has asked or is done."""
        loop = asyncio.get_running_loop()
        idle, polls, polled_at = 0.0, 0, loop.time()
        while (is_running_command := self._is_running_command) or not is_settled(self):
            await asyncio.sleep(0 if polls < EAGER_POLLS else POLL_INTERVAL)
            polls += 1
            # A machine that is busy, opening a dialog for instance, is not a widget that hangs.
            idle, polled_at = idle + min(loop.time() - polled_at, 2 * POLL_INTERVAL), loop.time()
            if not is_running_command and idle > (MAX_KEY_GAP if self._is_overdue else MAX_SETTLE_TIME):
                self._is_overdue = True  # wait once for a widget that hangs, not again at each key
                return
        self._is_overdue = False

    @property
    def _is_running_command(self) -> bool:
        screen: object = self._top_screen
        return isinstance(screen, RunsCommands) and screen.is_running_command

    @property
    def _top_screen(self) -> Screen[Any] | None:
        return self.screen_stack[-1] if self.screen_stack else None

    # Telling a paste from typing

    async def _typed_or_pasted(self, key: events.Key) -> events.Event:
        """Return this key, or the paste that it begins."""
        if self.is_headless and not self.hears_pastes:
            return key
        if key.time - self._last_key > MAX_KEY_GAP:
            self._run_has_text = self.is_in_text = self.is_pasting = False
        self._last_key = key.time
        if key.key not in _LINE_END_KEYS:
            self._run_has_text = _is_text(key) and (self._run_has_text or key.key != "tab")
            return key
        screen = self._top_screen
        line_ends: LineEnds = screen.line_ends if isinstance(screen, HasLineEnds) else "never"
        if isinstance(self.focused, Button):  # Enter would press it
            line_ends = "always"
        follows = await self._text_follows(key)
        self.is_pasting = self.is_pasting or follows
        self.is_in_text = self._run_has_text or follows
        if self._is_line_end(key, line_ends):
            return await self._paste_from(key)
        self._drop_line_feed(key)
        return key

    def _is_line_end(self, key: events.Key, line_ends: LineEnds) -> bool:
        """Return whether this is the end of a line of a pasted text. A line feed among characters is never pressed."""
        if line_ends == "between":
            return self.is_pasting
        return self.is_in_text and (line_ends == "always" or key.key == _LINE_FEED)

    def _drop_line_feed(self, key: events.Key) -> None:
        """Pass over the line feed right behind this Enter: the two are one line end."""
        following = self._inputs[0] if self._inputs else None
        if isinstance(following, events.Key) and _is_second_half(key, following):
            self._inputs.popleft()
            self._last_key = following.time

    async def _text_follows(self, key: events.Key) -> bool:
        """Return whether characters come right after this key; waits until that is certain."""
        known = self._next_in_run(key)
        if known is None:
            await asyncio.sleep(MAX_KEY_GAP)
            known = self._next_in_run(key)
        return bool(known)

    def _next_in_run(self, key: events.Key) -> bool | None:
        """Return whether the run goes on with characters; None while nothing came that says so."""
        last = key.time
        for following in self._inputs:
            if not isinstance(following, events.Key) or not _is_text(following) or following.time - last > MAX_KEY_GAP:
                return False
            if following.key != "tab" and following.key not in _LINE_END_KEYS:
                return True
            last = following.time
        return None

    async def _paste_from(self, key: events.Key) -> events.Paste:
        """Return the rest of the run as one paste, and tell the user that its line ends send nothing."""
        parts, before, spaces = ["\n"], key, list[events.Key]()
        deadline = key.time + MAX_PASTE_TIME
        while True:
            if not self._inputs:
                await asyncio.sleep(MAX_KEY_GAP)
            if not self._inputs:
                break
            following = self._inputs[0]
            if not isinstance(following, events.Key) or not _is_text(following):
                break
            if following.time - before.time > MAX_KEY_GAP or (
                following.time > deadline and following.key in _LINE_END_KEYS
            ):
                break
            self._inputs.popleft()
            if not _is_second_half(before, following):
                parts.append("\n" if following.key in _LINE_END_KEYS else following.character or "")
                spaces = [*spaces, following] if parts[-1] == " " else []
            before = following
        if spaces:  # they are typed instead: a pasted text loses them, and more of its line may follow
            del parts[-len(spaces) :]
            self._inputs.extendleft(reversed(spaces))
        self._last_key, self._run_has_text, self.is_pasting = before.time, True, True
        notify_line_ends_held(self)
        return events.Paste("".join(parts))


def is_in_text(app: App[Any]) -> bool:
    """Return whether the Enter being handled stands among characters that arrived with it."""
    return isinstance(app, OrderedInput) and app.is_in_text


def is_pasting(app: App[Any]) -> bool:
    """Return whether characters followed an Enter in the run of keys being handled, as in a pasted text."""
    return isinstance(app, OrderedInput) and app.is_pasting


def notify_line_ends_held(app: App[Any]) -> None:
    """Tell the user why Enter did nothing."""
    said = _("The text came in one go, as from a paste: its line ends send nothing. Press Enter by itself.")
    app.notify(said, severity="warning", markup=False)


def _is_text(key: events.Key) -> bool:
    """Return whether this key may be part of a pasted text."""
    return key.key == "tab" or key.key in _LINE_END_KEYS or key.is_printable


def _is_second_half(key: events.Key, following: events.Key) -> bool:
    """Return whether these two are one line end, as in texts from Windows."""
    return key.key == "enter" and following.key == _LINE_FEED and following.time - key.time <= MAX_KEY_GAP


def _is_character(event: events.Event) -> bool:
    """Return whether this key types a character."""
    return isinstance(event, events.Key) and event.is_printable


def _takes_text(widget: Widget | None) -> bool:
    """Whether characters go into this widget: an input, or a text area, whose class is slow to import."""
    return isinstance(widget, Input) or getattr(widget, "takes_text", False) is True


def _is_visible(event: events.Event) -> bool:
    """Return whether this key types more than a space."""
    return isinstance(event, events.Key) and event.is_printable and not (event.character or " ").isspace()


def _as_meant(event: events.Event) -> events.Event:
    """Return input as the program takes it: text is cleaned, and a key with Alt or Ctrl types nothing."""
    if isinstance(event, events.Paste):
        event.text = clean(event.text)
    elif isinstance(event, events.Key) and event.character is not None:
        modifiers = event.key.split("+")[:-1]
        is_letter = event.character.isascii() and event.character.isalnum()
        if not _SILENT_MODIFIERS.isdisjoint(modifiers) or (is_letter and "ctrl" in modifiers):
            event.character = None
    return event
