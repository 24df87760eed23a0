"""The reply as it would be copied, and the check of it below."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from agent_assist.locale import _
from agent_assist.tui.desk.render.reply_text import about, heading, verdict
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.desk.widgets.preview import Preview
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import joined
from agent_assist.tui.widgets.lines import Lines, set_title


class ReplyPanel(Vertical):
    """Shows the reply of a desk's state."""

    def __init__(self, state: DeskState) -> None:
        super().__init__(id="answer")
        self._state = state
        self.preview = Preview(id="preview")
        self._verdict = Lines(id="verdict")

    def compose(self) -> ComposeResult:
        yield self.preview
        yield self._verdict

    def show_reply(self) -> None:
        """Show the reply with its check; without one, why."""
        state = self._state
        instead: list[str] = []
        if state.reply_error is not None:
            instead = [state.reply_error.message, state.reply_error.hint]
        elif state.reply is None and state.rows:
            instead = [_("The reply appears here in a moment.")]
        self.preview.show_reply(state.reply, instead)
        self._show_verdict()

    @on(Preview.Scrolled)
    def _show_verdict(self) -> None:
        """Show the check, and what is known about the reply."""
        state, reply = self._state, self._state.reply
        if reply is None:
            self._verdict.show([])
            set_title(self, content(_("Reply"), ".title"))
            return
        cells = self._verdict.size.width or 60
        about_reply = joined([self.preview.place, about(reply, state.chat.drafted_version)])
        self._verdict.show(verdict(reply, about_reply, cells, self._verdict.size.height or 2))
        set_title(self, heading(reply, state.name_of(state.chat), cells))
