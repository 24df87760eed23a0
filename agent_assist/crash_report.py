"""Crash report: a file for the developer, and two sentences for the user.

Neither shows values, nor what the error says: that may be a password, a customer's name or a draft, in any form. The
file names the errors and their ways through the program, so that it can be passed on as it is.
"""

import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb

from agent_assist import __version__
from agent_assist.cleaning import clean, clean_line
from agent_assist.files import write_whole
from agent_assist.locale import _

MAX_REPORTS = 20
"""Reports that are kept; older ones are deleted."""

_MAX_ERRORS = 8
"""Of one chain of causes."""

_MAX_FRAMES = 40
"""Lines of code of one error: the first and the last half; endless recursion has thousands."""

_PACKAGE = Path(__file__).parent


def report(error: BaseException, folder: Path) -> Path | None:
    """Write down what happened, readable by its owner only; None when that is not possible."""
    now = datetime.now(UTC)
    head = f"agent-assist {__version__}\n{platform.python_implementation()} {platform.python_version()}\n"
    head += f"{platform.platform()}\n{now:%Y-%m-%d %H:%M:%SZ}\n\n"
    path = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, [clean(head + described(error) + "\n").encode(errors="backslashreplace")])
        for old in sorted(folder.glob("crash-*.txt"))[:-MAX_REPORTS]:
            old.unlink()
    except OSError:
        return path if path.exists() else None
    return path


def sentences(error: BaseException, path: Path | None) -> tuple[str, str]:
    """Return what to tell the person: that the fault is not theirs, and where the details are."""
    kind = type(error).__name__
    happened = _("This is a fault of the program, not yours.") + f" ({kind})"
    if path is None:
        return happened, _("The details could not be written to a file.")
    return happened, _("Please report it with the file {file}; it holds nothing of yours.", file=clean_line(str(path)))


def described(error: BaseException) -> str:
    """Return the error and its causes with their ways through the code, one step a line, the cause first."""
    return "\n".join(line for each in reversed([*_chain(error)]) for line in _lines(each))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting and len(seen) < _MAX_ERRORS:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        inner = each.exceptions if isinstance(each, BaseExceptionGroup) else ()
        waiting += [*inner, *([cause] if cause is not None else [])]


def _lines(error: BaseException) -> Iterator[str]:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    yield f"{name}:"
    steps = [f"  {_shown(frame.filename)}:{frame.lineno} {frame.name}" for frame in extract_tb(error.__traceback__)]
    half = _MAX_FRAMES // 2
    if len(steps) > _MAX_FRAMES:
        steps = [*steps[:half], f"  … {len(steps) - 2 * half} …", *steps[-half:]]
    yield from steps


def _shown(file: str) -> str:
    """Without the folders above the package, which hold the name of a person."""
    path = Path(file)
    for folder in (*(above for above in path.parents if above.name == "site-packages"), _PACKAGE.parent):
        if path.is_relative_to(folder):
            return path.relative_to(folder).as_posix()
    return path.name
