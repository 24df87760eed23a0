"""What else can be done with a reply: change it by hand, change its language, show the last one again."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.locale import _
from agent_assist.tui.desk.commands.send_reply import fill_gaps
from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.text.labels import language_word

if TYPE_CHECKING:
    from agent_assist.tui.desk.screen import DeskScreen


async def edit(screen: "DeskScreen") -> None:
    """Change the reply by hand. Gaps are filled first, so that none hides in a text that is no longer a template."""
    screen.run_command(_edit(screen))


async def _edit(screen: "DeskScreen") -> None:
    from agent_assist.services.make_reply import with_text  # loaded with the first reply
    from agent_assist.tui.desk.dialogs.edit_form import EditScreen  # loaded when it is first opened

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
    lang = langs[(langs.index(reply.lang) + 1) % len(langs)]
    values = phrase.values_in(chat.values, lang)
    state.put(replace(chat, customer=replace(chat.customer, language=lang), values=values))
    if chat.edited:
        screen.notify_user(
            _(
                "The text changed by hand stays as it is; other replies are now in {language}.",
                language=language_word(lang),
            ),
            "warning",
        )
    screen.show_results()
    screen.sync.save_soon()


async def short_form(screen: "DeskScreen") -> None:
    """Change between the full and the short form in this chat."""
    state = screen.state
    chat = replace(state.chat, is_short=not state.chat.is_short)
    state.put(chat)
    if chat.edited:
        screen.notify_user(_("The text changed by hand stays as it is."), "warning")
    else:
        screen.notify_user(
            _("Replies of this chat: short form.") if chat.is_short else _("Replies of this chat: full.")
        )
    screen.show_results()
    screen.sync.save_soon()


async def last_sent(screen: "DeskScreen") -> None:
    """Show the last reply of this chat again, whole, for copying by hand."""
    from agent_assist.tui.desk.dialogs.manual_copy import ManualCopyScreen  # loaded when it is first opened

    chat = screen.state.chat
    why = _("Last reply to {name}, in case it did not arrive on the clipboard.", name=screen.state.name_of(chat))
    screen.app.push_screen(ManualCopyScreen(chat.sent[-1].text, why))
