"""The three streams of the process, made fit before a command runs, and what may go wrong with standard output.

Rules: what goes into a pipe or a file is UTF-8 whatever the locale says, so that nothing arrives as escapes. A terminal
keeps its encoding; what it cannot show stands as “?” and is named at the end. A stream that was closed is nowhere.
"""

import codecs
import errno
import io
import os
import sys

from agent_assist import files
from agent_assist.errors import AgentAssistError
from agent_assist.locale import _

_HANDLER = "agent_assist_mark"
_lost: dict[str, None] = {}


def settle() -> None:
    """Open what is closed, so that no file of ours gets its number, and choose the encoding of standard output."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - until the process ends
    out = sys.stdout
    _lost.clear()
    if isinstance(out, io.TextIOWrapper) and not is_utf8(out.encoding):
        if out.isatty():
            codecs.register_error(_HANDLER, _mark)
            out.reconfigure(errors=_HANDLER)
        else:
            out.reconfigure(encoding="utf-8", errors="strict")


def is_utf8(encoding: str | None) -> bool:
    """Whether this is a name of UTF-8."""
    return (encoding or "").replace("-", "").replace("_", "").lower() in ("utf8", "utf8sig")


def write(words: str) -> None:
    """Write to standard output. Raises BrokenPipeError when nobody reads any more, AgentAssistError when it is full."""
    try:
        sys.stdout.write(words)
    except OSError as error:
        raise failure(error) from error


def flush() -> None:
    """Hand on what was written. Raises as `write`."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise failure(error) from error


def say(words: str) -> None:
    """Write to standard error. Where it takes nothing, nobody can be told: the command goes on and ends as it would."""
    try:
        sys.stderr.write(words)
        sys.stderr.flush()
    except OSError:
        abandon("stderr")


def abandon(name: str = "stdout") -> None:
    """Nobody takes any more: what is still buffered goes nowhere instead of failing at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), getattr(sys, name).fileno())
    except (OSError, ValueError):
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the process ends


def not_shown() -> str:
    """The characters that the terminal could not show, each once; "" when it showed all."""
    return "".join(_lost)


def failure(error: OSError) -> Exception:
    """What it means that standard output took nothing: a reader who left, or a failure with a sentence."""
    # Windows reports a closed pipe as an invalid argument.
    if error.errno == errno.EPIPE or (files.ON_WINDOWS and error.errno == errno.EINVAL):
        return BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
    return AgentAssistError(
        _("Standard output cannot be written: {reason}.", reason=files.reason(error)),
        hint=_("What the command had to do is done; look before you give it again."),
    )


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    _lost.update(dict.fromkeys(missing))
    return "?" * len(missing), error.end
