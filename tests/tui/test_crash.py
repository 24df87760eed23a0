"""The real program when something fails: one sentence, no values and no secrets, the drafts kept, an exit code."""

import fcntl
import os
import stat
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from agent_assist.cli import main
from agent_assist.crash_report import MAX_REPORTS, report
from agent_assist.settings import Settings
from agent_assist.store import open_store
from tests.terminal import PATIENCE, Terminal, plain, program
from tests.tui.test_terminal import ALT_SCREEN_LEFT, CURSOR_SHOWN, env, ready

PASSWORD, CUSTOMER, DRAFT = "S3cretPW", "王女士", "secret-draft"

PLANTS = {
    "step of the desk": """
import agent_assist.tui.desk.commands as commands
async def do(screen): raise KeyError(SECRET)
commands.COMMANDS["pin"] = do
""",
    "message handler": """
import agent_assist.tui.app as app
async def do(self): raise KeyError(SECRET)
app.AgentAssistApp.action_quit = do
""",
    "worker": """
import agent_assist.tui.app as app
async def work():
    try:
        int(SECRET)
    except ValueError as error:
        raise OSError(5, SECRET, SECRET) from error
async def do(self): self.run_worker(work())
app.AgentAssistApp.action_quit = do
""",
    "timer": """
import agent_assist.tui.app as app
def late(): raise AssertionError(SECRET)
async def do(self): self.set_timer(0.01, late)
app.AgentAssistApp.action_quit = do
""",
    "thread and exit": """
import agent_assist.tui.app as app, threading
def late(): raise AssertionError(SECRET)
async def do(self):
    threading.Thread(target=late).start()
    self.exit()
app.AgentAssistApp.action_quit = do
""",
    "task of its own": """
import agent_assist.tui.app as app, asyncio
async def late(): raise AssertionError(SECRET)
async def do(self):
    asyncio.ensure_future(late())
    await asyncio.sleep(0.05)
    import gc; gc.collect()
    self.exit()
app.AgentAssistApp.action_quit = do
""",
    "reader of the terminal": """
import agent_assist.tui.textual_private.linux_terminal as private
read = private._read
def broken(handle):
    got = read(handle)
    if b"\\x11" in got: raise ValueError(SECRET)
    return got
private._read = broken
""",
    "painting": """
import agent_assist.tui.app as app
from textual.screen import Screen
async def do(self):
    def broken(*_a, **_k): raise TypeError(SECRET)
    type(self.screen)._compositor_refresh = broken
    self.screen.refresh()
app.AgentAssistApp.action_quit = do
""",
    "end": """
from agent_assist.tui.desk.state import DeskState
def broken(self): raise LookupError(SECRET)
import agent_assist.tui.app as app
async def do(self):
    DeskState.note_choice = broken
    self.exit()
app.AgentAssistApp.action_quit = do
""",
    "warning and log": """
import agent_assist.tui.app as app, logging, warnings
async def do(self):
    logging.getLogger("psycopg").warning(SECRET)
    warnings.warn(SECRET, UserWarning)
    raise ExceptionGroup(SECRET, [ValueError(SECRET)])
app.AgentAssistApp.action_quit = do
""",
}
"""Code that makes Ctrl+Q (and Alt+P, which pins) fail in one place of the program each."""

QUICK = {"step of the desk", "thread and exit", "reader of the terminal", "end"}
"""The four that take different ways to the sentence; each start of the program costs a second."""


def planted(plant: str) -> list[str]:
    start = "import sys\nfrom agent_assist.__main__ import main\nsys.exit(main())"
    return [sys.executable, "-c", f"SECRET = {f'postgresql://u:{PASSWORD}@host/db {CUSTOMER}'!r}\n{plant}\n{start}"]


