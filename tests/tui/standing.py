"""A desk on a test's screen: a small phrasebook, a store in memory, a fixed clock that a test can move."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events

from agent_assist.chats import Chat, Customer
from agent_assist.incidents import Eta, Incident, Publication
from agent_assist.incidents.publication import known_steps
from agent_assist.services import Services
from agent_assist.settings import Settings
from agent_assist.store import MemoryStore, Store
from agent_assist.tui.app import AgentAssistApp
from agent_assist.tui.desk.screen import DeskScreen
from agent_assist.tui.desk.sync import PollIntervals
from agent_assist.tui.desk.widgets.preview import Preview
from tests.conftest import NOW, SHANGHAI

if TYPE_CHECKING:
    from textual.pilot import Pilot
    from textual.worker import Worker

PATIENCE = 60.0
"""Seconds to wait for what must come, however busy the machine is."""

WIDE, NARROW, SMALL = (140, 40), (80, 24), (60, 16)

BOOK = """
[[phrase]]
id = "login-apology"
kind = "apology"
stages = ["investigating", "identified"]
keywords = ["登不上"]
title = { zh = "登录失败致歉", en = "Apology: cannot sign in" }
[phrase.text]
zh = "{{ customer.name }}，您好。登录故障是我们的责任，非常抱歉。目前{{ incident.scope }}，{{ incident.eta }}。"
en = "Hi {{ customer.name }}, we failed you and are sorry. Right now {{ incident.scope }}; {{ incident.eta }}."

[[phrase]]
id = "login-code"
kind = "faq"
title = { zh = "登录验证码收不到怎么办？", en = "The sign-in code does not arrive" }
[phrase.text]
zh = "{{ customer.name }}，请等一分钟再试一次。"
en = "{{ customer.name }}, please wait a minute and try again."

[[phrase]]
id = "coupon"
kind = "compensation"
title = { zh = "补偿：优惠券", en = "Compensation: coupon" }
[phrase.text]
zh = "{{ customer.name }}，您好。送您一张 {{ 券额 }}优惠券，请收下。"
en = "{{ customer.name }}, please take a {{ 券额 }} coupon."
[phrase.fields."券额"]
label = { zh = "优惠券金额", en = "Coupon amount" }
control = "money"

[[phrase]]
id = "only-chinese"
kind = "closing"
lang = "zh"
title = "感谢理解"
text = "感谢您的理解。"

[[phrase]]
id = "sensitive"
kind = "status"
confirm = true
title = { zh = "数据泄露说明", en = "About leaked data" }
text = { zh = "您的数据可能受到影响。", en = "Your data may be affected." }
"""

INCIDENT = Incident(
    title="登录故障",
    severity="SEV1",
    status="identified",
    services=("网页登录",),
    scope="约 15% 的用户无法登录",
    cause="数据库升级后的兼容问题",
    workaround="请先不要退出登录",
    eta=Eta(at=NOW + dt.timedelta(minutes=20)),
    next_update_due=NOW + dt.timedelta(minutes=4),
    started_at=NOW - dt.timedelta(minutes=40),
    updated_at=NOW - dt.timedelta(minutes=6),
    author="老周",
    translations={"en": {"title": "Sign-in outage", "scope": "about 15% of users cannot sign in"}},
)


class Clock:
    """The time of the test's desk."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(**span)


def chat(name: str, place: int, **more: Any) -> Chat:
    """A chat that has been open for three minutes."""
    began = NOW - dt.timedelta(minutes=3)
    usual: dict[str, Any] = {
        "id": f"chat{place}",
        "customer": Customer(name=name),
        "opened_at": began,
        "waiting_since": began,
        "position": place,
    }
    return Chat(**{**usual, **more})


WANG, LI = chat("王女士", 0), chat("Li Wei", 1, customer=Customer(name="Li Wei", language="en"))


def filled(chats: Sequence[Chat] = (WANG, LI), incident: Incident | None = INCIDENT) -> MemoryStore:
    """A store as an agent finds it in the middle of an outage."""
    store = MemoryStore()
    if incident is not None:
        store.open_incident(incident)
        told_at, steps = incident.updated_at, known_steps(incident)
        store.record_publication(Publication(incident="INC-1", version=1, at=told_at, agent="老周", tells=steps))
    for one in chats:
        store.save_chat("小李", one)
    return store


def settings(home: Path, book: str = BOOK, **more: object) -> Settings:
    """Settings with one phrasebook of this text."""
    folder = home / "books"
    folder.mkdir(parents=True, exist_ok=True)
    if book:
        (folder / "test.toml").write_text(book, encoding="utf-8")
    given = {"home": home, "database": "sqlite://", "agent": "小李", "language": "zh", "phrasebooks": (folder,)}
    return Settings(**{**given, **more})  # type: ignore[arg-type]


