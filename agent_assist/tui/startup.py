"""From settings to a running desk and back: the demo's own folder, the last drafts, the exit code."""

import logging
import os
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from agent_assist import files
from agent_assist.cleaning import clean
from agent_assist.crash_report import report, sentences
from agent_assist.exit_code import ExitCode
from agent_assist.locale import _
from agent_assist.services import Services
from agent_assist.settings import Settings
from agent_assist.tui.app import AgentAssistApp
from agent_assist.tui.shutdown import SHUTDOWN_TIMEOUT, save_and_close
from agent_assist.tui.textual_private import give_alt_to_digits


def open_desk(settings: Settings, *, demo: bool) -> int:
    """Run the desk until it is left; the terminal is as before and the drafts are stored when this returns."""
    if demo:
        from agent_assist.services.demo import demo_settings  # loaded for the demo only

        settings = demo_settings(settings)
    services = Services(settings)
    give_alt_to_digits()
    app = AgentAssistApp(services)
    app.when_ended = partial(_end_in_any_case, app, services)
    if files.ON_WINDOWS:
        from agent_assist.tui.windows_close_event import when_window_closes  # Windows only

        when_window_closes(partial(save_and_close, app, services))
    said = ""
    with _nothing_printed(app):
        try:
            app.run()
        except Exception as error:  # told below like every other fault, after the drafts are kept
            app.note(error)
        finally:
            said = save_and_close(app, services)
            if demo:
                from agent_assist.services.demo import forget  # loaded for the demo only

                forget(settings)
    if said:
        sys.stderr.write(clean(said) + "\n")
    if app.fault is not None:
        return _say_fault(app.fault, Path(tempfile.gettempdir()) if demo else settings.home, are_kept=not said)
    if app.ended_by:
        return 128 + app.ended_by
    return app.return_code or (1 if said else 0)


@contextmanager
def _nothing_printed(app: AgentAssistApp) -> Iterator[None]:
    """Report faults of other threads to the app; no library prints on the screen, or values of variables after it."""

    def unraisable(failed: "sys.UnraisableHookArgs") -> None:
        if failed.exc_value is not None:
            app.note(failed.exc_value)

    quiet = logging.NullHandler()
    logging.getLogger().addHandler(quiet)
    threading.excepthook, sys.unraisablehook = partial(_thread_failed, app), unraisable
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        threading.excepthook, sys.unraisablehook = threading.__excepthook__, sys.__unraisablehook__
        logging.getLogger().removeHandler(quiet)


def _thread_failed(app: AgentAssistApp, failed: threading.ExceptHookArgs) -> None:
    """End the desk as a fault in its own thread does; nothing is printed over its screen."""
    error = failed.exc_value
    if error is not None:
        app.note(error)
        app.end_by(error)


def _say_fault(fault: BaseException, folder: Path, *, are_kept: bool) -> int:
    """Say what ended the desk, and where the details are; returns the exit code."""
    happened, told = sentences(fault, report(fault, folder))
    kept = _("Chats and drafts are kept.") if are_kept else ""
    sys.stderr.write("\n".join(part for part in (f"agent-assist: {happened}", kept, told) if part) + "\n")
    return ExitCode.FAILED


def _end_in_any_case(app: AgentAssistApp, services: Services, number: int) -> None:
    """End the program even if its terminal is gone and painting hangs; drafts first. Nothing may stay behind."""

    def end() -> None:
        time.sleep(SHUTDOWN_TIMEOUT)  # the orderly way out is usually done long before
        save_and_close(app, services)
        os._exit(128 + number)

    threading.Thread(target=end, daemon=True).start()