@pytest.mark.process
@pytest.mark.parametrize(
    "where", [where if where in QUICK else pytest.param(where, marks=pytest.mark.slow) for where in PLANTS]
)
def test_a_fault_ends_the_desk_with_a_sentence_keeps_the_draft_and_tells_no_values(tmp_path: Path, where: str) -> None:
    with Terminal(planted(PLANTS[where]), env=env(tmp_path)) as terminal:
        ready(terminal)
        terminal.send(DRAFT)
        terminal.wait_to_see(DRAFT)
        since = len(terminal.raw)
        terminal.send("\x1bp" if where == "step of the desk" else "\x11")
        assert terminal.wait(30) == 1
        raw = terminal.raw[since:]
    assert ALT_SCREEN_LEFT in raw
    assert CURSOR_SHOWN in raw
    said, after = plain(raw), plain(raw[raw.rfind(ALT_SCREEN_LEFT) :])
    assert "This is a fault of the program, not yours." in after
    assert "Chats and drafts are kept." in after
    (written,) = tmp_path.glob("crash-*.txt")
    assert written.name in "".join(after.split())
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    text = written.read_text("utf-8")
    assert "Error" in text or "ExceptionGroup" in text
    assert "<string>:" in text, "the way to the fault"
    assert not [secret for secret in (PASSWORD, CUSTOMER, DRAFT, "locals") if secret in after or secret in text]
    assert not [secret for secret in (PASSWORD, CUSTOMER, "Traceback") if secret in said]
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    assert [chat.query for chat in store.open_chats("Li")] == [DRAFT]
    store.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:S3cretPW@127.0.0.1:1/t?plugin=bogus",
        "postgresql://u@127.0.0.1:1/t?password=S3cretPW&plugin=bogus",
        "postgresql+nosuch://u:S3cretPW@127.0.0.1:1/t",
        "postgresql+asyncpg://u:S3cretPW@127.0.0.1:1/t",
        "nosuch://u:S3cretPW@127.0.0.1:1/t",
        "postgresql://u:S3cretPW@127.0.0.1:port/t",
        "postgresql://u:S3cretPW@[::1/t",
        "postgresql://127.0.0.1:1/t?passfile=/S3cretPW&sslpassword=S3cretPW&sslmode=bogus",
        "postgresql://u:S3cretPW@127.0.0.1:1/t?connect_timeout=bogus",
        "postgresql://u:S3cretPW@127.0.0.1:1/t?connect_timeout=1&connect_timeout=2",
        "postgresql://u:12/S3cretPW@127.0.0.1:1/t",
        "sqlite:////tmp/nosuch/t?key=S3cretPW",
        "postgresql://u:S3cretPW@/t?host=/nosuch&options=-c%20x=S3cretPW",
        "u:S3cretPW@127.0.0.1",
        "host=127.0.0.1 port=1 password=S3cretPW",
    ],
)
def test_no_command_shows_the_password_of_a_database_that_cannot_be(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", address)
    for command in (["offer", "list"], ["doctor"], ["settings", "show"]):
        assert main(command) in (0, 1), command
        said = "".join(capfd.readouterr())
        assert said, command
        assert PASSWORD not in said, command
        assert "fault of the program" not in said, command


@pytest.mark.process
def test_a_fault_in_a_command_is_a_sentence_and_a_file(tmp_path: Path) -> None:
    code = (
        "import sys; from agent_assist.cli.session import Session\n"
        "def fail(self): raise KeyError('postgresql://u:S3cretPW@h/d 王女士')\n"
        "Session.services = property(fail)\n"
        "from agent_assist.__main__ import main; sys.exit(main())"
    )
    run = [sys.executable, "-c", code, "--home", str(tmp_path / "own"), "search", "x"]
    done = subprocess.run(run, capture_output=True, text=True, check=False, env={**os.environ, **env(tmp_path)})
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 2
    assert PASSWORD not in done.stderr
    assert CUSTOMER not in done.stderr
    (written,) = (tmp_path / "own").glob("crash-*.txt")
    assert str(written) in done.stderr
    assert PASSWORD not in written.read_text("utf-8")


def test_settings_show_no_database_url() -> None:
    settings = Settings(
        home=Path("/h"), database=f"postgresql://u:{PASSWORD}@h/d", agent="Li", language="en", phrasebooks=()
    )
    assert PASSWORD not in repr(settings) + str(settings) + f"{settings!r:>10}"


def test_a_report_that_cannot_be_written_is_none_and_old_ones_go(tmp_path: Path) -> None:
    assert report(KeyError(), Path("/proc/nowhere")) is None
    for _turn in range(MAX_REPORTS + 3):
        newest = report(KeyError(), tmp_path)
    kept = sorted(tmp_path.glob("crash-*.txt"))
    assert len(kept) == MAX_REPORTS
    assert kept[-1] == newest


@pytest.mark.process
@pytest.mark.parametrize("term", ["dumb", "unknown", "DUMB"])
def test_a_terminal_that_cannot_be_painted_on_is_told_so(tmp_path: Path, term: str) -> None:
    with Terminal(program(), env={**env(tmp_path), "TERM": term}, columns=100, rows=30) as terminal:
        assert terminal.wait(30) == 2
        assert f"TERM={term}" in plain(terminal.raw)
        assert b"\x1b" not in terminal.raw


@pytest.mark.process
def test_a_terminal_that_reports_no_size_and_others_in_a_hurry_spins_nothing(tmp_path: Path) -> None:
    with Terminal(program(), env={**env(tmp_path), "COLUMNS": "", "LINES": ""}) as terminal:
        ready(terminal)
        for rows, columns in [(0, 0), (30, 100), (1, 1), (24, 80), (60, 10), (0, 80), (30, 100), (0, 0)] * 4:
            fcntl.ioctl(terminal._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            terminal.read(0.01)
        until_idle(terminal)
        since = len(terminal.raw)
        terminal.read_for(0.5)
        assert len(terminal.raw) - since < 10_000
        terminal.send("\x11")
        assert terminal.wait(20) == 0


def until_idle(terminal: Terminal) -> None:
    """Wait until the program does next to nothing for a while; one that paints for ever never comes to that."""
    deadline = time.monotonic() + PATIENCE
    before, is_idle = used(terminal.pid), False
    while not is_idle:
        assert time.monotonic() < deadline, "it would paint for ever"
        terminal.read_for(0.5)
        before, is_idle = (now := used(terminal.pid)), now - before < 0.1


def used(pid: int) -> float:
    """Seconds of processor time of a process until now."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
