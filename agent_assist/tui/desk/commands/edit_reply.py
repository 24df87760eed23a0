"""What else can be done with a reply: change it by hand, turn its language, log an offer, see the last one."""

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.errors import AgentAssistError
from agent_assist.locale import _
from agent_assist.tui.desk.commands.log_offer import ask_promise, say_offered
from agent_assist.tui.desk.commands.send_reply import fill_gaps
from agent_assist.tui.desk.offer_prefill import Proposed, proposed
from agent_assist.tui.text.labels import language_word

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def edit(screen: "DeskScreen") -> None:
    """Change the reply by hand. Gaps are filled first, so that none hides in a text that is no longer a template."""
    screen.run_command(_edit(screen))


async def _edit(screen: "DeskScreen") -> None:
    from agent_assist.services.make_reply import with_text
    from agent_assist.tui.desk.dialogs.edit_form import EditScreen
    from agent_assist.tui.forms.confirm import ConfirmScreen

    state = screen.state
    chat, phrase = state.chat, state.phrase
    if phrase is None:
        return
    if chat.edited and chat.phrase_id != phrase.id:
        sure = await screen.ask(
            ConfirmScreen(
                _("Replace the text you changed for {name}?", name=screen.state.name_of(chat)),
                _("There is already a reply changed by hand in this chat. Only one is kept."),
                _("Replace it"),
                _("Keep it"),
            )
        )
        if not sure:
            return
    reply = screen.state.reply
    if reply is not None and reply.gaps:
        await fill_gaps(screen, reply, chat)
        reply = screen.state.reply
    if reply is None or reply.gaps or state.chat.id != chat.id:
        return
    before = state.chat

    def keep(text: str) -> None:
        version = before.drafted_version or reply.facts_version
        changed = text != reply.text or before.edited
        now = state.chat_tabs.get(chat.id) or before
        state.put(with_text(now, text if changed else before.edited, phrase.id, version if changed else 0))
        screen.sync.save_soon()

    text = await screen.ask(EditScreen(reply.text, _("Reply to {name}", name=screen.state.name_of(chat)), keep=keep))
    if text is not None:
        empty = not text.strip()
        now = state.chat_tabs.get(chat.id) or before
        state.put(with_text(now, "" if empty else text, phrase.id, reply.facts_version))
        if empty:
            screen.notify_user(_("The text stands again as the phrase has it."))
    screen.go(lambda: state.find(phrase_id=phrase.id))


async def language(screen: "DeskScreen") -> None:
    """Answer this customer in the other language the phrase has."""
    state = screen.state
    chat, phrase, reply = state.chat, state.phrase, screen.state.reply
    if phrase is None or reply is None:
        return
    langs = phrase.langs
    wanted = langs[(langs.index(reply.lang) + 1) % len(langs)]
    values = phrase.values_in(chat.values, wanted)
    state.put(replace(chat, customer=replace(chat.customer, language=wanted), values=values))
    if chat.edited:
        screen.notify_user(
            _(
                "The text changed by hand stays as it is; other replies are now in {language}.",
                language=language_word(wanted),
            ),
            "warning",
        )
    screen.show_results()
    screen.sync.save_soon()


async def offer(screen: "DeskScreen") -> None:
    """Record what was promised to this customer, whatever way it was told to them."""
    screen.run_command(_offer(screen))


async def _offer(screen: "DeskScreen") -> None:
    state, services, shown = screen.state, screen.services, screen.state.reply
    chat, incident = state.chat, state.incident
    reply = shown if shown is not None and not shown.gaps and shown.phrase.makes_offer else None
    guess = proposed(reply, chat) if reply else Proposed(sentence=chat.sent[-1].text if chat.sent else "")
    promise = await ask_promise(screen, chat, incident, reply, guess)
    if promise is None:
        screen.notify_user(_("Nothing was logged. ^O asks again, with what you typed."))
        return
    try:
        recorded = await screen.worker.do(partial(services.compensation.add, promise.new))
    except AgentAssistError as error:
        screen.notify_user(_("Not logged: {reason}", reason=error), "error", 15)
        return
    now = state.chat_tabs.get(chat.id)
    if now is not None:
        state.put(replace(now, offer_draft={}))
        screen.sync.save_soon()
    say_offered(screen, recorded.offer, screen.state.name_of(chat))


async def last_sent(screen: "DeskScreen") -> None:
    """Show the last reply of this chat again, whole, for copying by hand."""
    from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen

    chat = screen.state.chat
    why = _("Last reply to {name}, in case it did not arrive on the clipboard.", name=screen.state.name_of(chat))
    screen.app.push_screen(ManualCopyScreen(chat.sent[-1].text, why))
