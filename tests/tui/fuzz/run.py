"""One run: start the program in a home of its own, do what the actions say, ask at intervals whether it still answers,
and end it. What went wrong is a value, so that runs can be repeated and cut down.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from pathlib import Path

import msgspec

from agent_assist import locale
from agent_assist.errors import AgentAssistError
from agent_assist.store import open_store
from tests.terminal import program
from tests.tui.fuzz.actions import ESC, Action
from tests.tui.fuzz.outside import Outside
from tests.tui.fuzz.subject import Ended, Hung, Subject, digest

AGENT = {"zh": "小李", "en": "Li"}

PROBED = 1_000
"""Actions between two questions whether it still answers."""

SAMPLED = 250
"""Actions between two looks at its memory."""

MARK = "7177"
"""What is typed to see whether keys arrive; digits mean nothing on any screen of the program."""

ANSWERED = re.compile(MARK + r"\s+\d+ / \d+")
"""The mark in the search box."""

CRASHED = ("Traceback", "raceback (most", "fault of the program", "这是程序的错误")


class Wrong(Exception):
    """The program did what it must not do."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What kind of desk is used."""

    language: str = "zh"
    demo: bool = True

    @property
    def agent(self) -> str:
        """Whose desk it is."""
        return AGENT[self.language]


def plan_of(seed: int) -> Plan:
    """Seeds take turns: the sample desk and one of its own, in Chinese and in English."""
    return Plan(language="zh" if seed % 4 < 2 else "en", demo=seed % 2 == 0)


