"""Copies a reply to the clipboard by the surest route that works, says which one did, and reads the clipboard.

native   a clipboard took the text: a program of X11 or Wayland said so with exit code 0 within two seconds, or, where
         pyperclip works (Windows, macOS, WSL), what was read back is what was copied
tmux     tmux keeps the text in its buffer and handed it on to a terminal that can take it but never confirms
osc52    the text was handed to the terminal, which never confirms; some refuse, some cut long texts
shown    nothing worked; the text is shown for copying by hand

Rule: pyperclip waits forever for a program that hangs and ignores exit codes. So it runs in a process of its own that
can be ended (`python -m agent_assist.clipboard`), and its word alone never counts. On X11 and Wayland it is not used.
"""

import base64
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

import msgspec

from agent_assist import programs
from agent_assist.locale import _
from agent_assist.programs import ProgramOutput

Route = Literal["native", "tmux", "osc52", "shown"]
Mechanism = Literal["windows", "pbcopy", "wsl"]
"""What pyperclip works with: the Windows API, pbcopy and pbpaste, or clip.exe and powershell.exe."""

CLIPBOARD_TIMEOUT = 2.0
"""Seconds a clipboard program gets; xclip without a display server never answers."""

OSC52_LIMIT = 74_000
"""Bytes of base64; xterm and several others drop more in silence."""

_BOM = "﻿"
"""Without it clip.exe guesses, and takes short texts for another encoding."""


class Outcome(msgspec.Struct, frozen=True):
    """Which way the text went, and why the surer ones did not work."""

    route: Route
    detail: str = ""


