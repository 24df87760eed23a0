"""The ways out for a reply never claim more than they know."""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_assist import clipboard, programs

pytestmark = pytest.mark.process


@pytest.fixture
def bin_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def _install(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}:/bin:/usr/bin", "TERM": "xterm-256color", **more}


def test_a_working_program_gets_the_exact_text(bin_folder: Path, tmp_path: Path) -> None:
    _install(bin_folder, "xclip", f"cat > {tmp_path}/got")
    outcome = clipboard.copy("王女士,您好\n[A123]", environ=_environment(bin_folder, DISPLAY=":0"))
    assert outcome.route == "native"
    assert (tmp_path / "got").read_text() == "王女士,您好\n[A123]"


def test_a_failing_program_is_not_called_copied(bin_folder: Path) -> None:
    _install(bin_folder, "xclip", "exit 1")
    _install(bin_folder, "xsel", "exit 1")
    outcome = clipboard.copy("x", environ=_environment(bin_folder, DISPLAY=":0"))
    assert outcome.route == "shown"
    assert "xclip" in outcome.detail


@pytest.mark.parametrize("script", ["exit 0", "exec <&-; exit 0", "dd bs=1 count=3 >/dev/null 2>&1", "sleep 0.1"])
@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_program_that_did_not_take_the_text_is_not_called_copied(bin_folder: Path, script: str, size: int) -> None:
    _install(bin_folder, "xclip", script)
    outcome = clipboard.copy("x" * size, environ=_environment(bin_folder, DISPLAY=":0"))
    assert outcome.route == "shown"
    assert "xclip did not take the text" in outcome.detail


def test_a_program_whose_child_takes_the_text_has_taken_it(bin_folder: Path, tmp_path: Path) -> None:
    _install(bin_folder, "xclip", f"exec 3<&0; (sleep 0.05; cat <&3 > {tmp_path}/got) & exit 0")
    outcome = clipboard.copy("x" * 500_000, environ=_environment(bin_folder, DISPLAY=":0"))
    assert outcome.route == "native"


def test_a_hanging_program_costs_its_patience_and_no_more(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clipboard, "CLIPBOARD_TIMEOUT", 0.2)
    _install(bin_folder, "wl-copy", "sleep 30")
    handed: list[str] = []
    before = time.monotonic()
    outcome = clipboard.copy("x", to_terminal=handed.append, environ=_environment(bin_folder, WAYLAND_DISPLAY="w"))
    assert outcome.route == "osc52"
    assert handed == ["x"]
    assert time.monotonic() - before < 10


def test_over_ssh_the_text_goes_to_the_terminal_not_to_the_far_desktop(bin_folder: Path, tmp_path: Path) -> None:
    _install(bin_folder, "xclip", f"cat > {tmp_path}/got")
    environment = _environment(bin_folder, DISPLAY=":0", SSH_CONNECTION="1.2.3.4 1 5.6.7.8 22")
    handed: list[str] = []
    assert clipboard.copy("x", to_terminal=handed.append, environ=environment).route == "osc52"
    assert not (tmp_path / "got").exists()


def test_a_text_too_long_for_the_terminal_is_shown_instead_of_cut(bin_folder: Path) -> None:
    handed: list[str] = []
    outcome = clipboard.copy("长" * 30_000, to_terminal=handed.append, environ=_environment(bin_folder))
    assert outcome.route == "shown"
    assert handed == []


def test_without_any_way_the_text_is_shown_with_the_reason(bin_folder: Path) -> None:
    outcome = clipboard.copy("x", environ=_environment(bin_folder))
    assert outcome == clipboard.Outcome("shown", "no clipboard program was found")


def _holds(folder: Path, copier: str, reader: str, held: Path) -> None:
    """A clipboard of two programs with a file between them."""
    _install(folder, copier, f"cat > {held}")
    _install(folder, reader, f"cat {held}")


TEXT = "王女士，您好：登录已恢复。\n第二行 😀"


def test_pbcopy_is_given_a_utf_8_locale_and_its_clipboard_is_read_back(bin_folder: Path, tmp_path: Path) -> None:
    """Under LC_ALL=C pbcopy takes its input for MacRoman and says nothing."""
    _install(bin_folder, "pbcopy", f'cat > {tmp_path}/held; echo "$LC_ALL $LC_CTYPE" > {tmp_path}/locale')
    _install(bin_folder, "pbpaste", f'cat {tmp_path}/held; echo "$LC_ALL $LC_CTYPE" >> {tmp_path}/locale')
    environment = _environment(bin_folder, LC_ALL="C", LANG="C")
    outcome = clipboard.copy(TEXT, environ=environment, platform="darwin")
    assert outcome == clipboard.Outcome("native", "pbcopy")
    assert (tmp_path / "held").read_text("utf-8") == TEXT
    assert (tmp_path / "locale").read_text().splitlines() == ["en_US.UTF-8 UTF-8"] * 2


