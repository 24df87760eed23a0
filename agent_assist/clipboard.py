"""The ways out for a reply, tried from the surest to the weakest, and an honest word on which one worked.

native   a clipboard program of the desktop took the text and said so (exit code 0 within two seconds)
osc52    the text was handed to the terminal, which never confirms; some refuse, some cut long texts
shown    nothing worked; the text is shown for copying by hand

pyperclip is not used: its `copy` waits for ever for a hanging xclip and ignores exit codes, and what is left of it,
finding the program, is the table below.
"""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import msgspec

from agent_assist.locale import _

Route = Literal["native", "osc52", "shown"]

PATIENCE = 2.0
"""Seconds a clipboard program gets; xclip without a display server never answers."""

OSC52_LIMIT = 74_000
"""Bytes of base64; xterm and several others drop more in silence."""


class Outcome(msgspec.Struct, frozen=True):
    """Which way the text went, and why the surer ones did not work."""

    route: Route
    detail: str = ""


def commands(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> list[Sequence[str]]:
    """Clipboard programs that make sense here, best first. Over SSH the desktop is elsewhere: none."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"):
        return []
    found: list[Sequence[str]] = []
    if platform == "darwin":
        found.append(["pbcopy"])
    elif platform == "win32":
        found.append(["clip.exe"])
    if environ.get("WAYLAND_DISPLAY"):
        found.append(["wl-copy"])
    if environ.get("DISPLAY"):
        found += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    if environ.get("WSL_DISTRO_NAME"):
        found.append(["clip.exe"])
    if environ.get("TERMUX_VERSION"):
        found.append(["termux-clipboard-set"])
    return [command for command in found if shutil.which(command[0], path=environ.get("PATH"))]


def copy_native(text: str, command: Sequence[str], environ: Mapping[str, str] = os.environ) -> str:
    """Give the text to one clipboard program; returns "" on success, else the reason it failed."""
    try:
        # Files instead of pipes for output: xclip leaves a child behind that would hold a pipe open for ever.
        done = subprocess.run(  # noqa: S603 - a fixed program name, no shell
            command,
            input=_encoded(text, command[0]),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
            env=dict(environ),
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return _("{program} did not answer within 2 seconds", program=command[0])
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    return "" if done.returncode == 0 else _("{program} failed (code {code})", program=command[0], code=done.returncode)


def _encoded(text: str, program: str) -> bytes:
    return text.encode("utf-16-le") if program == "clip.exe" else text.encode()


def osc52(text: str) -> str | None:
    """The escape sequence that asks the terminal to take the text; None when it is too long to arrive whole."""
    encoded = base64.b64encode(text.encode()).decode("ascii")
    return None if len(encoded) > OSC52_LIMIT else f"\x1b]52;c;{encoded}\a"


def copy(
    text: str, *, to_terminal: Callable[[str], None] | None = None, environ: Mapping[str, str] = os.environ
) -> Outcome:
    """Try every way in turn. Blocks for at most two seconds a program: call it off the screen's thread.

    `to_terminal` hands text to the terminal by OSC 52; leave it out where no terminal listens.
    """
    reasons = []
    for command in commands(environ):
        reason = copy_native(text, command, environ)
        if not reason:
            return Outcome("native", command[0])
        reasons.append(reason)
    if to_terminal is not None and osc52(text) is not None and environ.get("TERM") not in {"dumb", "linux"}:
        to_terminal(text)
        return Outcome("osc52", "; ".join(reasons))
    return Outcome("shown", "; ".join(reasons) or _("no clipboard program was found"))
