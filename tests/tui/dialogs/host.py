"""The smallest program that can show a dialog: it keeps what the dialog answered."""

import asyncio
import datetime as dt
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from agent_assist.chats import Chat, Customer
from agent_assist.incidents import Eta, Incident
from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.phrase import Field
from agent_assist.services.make_reply import Reply, Setting, make_reply
from agent_assist.tui.ordered_input import OrderedInput
from tests.conftest import NOW, SHANGHAI

OPEN: Any = object()
"""Stands for "not answered yet", since None is an answer."""

SMALL, USUAL, WIDE = (60, 16), (80, 24), (140, 40)

HOSTILE = "[/退款] [bold]A123[/] \x1b]52;c;AAAA\x07 👩‍💻 \u202eסיסמה"
"""Markup, an escape sequence, an emoji of several parts, and text that would turn the reading direction."""

_TUI = Path(__file__).parents[3] / "agent_assist" / "tui"


class Host(OrderedInput[None]):
    """Shows one dialog; `answer` is what came back."""

    CSS_PATH: ClassVar = [_TUI / "forms" / "forms.tcss"]
    CSS = "Screen { overflow: hidden hidden; }"  # the ground's own scrollbars would flicker for ever at one column
    ENABLE_COMMAND_PALETTE = False
    dialog: Any  # the screen under test, with what only its own class has
    answer: Any

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answer = OPEN

    def compose(self) -> ComposeResult:
        yield Static("desk")

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self._answered)

    def _answered(self, answer: Any) -> None:
        self.answer = answer

    @property
    def seen(self) -> str:
        """The characters on the terminal now, line by line."""
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips(self.size))

    @property
    def said(self) -> str:
        """The same as running text, without frames and line breaks."""
        return " ".join(re.sub("[│▌▂▄▅▆▇█]", " ", self.seen).split())


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Press the key of each character."""
    await pilot.press(*text)


async def until_said(host: Host, text: str) -> None:
    """Wait until the dialog says this, however busy the machine is."""
    deadline = time.monotonic() + 60
    while text not in host.said:
        assert time.monotonic() < deadline, f"{text!r} is not in {host.said!r}"
        await asyncio.sleep(0.02)


async def paste(pilot: Pilot[None], text: str) -> None:
    """What a terminal does with a pasted text."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause()


def later(minutes: float) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def incident(**changed: Any) -> Incident:
    """A sign-in outage, known in Chinese and partly in English."""
    facts: dict[str, Any] = {
        "id": "INC-1",
        "version": 7,
        "title": "登录故障",
        "severity": "SEV1",
        "status": "identified",
        "services": ("网页登录", "App 登录"),
        "scope": "约 15% 的用户无法登录",
        "cause": "数据库升级后的兼容问题",
        "workaround": "已登录的设备请先不要退出登录",
        "eta": Eta(at=later(20)),
        "next_update_due": later(5),
        "started_at": later(-54),
        "updated_at": later(-6),
        "author": "老周",
        "translations": {"en": {"title": "Sign-in outage", "scope": "about 15% of users cannot sign in"}},
    }
    return Incident(**{**facts, **changed})


def chat(name: str = "王女士") -> Chat:
    return Chat(id="c1", customer=Customer(name=name, title="女士", order="A20931"), opened_at=NOW)


def reply(
    text: str,
    fields: Mapping[str, Field] | None = None,
    *,
    about: Incident | None = None,
    values: Mapping[str, str] | None = None,
    lang: str = "en",
) -> Reply:
    """A reply to Ms Li from this template."""
    phrase = Phrase(id="p", title={lang: "A [gift]"}, text={lang: text}, fields=fields or {})
    return make_reply(
        phrase,
        Setting(agent="小李", now=NOW, tz=SHANGHAI),
        customer=Customer(name="Ms Li", language=lang),
        incident=about,
        values=values,
        lang=lang,
    )
