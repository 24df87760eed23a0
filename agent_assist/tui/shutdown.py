"""What is kept when the desk ends, in whatever way: the last drafts, and what to say when that failed."""

from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from contextlib import suppress

from agent_assist.errors import AgentAssistError
from agent_assist.locale import _
from agent_assist.services import Services
from agent_assist.services.draft_journal import save_drafts
from agent_assist.tui.app import AgentAssistApp
from agent_assist.tui.background import place_of

SHUTDOWN_TIMEOUT = 3.0
"""Seconds that saving the last drafts may take after the screen is gone."""


def save_and_close(app: AgentAssistApp, services: Services) -> str:
    """Store the last drafts and close the database; returns what to say when that failed or a record is missing."""
    state = app.desk_screen.state
    try:
        state.note_choice()
    except Exception as error:  # after a fault anything may be; what was typed is kept all the same
        app.note(error)
    sync = app.desk_screen.sync
    drafts = sync.for_journal(sync.unsaved)

    def last() -> None:
        try:
            save_drafts(services.store, services.settings.agent, drafts)
            with suppress(OSError):  # the chats are saved; the next start finds them in the file once more
                services.draft_journal.close(is_saved=True)
        finally:
            services.close()

    try:  # before the database is asked: it may not answer
        services.draft_journal.finish(drafts)
        is_in_journal = bool(drafts)
    except OSError:
        is_in_journal = False
    done = app.worker.shutdown(last)
    said = [sentence] if (sentence := _why_unsaved(app, done, is_in_journal=is_in_journal)) else []
    if state.unrecorded:
        names = _(", ").join(dict.fromkeys(state.unrecorded.values()))
        said.append(_("Sent, but not recorded: {names}.", names=names))
    return "\n".join(said)


def _why_unsaved(app: AgentAssistApp, done: "Future[object]", *, is_in_journal: bool) -> str:
    """Return what to say when the last drafts could not be saved in time, else ""."""
    try:
        done.result(SHUTDOWN_TIMEOUT)
    except TooSlow:
        if is_in_journal:
            return _(
                "The database did not answer. The last changes of drafts are kept on this machine for the next start."
            )
        return _("The database did not answer; the last changes of drafts are perhaps not saved.")
    except Exception as error:
        if not isinstance(error, AgentAssistError):
            app.note(error)
        why = str(error) if isinstance(error, AgentAssistError) else place_of(error)
        if is_in_journal:
            return _("The last changes of drafts are kept on this machine for the next start: {reason}", reason=why)
        return _("The last changes of drafts are not saved: {reason}", reason=why)
    return ""
