"""The command line: stdout is data, stderr is for people, the exit code is the contract's.

Commands are thin: they read options, call the desk, and print. Nothing heavy is imported before a command needs it.
"""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from agent_assist import locale
from agent_assist.cli import shell_completion, streams
from agent_assist.cli.diagnostics import guarded
from agent_assist.cli.root import root
from agent_assist.cli.session import Session

if TYPE_CHECKING:
    from agent_assist.services import Services
    from agent_assist.settings import Settings

__all__ = ["main"]


def main(argv: Sequence[str] | None = None, *, desk_for: "Callable[[Settings], Services] | None" = None) -> int:
    """Run one call of the program and return its exit code. `desk_for` makes the desk; tests bring their own clock."""

    session = Session(desk_for)

    def work() -> int:
        with session:
            if shell_completion.is_asked():
                return shell_completion.answer(session)
            arguments = list(sys.argv[1:] if argv is None else argv)
            with root.make_context("agent-assist", arguments, obj=session) as ctx:
                return root.invoke(ctx) or 0

    streams.settle()
    locale.use(locale.detect())
    return guarded(work, lambda: session.crash_folder)