def mechanism(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Mechanism | None:
    """Return what pyperclip can work with here. Over SSH the desktop is elsewhere: nothing."""
    if _is_remote(environ):
        return None
    if platform == "win32":
        return "windows"
    path = environ.get("PATH")
    if platform == "darwin" and shutil.which("pbcopy", path=path):
        return "pbcopy"
    if environ.get("WSL_DISTRO_NAME") and shutil.which("clip.exe", path=path):
        return "wsl"
    return None


def commands(environ: Mapping[str, str] = os.environ) -> list[Sequence[str]]:
    """Return programs that copy on X11, Wayland and Termux, best first. Over SSH the desktop is elsewhere: none."""
    candidates: list[Sequence[str]] = []
    if environ.get("WAYLAND_DISPLAY"):
        candidates.append(["wl-copy"])
    if environ.get("DISPLAY"):
        candidates += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    if environ.get("TERMUX_VERSION"):
        candidates.append(["termux-clipboard-set"])
    return _installed(candidates, environ)


def readers(environ: Mapping[str, str] = os.environ) -> list[Sequence[str]]:
    """Return programs that read on X11, Wayland and Termux, best first."""
    candidates: list[Sequence[str]] = []
    if environ.get("WAYLAND_DISPLAY"):
        candidates.append(["wl-paste", "--no-newline"])
    if environ.get("DISPLAY"):
        candidates += [["xclip", "-selection", "clipboard", "-out"], ["xsel", "--clipboard", "--output"]]
    if environ.get("TERMUX_VERSION"):
        candidates.append(["termux-clipboard-get"])
    return _installed(candidates, environ)


def ways(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> list[str]:
    """Return what `copy` tries before it asks the terminal, by name."""
    names = {"windows": "Windows", "pbcopy": "pbcopy", "wsl": "clip.exe"}
    how = mechanism(environ, platform)
    return [*([names[how]] if how else []), *(command[0] for command in commands(environ)), *_tmux(environ)]


def copy(
    text: str,
    *,
    to_terminal: Callable[[str], None] | None = None,
    environ: Mapping[str, str] = os.environ,
    platform: str = sys.platform,
) -> Outcome:
    """Try every way in turn. Blocks for at most two seconds a program: call it off the screen's thread.

    `to_terminal` hands text to the terminal by OSC 52; leave it out where no terminal listens.
    """
    reasons = []
    if how := mechanism(environ, platform):
        reason = _copy_by_pyperclip(text, how, environ)
        if not reason:
            return Outcome("native", ways(environ, platform)[0])
        reasons.append(reason)
    for command in commands(environ):
        reason = copy_native(text, command, environ)
        if not reason:
            return Outcome("native", command[0])
        reasons.append(reason)
    takes_osc52 = osc52(text) is not None and environ.get("TERM") not in {"dumb", "linux"}
    if _tmux(environ):
        reason = _copy_by_tmux(text, environ)
        if not reason:
            return Outcome("tmux", "; ".join(reasons))
        reasons.append(reason)
        takes_osc52 = takes_osc52 and not _tmux_drops_osc52(environ)
    if to_terminal is not None and takes_osc52:
        to_terminal(text)
        return Outcome("osc52", "; ".join(reasons))
    return Outcome("shown", "; ".join(reasons) or _("no clipboard program was found"))


def read(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> ProgramOutput:
    """Return what the clipboard holds. Blocks for at most two seconds a program; the caller cleans the text."""
    reasons = []
    if how := mechanism(environ, platform):
        output = _take(_pyperclip("read", how), _for_pyperclip(how, environ), "pyperclip")
        if output.text is not None:
            return output
        reasons.append(output.reason)
    for command in readers(environ):
        output = _take(command, environ)
        if output.text is not None:
            return output
        reasons.append(output.reason)
    return ProgramOutput(None, "; ".join(reasons) or _("no clipboard program was found"))


def copy_native(text: str, command: Sequence[str], environ: Mapping[str, str] = os.environ) -> str:
    """Give the text to one clipboard program; returns "" on success, else the reason it failed."""
    return _give(text, command, environ)


def osc52(text: str) -> str | None:
    """Return the escape sequence that asks the terminal to take the text; None when it is too long to arrive whole."""
    encoded = base64.b64encode(text.encode()).decode("ascii")
    return None if len(encoded) > OSC52_LIMIT else f"\x1b]52;c;{encoded}\a"


def _copy_by_pyperclip(text: str, how: Mechanism, environ: Mapping[str, str]) -> str:
    """Copy and read back; "" when the clipboard holds the text, else the reason."""
    environ, held = _for_pyperclip(how, environ), ""
    for mark in (_BOM, "") if how == "wsl" else ("",):  # a clip.exe that keeps the mark is asked again without it
        if reason := _give(mark + text, _pyperclip("copy", how), environ, "pyperclip"):
            return reason
        output = _take(_pyperclip("read", how), environ, "pyperclip")
        if output.text is None:
            return _("the copy could not be confirmed: {reason}", reason=output.reason)
        held = output.text
        if not (mark and held.startswith(mark)):
            break
    same = held.replace("\r\n", "\n") == text.replace("\r\n", "\n")
    return "" if same else _("the clipboard holds something else than was copied")


def _pyperclip(action: str, how: Mechanism) -> Sequence[str]:
    return [sys.executable, "-P", "-m", "agent_assist.clipboard", action, how]


def _for_pyperclip(how: Mechanism, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment of its process: this package, and for pbcopy a locale, else it assumes MacRoman."""
    found_at = os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), environ.get("PYTHONPATH")]))
    locale = {"LC_ALL": "en_US.UTF-8", "LC_CTYPE": "UTF-8"} if how == "pbcopy" else {}
    return {**environ, **locale, "PYTHONPATH": found_at, "PYTHONUTF8": "1"}


def _tmux(environ: Mapping[str, str]) -> list[str]:
    return ["tmux"] if environ.get("TMUX") and shutil.which("tmux", path=environ.get("PATH")) else []


def _copy_by_tmux(text: str, environ: Mapping[str, str]) -> str:
    """Put the text into tmux's buffer and through it to its terminal; "" when both are possible, else the reason."""
    if reason := _give(text, ["tmux", "load-buffer", "-w", "-"], environ):
        return reason
    if _take(["tmux", "save-buffer", "-"], environ).text != text:
        return _("tmux did not keep the text")
    if not _terminal_takes(environ):
        return _("tmux has the text in its buffer (prefix ] pastes it), but its terminal takes none from it")
    return ""


def _terminal_takes(environ: Mapping[str, str]) -> bool:
    """Whether tmux knows how to hand text to the terminal of its client (the capability Ms)."""
    tty = (_take(["tmux", "display-message", "-p", "#{client_tty}"], environ).text or "").strip()
    is_ours = False
    for line in (_take(["tmux", "show-messages", "-T"], environ).text or "").splitlines():
        if line.startswith("Terminal "):
            is_ours = bool(tty) and f"for {tty}," in line
        elif is_ours and ": Ms: " in line:
            return "[missing]" not in line
    return False


def _tmux_drops_osc52(environ: Mapping[str, str]) -> bool:
    """Whether tmux drops what programs in it say to the terminal, as it does unless told otherwise."""
    option = _take(["tmux", "show-options", "-sv", "set-clipboard"], environ).text or ""
    return option.strip() in ("external", "off") or not _terminal_takes(environ)


def _is_remote(environ: Mapping[str, str]) -> bool:
    return bool(environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))


def _installed(commands: Sequence[Sequence[str]], environ: Mapping[str, str]) -> list[Sequence[str]]:
    if _is_remote(environ):
        return []
    return [command for command in commands if shutil.which(command[0], path=environ.get("PATH"))]


def _give(text: str, command: Sequence[str], environ: Mapping[str, str], name: str = "") -> str:
    return programs.give(text, command, environ, CLIPBOARD_TIMEOUT, name)


def _take(command: Sequence[str], environ: Mapping[str, str], name: str = "") -> ProgramOutput:
    return programs.take(command, environ, CLIPBOARD_TIMEOUT, name)


def _serve(action: str, how: Mechanism) -> int:
    """Copy standard input, or write the clipboard to standard output; the process for `_copy_by_pyperclip`."""
    import pyperclip  # only in its own process

    if how == "wsl":
        pyperclip.copy, pyperclip.paste = pyperclip.init_wsl_clipboard()  # type: ignore[attr-defined]
    else:
        pyperclip.set_clipboard(how)
    if action == "copy":
        pyperclip.copy(sys.stdin.buffer.read().decode())
    else:
        sys.stdout.buffer.write((pyperclip.paste() or "").encode("utf-8", "replace"))
    return 0


if __name__ == "__main__":
    sys.exit(_serve(sys.argv[1], cast("Mechanism", sys.argv[2])))
