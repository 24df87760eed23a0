"""What a fault of the program leaves behind: a file for whoever mends it, and two sentences for whoever sat before it.

The screen shows neither values nor the message of the error, which may name customers or hold a password. The file has
the message and the lines of the program that were under way, without the values they worked on.
"""

import platform
import re
import traceback
from datetime import UTC, datetime
from pathlib import Path

from agent_assist import __version__
from agent_assist.cleaning import clean, clean_line
from agent_assist.files import write_whole
from agent_assist.locale import _

MAX_KEPT = 20
"""Reports that stay; the oldest go."""

_SECRETS = (
    (re.compile(r"([a-z][a-z0-9+.-]*://[^\s/@:'\"]*:)[^\s'\"]*@", re.IGNORECASE), r"\1***@"),
    (re.compile(r"((?:password|passwd|pwd|secret|token)\b['\"]?\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s&,;)]+)", re.I),
     r"\1***"),
)  # fmt: skip


def without_secrets(text: str) -> str:
    """The text with passwords of database URLs and of connection strings taken out."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def report(error: BaseException, folder: Path) -> Path | None:
    """Write down what happened, readable by its owner only; None when that is not possible."""
    now = datetime.now(UTC)
    head = f"agent-assist {__version__}\n{platform.python_implementation()} {platform.python_version()}\n"
    head += f"{platform.platform()}\n{now:%Y-%m-%d %H:%M:%SZ}\n\n"
    lines = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    path = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, [clean(without_secrets(head + lines)).encode()])
        for old in sorted(folder.glob("crash-*.txt"))[:-MAX_KEPT]:
            old.unlink()
    except OSError:
        return path if path.exists() else None
    return path


def sentences(error: BaseException, path: Path | None) -> tuple[str, str]:
    """What to tell the person: that the fault is not theirs, and where the details are."""
    kind = type(error).__name__
    happened = _("This is a fault of the program, not yours.") + f" ({kind})"
    if path is None:
        return happened, _("The details could not be written to a file.")
    told = _("Please report it with the file {file}; remove names of customers first.", file=clean_line(str(path)))
    return happened, told