class Standing:
    """A desk that is open on a screen of known size."""

    def __init__(self, app: AgentAssistApp, pilot: "Pilot[None]", clock: Clock) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock

    @property
    def screen(self) -> DeskScreen:
        return self.app.desk_screen

    @property
    def seen(self) -> str:
        """The characters on the terminal now, line by line."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    @property
    def reply(self) -> str:
        """The reply as it stands on the screen, its lines joined."""
        return "".join(line.plain for line in self.screen.query_one(Preview).lines)

    @property
    def said(self) -> str:
        """The newest short message."""
        return list(self.app._notifications)[-1].message if len(self.app._notifications) else ""

    def by_its_clock(self) -> None:
        """Let what happens shortly after something else go by the test's clock too, however busy the machine is."""
        self.screen.ticks = lambda: self.clock.now.timestamp()

    async def ready(self) -> None:
        """Wait until phrases, index and facts are there."""
        deadline = time.monotonic() + PATIENCE
        while not (self.screen.state.has_looked and self.screen.state.is_ready):
            assert time.monotonic() < deadline, "the desk was never ready"
            await asyncio.sleep(0.01)
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; a longer word that is no key is typed."""
        for key in keys:
            await self.pilot.press(key)
        await self.settle()

    async def type(self, text: str) -> None:
        """Type a text faster than the screen follows."""
        for character in text:
            key = events.Key({" ": "space"}.get(character, character), character)
            key.set_sender(self.app)
            self.app.post_message(key)
        await self.settle()

    async def settle(self) -> None:
        """Let everything happen that was set in motion, work in the background too."""
        for _turn in range(300):  # some steps wait for an answer that a test never gives
            await self.pilot.pause()
            await self.screen.worker.do(lambda: None)
            if not any(self._is_busy(worker) for worker in self.screen.workers):
                break
            await asyncio.sleep(0.01)
        await self.pilot.pause()

    def _is_busy(self, worker: "Worker[object]") -> bool:
        """A step that waits for an answer or to try again is not busy; the watch over the facts never ends."""
        is_asking = worker.group in ("command", "export") and self.app.screen is not self.screen
        is_put_off = worker.group == "record" and bool(self.screen.state.unrecorded)
        return worker.is_running and worker.group != "watch" and not is_asking and not is_put_off

    async def until_said(self, text: str) -> None:
        """Wait for a short message with these words, however it is wrapped."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if any(text in notice.message for notice in self.app._notifications):
                return
            await asyncio.sleep(0.01)
            await self.pilot.pause()
        raise AssertionError(f"{text!r} was never said in\n{self.seen}")

    async def until(self, text: str, *, seconds: float = PATIENCE) -> None:
        """Wait until the screen shows this."""
        deadline = time.monotonic() + max(seconds, PATIENCE)
        while time.monotonic() < deadline:
            if text in self.seen:
                return
            await asyncio.sleep(0.01)
            await self.pilot.pause()
        raise AssertionError(f"{text!r} never appeared in\n{self.seen}")

    async def gone(self, text: str, *, seconds: int = 8) -> None:
        """Wait until the screen does not show this any more."""
        for _turn in range(100 * seconds):
            if text not in self.seen:
                return
            await asyncio.sleep(0.01)
            await self.pilot.pause()
        raise AssertionError(f"{text!r} never went away from\n{self.seen}")


@asynccontextmanager
async def desk(
    home: Path,
    store: Store | None = None,
    *,
    size: tuple[int, int] = WIDE,
    book: str = BOOK,
    intervals: PollIntervals | None = None,
    is_opened: bool = True,
    **more: object,
) -> AsyncIterator[Standing]:
    """An open desk, ready to be typed at unless its database shall not open."""
    clock = Clock()
    app = app_of(home, store, book=book, clock=clock, intervals=intervals, **more)
    async with app.run_test(size=size, notifications=True) as pilot:
        standing = Standing(app, pilot, clock)
        if is_opened:
            await standing.ready()
        yield standing


def app_of(
    home: Path,
    store: Store | None = None,
    *,
    book: str = BOOK,
    clock: Clock | None = None,
    intervals: PollIntervals | None = None,
    **more: object,
) -> AgentAssistApp:
    """The program on a test's desk."""
    given = filled() if store is None else store
    return AgentAssistApp(
        Services(settings(home, book, **more), store=given, clock=clock or Clock(), tz=SHANGHAI), intervals
    )
