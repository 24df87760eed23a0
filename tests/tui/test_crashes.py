"""A fault of the program ends the desk with one sentence, without what anybody typed or any password, drafts kept."""

import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.store import open_store
from tests.terminal import Terminal

pytestmark = pytest.mark.process

SECRETS = ("S3cretPW", "欧阳锋", "secret-draft")
"""A password, a customer's name, something typed."""

PLANTS = {
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
import agent_assist.tui.textual_private as private
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
from agent_assist.tui.desk.state import Sitting
def broken(self): raise LookupError(SECRET)
import agent_assist.tui.app as app
async def do(self):
    Sitting.note_choice = broken
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


def planted(plant: str) -> list[str]:
    start = "import sys\nfrom agent_assist.cli import main\nsys.exit(main())"
    return [sys.executable, "-c", f"SECRET = {SECRETS[0] + SECRETS[1]!r}\n{plant}\n{start}"]


@pytest.mark.parametrize("where", PLANTS)
def test_a_fault_ends_the_desk_with_a_sentence_and_no_secret(tmp_path: Path, where: str) -> None:
    env = {"AGENT_ASSIST_HOME": str(tmp_path), "AGENT_ASSIST_LANG": "en", "AGENT_ASSIST_AGENT": "Li"}
    with Terminal(planted(PLANTS[where]), env=env) as terminal:
        terminal.wait_to_see("F5", 40)
        terminal.send("secret-draft")
        terminal.wait_to_see("secret-draft")
        seen = len(terminal.raw)
        terminal.send("\x11")
        assert terminal.wait(30) == 1
        said = terminal.raw[seen:].decode(errors="replace")
    after = said[said.rfind("\x1b[?1049l") :]
    (written,) = tmp_path.glob("crash-*.txt")
    assert "This is a fault of the program" in after
    assert not [secret for secret in SECRETS if secret in after or secret in written.read_text("utf-8")]
    assert not [secret for secret in SECRETS[:2] if secret in said]
    assert written.stat().st_mode & 0o077 == 0
    assert "<string>:" in written.read_text("utf-8"), "the way to the fault"
    assert "Traceback" not in said
    store = open_store(f"sqlite:///{tmp_path / 'desk.db'}", home=tmp_path)
    assert [chat.query for chat in store.open_chats("Li")] == ["secret-draft"]
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
def test_no_command_shows_the_password_of_a_database_that_cannot_be(tmp_path: Path, address: str) -> None:
    env = {"AGENT_ASSIST_HOME": str(tmp_path), "AGENT_ASSIST_LANG": "en", "AGENT_ASSIST_DATABASE": address}
    for command in (["offer", "list"], ["doctor"], ["settings", "show"]):
        done = subprocess.run(
            [sys.executable, "-m", "agent_assist", *command],
            env={"PATH": "/usr/bin:/bin", **env},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "S3cretPW" not in done.stdout + done.stderr, command
        assert "fault of the program" not in done.stderr, command