def _wsl(folder: Path, tmp_path: Path, read: str) -> dict[str, str]:
    _install(folder, "clip.exe", f"cat > {tmp_path}/held")
    _install(folder, "powershell.exe", f"{sys.executable} -c '{read}' {tmp_path}/held")
    return _environment(folder, WSL_DISTRO_NAME="Ubuntu")


_DECODED = (
    'import base64,sys; held = open(sys.argv[1], "rb").read().decode("{codec}");'
    " print(base64.b64encode(held.encode()).decode())"
)


@pytest.mark.parametrize("text", ["好", "ok", TEXT], ids=["one character", "two letters", "two lines"])
def test_clip_exe_gets_utf_16_with_its_mark(bin_folder: Path, tmp_path: Path, text: str) -> None:
    environment = _wsl(bin_folder, tmp_path, _DECODED.format(codec="utf-16"))
    outcome = clipboard.copy(text, environ=environment, platform="linux")
    assert outcome == clipboard.Outcome("native", "clip.exe")
    assert (tmp_path / "held").read_bytes() == b"\xff\xfe" + text.encode("utf-16-le")


def test_a_clip_exe_that_keeps_the_mark_is_asked_again_without_it(bin_folder: Path, tmp_path: Path) -> None:
    """An invisible mark at the beginning would reach the customer."""
    environment = _wsl(bin_folder, tmp_path, _DECODED.format(codec="utf-16-le"))
    assert clipboard.copy(TEXT, environ=environment, platform="linux").route == "native"
    assert (tmp_path / "held").read_bytes() == TEXT.encode("utf-16-le")


@pytest.mark.parametrize(
    ("copier", "reader", "reason"),
    [
        ("exit 1", "printf 'an older clip'", "something else"),
        ("cat > /dev/null", "printf 'an older clip'", "something else"),
        ("cat > /dev/null", "exit 0", "something else"),
        ("cat > /dev/null", "sleep 30", "did not answer"),
        ("sleep 30", "exit 0", "did not answer"),
    ],
    ids=["fails", "loses it", "stays empty", "cannot be read", "hangs"],
)
def test_a_copy_that_cannot_be_read_back_is_not_called_copied(
    bin_folder: Path, monkeypatch: pytest.MonkeyPatch, copier: str, reader: str, reason: str
) -> None:
    """pyperclip itself ignores how pbcopy ended."""
    monkeypatch.setattr(clipboard, "CLIPBOARD_TIMEOUT", 3.0 if "sleep" not in copier + reader else 1.5)
    _install(bin_folder, "pbcopy", copier)
    _install(bin_folder, "pbpaste", reader)
    handed: list[str] = []
    outcome = clipboard.copy(TEXT, to_terminal=handed.append, environ=_environment(bin_folder), platform="darwin")
    assert (outcome.route, handed) == ("osc52", [TEXT])
    assert reason in outcome.detail


def test_what_hangs_is_ended_with_all_that_it_started(bin_folder: Path, tmp_path: Path) -> None:
    _install(bin_folder, "wl-copy", f"sleep 300 & echo $! > {tmp_path}/child; wait")
    reason = programs.give("x", ["wl-copy"], _environment(bin_folder), 0.5)
    assert reason == "" if not (tmp_path / "child").exists() else "did not answer" in reason
    child = int((tmp_path / "child").read_text())
    for _try in range(50):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            return
        time.sleep(0.05)
    pytest.fail("the child of the program lives on")


@pytest.mark.parametrize(
    ("reader", "variable"), [("wl-paste", "WAYLAND_DISPLAY"), ("xclip", "DISPLAY"), ("xsel", "DISPLAY")]
)
def test_the_clipboard_is_read_as_it_is(bin_folder: Path, reader: str, variable: str) -> None:
    _install(bin_folder, reader, "printf '订单 A123\\n'")
    assert clipboard.read(_environment(bin_folder, **{variable: "x"}), "linux").text == "订单 A123\n"


