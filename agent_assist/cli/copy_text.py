"""Copying a text from the command line, and saying what became of it."""

from pathlib import Path
from typing import TYPE_CHECKING

from agent_assist.cli.diagnostics import fail, say
from agent_assist.clipboard import osc52
from agent_assist.exit_code import ExitCode
from agent_assist.locale import _

if TYPE_CHECKING:
    from agent_assist.clipboard import Outcome
    from agent_assist.services import Services


def copy_text(services: "Services", text: str) -> "Outcome":
    """Bring the text out by the best way that works, through the terminal too where there is one."""
    try:
        terminal = Path("/dev/tty").open("w", encoding="ascii")  # noqa: SIM115 - handed to the clipboard
    except OSError:
        return services.copy(text)

    def to_terminal(copied: str) -> None:
        if sequence := osc52(copied):
            terminal.write(sequence)

    with terminal:
        return services.copy(text, to_terminal)


def say_copied(copied: "Outcome", customer: str = "") -> int:
    """Say by which way it went, and return the exit code. Only a program that confirmed it counts as copied."""
    if copied.route == "native":
        say(_("Copied for {customer}.", customer=customer) if customer else _("Copied."))
        return ExitCode.DONE
    if copied.route == "osc52":
        say(_("Sent to the terminal (unconfirmed). If pasting brings nothing, copy the text above by hand."))
        return ExitCode.DONE
    if copied.route == "tmux":
        say(_("In tmux's buffer, and sent on to the terminal (unconfirmed). If pasting brings nothing, prefix ] does."))
        return ExitCode.DONE
    fail(_("Not copied: {reason}.", reason=copied.detail), _("Copy the text above by hand."))
    return ExitCode.FAILED
