"""Runs small programs of the system with a time limit: gives one a text, reads what another writes.

A program that does not end in time is killed with its children. Each failure is a reason for a person, no exception.
"""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.locale import _

MAX_PROGRAM_OUTPUT = 5_000_000
"""Bytes that are read of what a program writes."""


_READ_GRACE = 0.3
"""Seconds that a child of a program which ended may take to read what it was given."""


class ProgramOutput(msgspec.Struct, frozen=True):
    """What a program wrote, as it came and not cleaned; None with the reason when that failed."""

    text: str | None
    reason: str = ""


def give(text: str, command: Sequence[str], environ: Mapping[str, str], seconds: float, name: str = "") -> str:
    """Hand the text to a program; "" when it ended well in time, else the reason. Its output is thrown away."""
    name, content = name or command[0], text.encode("utf-8", "replace")
    if os.name == "nt":
        return _give_on_windows(content, command, environ, seconds, name)
    read_end, write_end = os.pipe()
    try:
        # No pipe where nothing is read: xclip leaves a child behind that would hold it open forever.
        program = _started(command, environ, stdin=read_end, stdout=subprocess.DEVNULL)
        writer = threading.Thread(target=_write, args=(write_end, b"" if isinstance(program, str) else content))
        writer.daemon = True
        writer.start()
        if isinstance(program, str):
            return program
        try:
            program.wait(seconds)
        except subprocess.TimeoutExpired:
            _end(program)
            return _silent(name, seconds)
        if reason := _failed(program, name):
            return reason
        return "" if _was_read(read_end, writer) else _("{program} did not take the text", program=name)
    finally:
        os.close(read_end)


def _give_on_windows(
    content: bytes, command: Sequence[str], environ: Mapping[str, str], seconds: float, name: str
) -> str:
    program = _started(command, environ, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    if isinstance(program, str):
        return program
    try:
        program.communicate(content, timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(program)
        return _silent(name, seconds)
    return _failed(program, name)


def _write(handle: int, content: bytes) -> None:
    with suppress(BrokenPipeError), os.fdopen(handle, "wb", buffering=0) as pipe:
        view = memoryview(content)
        while view:
            view = view[pipe.write(view) :]


def _was_read(read_end: int, writer: threading.Thread) -> bool:
    """Whether nothing is left in the pipe of a program that ended. One that it started may still be reading."""
    import fcntl  # not on Windows
    import termios  # not on Windows

    until = time.monotonic() + _READ_GRACE
    while writer.is_alive() or any(fcntl.ioctl(read_end, termios.FIONREAD, bytes(4))):
        if time.monotonic() >= until:
            return False
        time.sleep(0.01)
    return True


def take(command: Sequence[str], environ: Mapping[str, str], seconds: float, name: str = "") -> ProgramOutput:
    """Return what a program writes, read as UTF-8."""
    name = name or command[0]
    program = _started(command, environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if isinstance(program, str):
        return ProgramOutput(None, program)
    output: list[bytes] = []

    def read() -> None:
        if program.stdout is not None:
            with program.stdout:
                output.append(program.stdout.read(MAX_PROGRAM_OUTPUT + 1))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    reader.join(seconds)
    if not output:
        _end(program)
        return ProgramOutput(None, _silent(name, seconds))
    if len(output[0]) > MAX_PROGRAM_OUTPUT:
        _end(program)
        return ProgramOutput(
            None, _("{program} wrote more than {size} MB", program=name, size=MAX_PROGRAM_OUTPUT // 1_000_000)
        )
    with suppress(subprocess.TimeoutExpired):
        program.wait(seconds)
    if program.returncode is None:
        _end(program)
    reason = _failed(program, name)
    return ProgramOutput(None, reason) if reason else ProgramOutput(output[0].decode("utf-8", "replace"))


def _started(
    command: Sequence[str], environ: Mapping[str, str], *, stdin: int, stdout: int
) -> "subprocess.Popen[bytes] | str":
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; callers name fixed programs
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        return f"{command[0]}: {clean_line(error.strerror or str(error))}"


def _silent(name: str, seconds: float) -> str:
    return _("{program} did not answer within {seconds} seconds", program=name, seconds=f"{seconds:g}")


def _failed(program: "subprocess.Popen[bytes]", name: str) -> str:
    return _("{program} failed (code {code})", program=name, code=program.returncode) if program.returncode else ""


def _end(program: "subprocess.Popen[bytes]") -> None:
    """End it with all that it started."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
    else:
        program.kill()
    program.wait()
