"""What goes to stderr, and the `ExitCode` that goes with it. A reader who left (`| head`) and Ctrl+C get no message."""

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from traceback import walk_tb
from typing import TypeGuard

import click

from agent_assist.cleaning import clean, clean_line
from agent_assist.cli import streams
from agent_assist.errors import AgentAssistError, MaybeSaved
from agent_assist.exit_code import ExitCode
from agent_assist.library_errors import extra_arguments
from agent_assist.locale import _
from agent_assist.settings import usual_home


def say(message: str) -> None:
    """One message for a person, on stderr."""
    try:
        streams.say(clean(message) + "\n")
    except UnicodeEncodeError:
        encoding = sys.stderr.encoding
        streams.say(clean(message).encode(encoding, "backslashreplace").decode(encoding) + "\n")


def fail(message: str, hint: str = "") -> None:
    """What went wrong on one line, and the way out on the next."""
    say(f"agent-assist: {clean_line(message)}" + (f"\n  {clean_line(hint)}" if hint else ""))


def guarded(work: Callable[[], int], home: Callable[[], Path] = usual_home) -> int:
    """Run the command; turn whatever ends it into a message and an exit code.

    Details of a fault of the program go into the folder `home`.
    """
    try:
        try:
            code = work()
        except click.exceptions.Exit as done:
            code = done.exit_code
        streams.flush()
    except BrokenPipeError:
        streams.abandon()
        return ExitCode.DONE
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except Exception as error:
        code = _reported(streams.failure(error) if _is_output(error) else error, home)
        _give_up_output()
        return code
    if letters := streams.not_shown():
        fail(
            _(
                "This terminal is not UTF-8 ({encoding}): “?” stands for {letters}.",
                encoding=sys.stdout.encoding,
                letters=letters,
            ),
            _("Use a UTF-8 locale, for example LANG=C.UTF-8, or write into a file."),
        )
        return code or ExitCode.FAILED
    return code


def _is_output(error: Exception) -> TypeGuard[OSError]:
    """Whether the library failed to print its own texts, such as a help."""
    steps = walk_tb(error.__traceback__)
    return isinstance(error, OSError) and any(frame.f_code is click.echo.__code__ for frame, _line in steps)


def _give_up_output() -> None:
    try:
        streams.flush()
    except (BrokenPipeError, AgentAssistError):
        streams.abandon()


def _reported(error: Exception, home: Callable[[], Path]) -> int:
    if isinstance(error, AgentAssistError):
        hint = error.hint
        if isinstance(error, MaybeSaved):
            again = _("To settle it, give the same command again with --op-id {op_id}.", op_id=error.op_id)
            hint = f"{hint} {again}".strip()
        fail(error.message, hint)
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.message)
        return ExitCode.USAGE
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else "agent-assist"
        close = ", ".join(_meant(error))
        fail(_usage(error), _("Did you mean {names}?", names=close) if close else _("See: {command} -h", command=path))
        return ExitCode.USAGE
    if isinstance(error, click.ClickException):
        fail(error.format_message())
        return error.exit_code
    from agent_assist.crash_report import report, sentences  # loaded with a crash

    fail(*sentences(error, report(error, home())))
    return ExitCode.FAILED


def _usage(error: click.UsageError) -> str:
    """Return the library's message in the interface language."""
    match error:
        case click.NoSuchOption():
            return _("There is no option {name}.", name=error.option_name)
        case click.exceptions.NoSuchCommand():
            return _("There is no command “{name}”.", name=error.command_name)
        case click.MissingParameter() if error.param is not None:
            return _("{name} is missing.", name=_name(error.param))
        case click.BadParameter() if error.param is not None:
            return _bad(error, error.param)
        case click.BadOptionUsage():
            return _("{name} needs a value, or takes none.", name=error.option_name)
        case _:
            extra = extra_arguments(error.format_message())
            return error.format_message() if extra is None else _("Too many words: {words}.", words=extra)


def _meant(error: click.UsageError) -> Sequence[str]:
    """Names that look like the one that does not exist."""
    if isinstance(error, click.NoSuchOption):
        return list(error.possibilities or ())
    if isinstance(error, click.exceptions.NoSuchCommand) and error.ctx and isinstance(error.ctx.command, click.Group):
        return get_close_matches(error.command_name, error.ctx.command.list_commands(error.ctx))
    return ()


def _bad(error: click.BadParameter, param: click.Parameter) -> str:
    kind = param.type
    if isinstance(kind, click.Choice):
        return _("{name} is one of: {choices}.", name=_name(param), choices=", ".join(map(str, kind.choices)))
    if isinstance(kind, click.IntRange) and kind.max is None:
        return _("{name} is a whole number from {min}.", name=_name(param), min=kind.min)
    if isinstance(kind, click.IntRange):
        return _("{name} is a whole number from {min} to {max}.", name=_name(param), min=kind.min, max=kind.max)
    return f"{_name(param)}: {error.message}"


def _name(param: click.Parameter) -> str:
    return param.opts[-1] if isinstance(param, click.Option) else param.make_metavar(click.Context(click.Command(None)))