def test_reading_says_why_it_did_not_work_and_never_waits(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clipboard.read(_environment(bin_folder), "linux") == programs.ProgramOutput(
        None, "no clipboard program was found"
    )
    monkeypatch.setattr(clipboard, "CLIPBOARD_TIMEOUT", 0.3)
    _install(bin_folder, "xclip", "sleep 30")
    _install(bin_folder, "xsel", "exit 1")
    found = clipboard.read(_environment(bin_folder, DISPLAY=":0"), "linux")
    assert found.text is None
    assert found.reason == "xclip did not answer within 0.3 seconds; xsel failed (code 1)"


def test_a_clipboard_without_end_is_not_read_without_end(bin_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "MAX_PROGRAM_OUTPUT", 1_000_000)
    _install(bin_folder, "wl-paste", "yes")
    found = clipboard.read(_environment(bin_folder, WAYLAND_DISPLAY="w"), "linux")
    assert found == programs.ProgramOutput(None, "wl-paste wrote more than 1 MB")


def test_over_ssh_no_far_clipboard_is_read(bin_folder: Path) -> None:
    _install(bin_folder, "pbpaste", "echo far")
    _install(bin_folder, "pbcopy", "exit 0")
    environment = _environment(bin_folder, SSH_TTY="/dev/pts/1")
    assert clipboard.read(environment, "darwin").text is None


class Tmux:
    """A tmux inside another one, which stands for the person's own terminal and has the clipboard."""

    def __init__(self, name: str, term: str) -> None:
        self.outer = ["tmux", "-L", f"{name}-outer", "-f", "/dev/null"]
        self.inner = ["tmux", "-L", f"{name}-inner", "-f", "/dev/null"]
        self.call(self.outer, "new-session", "-d", "-s", "o", "-x", "100", "-y", "30", "sh")
        self.call(self.outer, "set", "-s", "set-clipboard", "on")
        start = f"env -u TMUX TERM={term} {' '.join(self.inner)} new-session -s i sh"
        self.call(self.outer, "send-keys", "-t", "o", start, "Enter")
        self.environment = {**os.environ, "TMUX": self._wait("#{socket_path},#{pid},0")}

    def call(self, tmux: list[str], *command: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name != "TMUX"}
        done = subprocess.run([*tmux, *command], env=environment, capture_output=True, text=True, check=False)
        return done.stdout.rstrip("\n")

    def _wait(self, form: str) -> str:
        for _try in range(200):
            if self.call(self.inner, "list-clients"):
                return self.call(self.inner, "display-message", "-p", form)
            time.sleep(0.05)
        raise TimeoutError("tmux did not start")

    def clip(self, wanted: str) -> str:
        """What arrived at the person's own clipboard."""
        for _try in range(60):
            if (found := self.call(self.outer, "show-buffer")) == wanted:
                return found
            time.sleep(0.05)
        return self.call(self.outer, "show-buffer")

    def end(self) -> None:
        self.call(self.inner, "kill-server")
        self.call(self.outer, "kill-server")


@pytest.fixture
def nested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("no tmux")
    monkeypatch.setenv("TMUX_TMPDIR", str(tmp_path))
    tmux = Tmux("aa", "tmux-256color")
    yield tmux
    tmux.end()


def test_inside_tmux_the_text_reaches_the_outer_clipboard_and_is_not_called_certain(nested: Tmux) -> None:
    """As tmux comes it drops what programs in it ask of the terminal."""
    outcome = clipboard.copy(TEXT, to_terminal=lambda _text: pytest.fail("dropped"), environ=nested.environment)
    assert outcome.route == "tmux"
    assert nested.clip(TEXT) == TEXT


def test_a_text_too_long_for_other_ways_goes_through_tmux_too(nested: Tmux) -> None:
    long = "长" * 30_000
    assert clipboard.copy(long, environ=nested.environment).route == "tmux"
    assert nested.call(nested.inner, "show-buffer") == long


def _tmux_on(folder: Path, tmp_path: Path, capability: str, option: str = "external") -> dict[str, str]:
    """A stand-in for tmux 3.3 whose terminal has the capability or not, in the words of the real one."""
    _install(
        folder,
        "tmux",
        f"""case "$1" in
load-buffer) cat > {tmp_path}/held;;
save-buffer) cat {tmp_path}/held;;
display-message) echo /dev/pts/7;;
show-options) echo {option};;
show-messages) cat <<'END'
Terminal 0: xterm-256color for /dev/pts/6, flags=0x0:
 157: Ms: (string) \\\\033]52;%p1%s;%p2%s\\\\a
Terminal 1: vt100 for /dev/pts/7, flags=0x0:
 157: Ms: {capability}
END
esac""",
    )
    return _environment(folder, TMUX="/nowhere,1,0")


def test_a_terminal_that_takes_nothing_from_tmux_means_shown(bin_folder: Path, tmp_path: Path) -> None:
    """The terminal of another client, which could, is somebody else's."""
    handed: list[str] = []
    environment = _tmux_on(bin_folder, tmp_path, "[missing]", option="on")
    outcome = clipboard.copy(TEXT, to_terminal=handed.append, environ=environment)
    assert (outcome.route, handed) == ("shown", [])
    assert "in its buffer" in outcome.detail
    able = _tmux_on(bin_folder, tmp_path, "(string) x")
    assert clipboard.copy(TEXT, environ=able).route == "tmux"


def test_a_tmux_that_loses_the_text_is_noticed(bin_folder: Path, tmp_path: Path) -> None:
    environment = _tmux_on(bin_folder, tmp_path, "(string) x")
    (tmp_path / "held").symlink_to("/dev/null")
    outcome = clipboard.copy(TEXT, environ=environment)
    assert (outcome.route, outcome.detail) == ("shown", "tmux did not keep the text")


def test_an_old_tmux_without_that_option_leaves_it_to_the_terminal(bin_folder: Path) -> None:
    _install(bin_folder, "tmux", '[ "$1" = show-options ] && echo on && exit 0; exit 1')
    environment = _environment(bin_folder, TMUX="/tmp/x,1,0")  # noqa: S108 - never opened
    handed: list[str] = []
    outcome = clipboard.copy("x", to_terminal=handed.append, environ=environment)
    assert (outcome.route, handed) == ("shown", [])  # whether anything arrives cannot be known
    assert "tmux failed" in outcome.detail