class Result(msgspec.Struct, kw_only=True):
    """How a run went. `failure` is "" when nothing is wrong."""

    seed: int
    actions: int = 0
    seconds: float = 0.0
    failure: str = ""
    last_words: str = ""
    restarts: int = 0
    """How often the program was left by its own Quit, found by chance, and started again."""
    copied: int = 0
    outside: int = 0
    rss: list[tuple[int, float]] = msgspec.field(default_factory=list)
    """Actions done and megabytes."""

    @property
    def growth(self) -> float:
        """Megabytes that memory rose from the middle of the run to its end, by the medians of a fifth of it each."""
        sizes = [size for _at, size in self.rss]
        fifth = max(1, len(sizes) // 5)
        middle, end = sizes[len(sizes) // 2 - fifth // 2 :][:fifth], sizes[-fifth:]
        return sorted(end)[len(end) // 2] - sorted(middle)[len(middle) // 2] if sizes else 0.0


class Run:
    """One desk under fire."""

    def __init__(
        self, seed: int, plan: Plan, folder: Path, *, say: Callable[[str], object] = lambda _line: None
    ) -> None:
        self.plan = plan
        self.result = Result(seed=seed)
        self._folder = folder
        self._say = say
        self._copied: set[str] = set()
        for name in ("tmp", "nothing", "work"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        if not plan.demo:
            self._furnish(folder / "home")
        self.subject = self._start()
        self.outside = Outside(self.home, plan.agent, plan.language)

    def _start(self) -> Subject:
        env = {
            "AGENT_ASSIST_HOME": str(self._folder / "home"),
            "AGENT_ASSIST_LANG": self.plan.language,
            "AGENT_ASSIST_AGENT": self.plan.agent,
            "TMPDIR": str(self._folder / "tmp"),
            "HOME": str(self._folder / "home"),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LANG": "C.UTF-8",
            "TZ": "Asia/Shanghai",
            "PATH": str(self._folder / "nothing"),  # no clipboard program is found
            "PYTHONPATH": str(Path(__file__).parents[3]),
            "ESCDELAY": "15",
            "PYTHONFAULTHANDLER": "1",
        }
        subject = Subject(program(*(["--demo"] if self.plan.demo else [])), env, self._folder / "work")
        deadline = time.monotonic() + 60
        while b"\x1b[?2004h" not in subject.tail or not self._is_open():
            subject.read(0.05)
            subject.check()
            if time.monotonic() > deadline:
                raise Hung("it does not start: " + subject.last_words())
        subject.until_idle()
        return subject

    def _is_open(self) -> bool:
        return any((home / "desk.db").exists() for home in self._homes())

    def _homes(self) -> list[Path]:
        if not self.plan.demo:
            return [self._folder / "home"]
        return sorted((self._folder / "tmp").glob("agent-assist-demo-*"))

    @property
    def home(self) -> Path:
        """Where the desk keeps its data now."""
        return self._homes()[-1]

    def _furnish(self, home: Path) -> None:
        """Two incidents and some chats, as an agent finds them who comes back."""
        home.mkdir(parents=True, exist_ok=True)
        outside = Outside(home, self.plan.agent, self.plan.language)
        for number, name in enumerate(("incident", "update", "chat", "chat", "chat", "offer", "incident", "offer")):
            outside.do(Action(kind="outside", name=name, number=number))
        outside.close()

    def do_all(self, actions: Iterable[Action]) -> Result:
        """Do everything and leave; the result says what went wrong."""
        result, began = self.result, time.monotonic()
        try:
            for action in actions:
                self._do_restarting(action)
                result.actions += 1
                if result.actions % SAMPLED == 0:
                    result.rss.append((result.actions, round(self.subject.rss, 1)))
                if result.actions % PROBED == 0:
                    self._say(f"{result.actions} actions, {time.monotonic() - began:.0f} s, {self.subject.rss:.0f} MB")
                    self._probe()
            self._finish()
        except Ended as ended:
            result.failure = f"it ended: {ended}"
        except Wrong as wrong:
            result.failure = str(wrong)
        except Hung as hung:
            result.failure = f"it hangs: {hung}"
            self.subject.signal(signal.SIGABRT)  # Python writes where every thread is
            with suppress(Ended, Hung):
                self.subject.wait(5)
        self._judge()
        result.seconds = round(time.monotonic() - began, 1)
        return result

    def close(self) -> None:
        """End the program and let go of everything."""
        self.outside.close()
        self.subject.__exit__()

    # Doing

    def _do_restarting(self, action: Action) -> None:
        try:
            self._do(action)
        except Ended:
            subject = self.subject
            if subject.code or any(mark in subject.last_words(100_000) for mark in CRASHED):
                raise
            self.result.restarts += 1
            self._copied |= subject.copied
            subject.__exit__()
            self.outside.close()
            self.subject = self._start()
            self.outside = Outside(self.home, self.plan.agent, self.plan.language)

    def _do(self, action: Action) -> None:
        subject = self.subject
        match action.kind:
            case "send":
                for data in action.data:
                    subject.send(data)
            case "resize":
                subject.resize(action.size)
                if action.name:
                    return  # the next comes at once
            case "outside":
                self.outside.do(action)
            case "stop":
                subject.signal(signal.SIGSTOP)
                time.sleep(0.02)
                subject.signal(signal.SIGCONT)
        subject.until_idle()
        until = time.monotonic() + action.seconds
        while (left := until - time.monotonic()) > 0:
            subject.read(left)

    def _probe(self) -> None:
        """Go back to the desk as a person would and type. Raises Hung when the typing is not seen."""
        locale.use(self.plan.language)  # type: ignore[arg-type]
        subject, seen = self.subject, ""
        subject.resize((100, 30))
        stay = (locale._("Keep typing"), locale._("Keep editing"))
        for turn in range(60):
            subject.send(MARK.encode())
            subject.until_idle()
            seen = subject.screen()
            if ANSWERED.search(seen):
                for _ in MARK:
                    subject.send(b"\x7f")
                subject.resize((140, 40))
                subject.until_idle()
                return
            if any(label in seen for label in stay):
                subject.send(ESC + b"[C")
                subject.until_idle()
                subject.send(b"\r")
                time.sleep(0.05)  # an Enter with letters right behind it is taken for a pasted line end
            else:
                subject.send(ESC)
                time.sleep(0.03 + 0.02 * turn)
            subject.until_idle()
        raise Hung("keys do not lead back to the desk:\n" + seen)

    def _finish(self) -> None:
        self._probe()
        self._verify()
        self.subject.send(b"\x11")
        try:
            code = self.subject.wait(5)
        except Hung:  # something is not on record yet, so it asks
            self.subject.send(ESC + b"[C\r")
            code = self.subject.wait(15)
        if code:
            raise Wrong(f"^Q ends with {code}")

    def _verify(self) -> None:
        """The log is whole, and every reply on record went to the terminal."""
        for _turn in range(100):  # what was sent last is recorded beside the screen
            if not self.outside._tasks.qsize():
                break
            time.sleep(0.05)
        environ = {**os.environ, "AGENT_ASSIST_HOME": str(self.home), "AGENT_ASSIST_LANG": "en"}
        verified = subprocess.run(
            [sys.executable, "-m", "agent_assist", "offer", "verify"],
            env=environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if verified.returncode:
            raise Wrong(f"verify says {verified.returncode}: {verified.stdout}{verified.stderr}")
        copied = self._copied | self.subject.copied
        with closing(open_store(f"sqlite:///{self.home / 'desk.db'}", home=self.home, read_only=True)) as store:
            sent = [sent for chat in store.open_chats(self.plan.agent) for sent in chat.sent]
        unseen = [one.text for one in sent if one.route == "osc52" and digest(one.text) not in copied]
        if unseen:
            raise Wrong(f"on record as sent, but never copied: {unseen[:3]}")

    def _judge(self) -> None:
        result, subject = self.result, self.subject
        result.copied = len(self._copied | subject.copied)
        result.outside = self.outside.done
        words = subject.last_words(100_000)
        if any(mark in words for mark in CRASHED):
            result.failure = (result.failure + " with a traceback").strip()
        if not result.failure and self.outside.crashes:
            result.failure = "outside: " + "; ".join(self.outside.crashes[:3])
        if not result.failure and subject.leaks:
            result.failure = f"leaks to the terminal: {subject.leaks[:3]}"
        if result.failure:
            result.last_words = words[-6000:]


def run(
    seed: int,
    plan: Plan,
    actions: Iterable[Action],
    *,
    say: Callable[[str], object] = lambda _line: None,
    keep: Path | None = None,
) -> Result:
    """Run these actions in a fresh folder that goes afterwards; what a crash wrote there is copied to `keep`."""
    with tempfile.TemporaryDirectory(prefix="agent-assist-fuzz-", ignore_cleanup_errors=True) as folder:
        try:
            under_fire = Run(seed, plan, Path(folder), say=say)
        except (Ended, Hung) as error:
            return Result(seed=seed, failure=f"start: {error}")
        try:
            return under_fire.do_all(actions)
        finally:
            with suppress(AgentAssistError):
                under_fire.close()
            if keep is not None:
                for crash in Path(folder).rglob("crash-*"):
                    shutil.copy(crash, keep / f"fuzz-{seed}-{crash.name}")
