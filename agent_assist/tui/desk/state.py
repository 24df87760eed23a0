"""The state of one agent's desk: chats, facts, results and the reply to send, without any screen.

The screen shows it and passes on what the person did; everything here is in memory and immediate. Chats that changed
are noted in `unsaved` until they are stored.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from agent_assist.chats import Chat, Customer, Sent
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents import Incident, Step, overdue
from agent_assist.phrasebook import Library, Phrase
from agent_assist.services import Services
from agent_assist.services.live_library import LibraryUpdate
from agent_assist.services.usage_profile import UsageProfile
from agent_assist.tui.desk.actions import DeskConditions
from agent_assist.tui.desk.chat_exchange import ChatsHere, Exchanged, exchange
from agent_assist.tui.desk.chat_tabs import ChatTabs, restored_tabs
from agent_assist.tui.desk.incident_snapshot import IncidentSnapshot
from agent_assist.tui.desk.page_state import StatusPageState
from agent_assist.tui.desk.render.chats_text import chat_name
from agent_assist.tui.desk.render.results_text import MAX_RESULTS, Row, opening_rows, rows_of

if TYPE_CHECKING:
    from agent_assist.roles import Role
    from agent_assist.services import Reply
    from agent_assist.tui.desk.incident_news import NewsKind
    from agent_assist.tui.widgets.layout import Layout


MAX_RELATED_PHRASES = 30
"""Phrases at most that are taken to speak of what is down."""


class DeskState:
    """What is on the desk now. `rows[chosen]` is the phrase whose reply is shown."""

    shows_log = False
    """Whether the review lies over the desk: then news of every offer is of use."""

    status_page = StatusPageState()
    layout: "Layout" = "wide"
    """What the window has room for."""
    role: "Role" = "lead"
    """What this person may do, as the database says it."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.chat_tabs = ChatTabs((services.new_chat(),))
        self.incidents = IncidentSnapshot()
        self._bound_alone: set[str] = set()
        """Chats nobody has used yet that were bound to what was open."""
        self.library = Library()
        self.rows: tuple[Row, ...] = ()
        self.chosen = 0
        self.has_books = False
        """Whether the phrasebooks were read."""
        self.is_ready = False
        """Whether phrases can be searched and filled."""
        self.has_store = False
        self.store_error = ""
        """Why the database cannot be used; "" while it can."""
        self.reply: Reply | None = None
        """The reply that Enter sends: what `update_reply` computed last."""
        self.reply_error: Refused | None = None
        """Why the chosen phrase cannot be filled at all."""
        self.has_looked = False
        """Whether the facts were read, or it is certain that they cannot be: a reply shown before would mislead."""
        self.unsaved: dict[str, Chat] = {}
        """Chats to be saved, those that were closed too."""
        self.attempted: dict[str, Chat] = {}
        """The version of each chat that was last handed to the database, whether it answered or not."""
        self.stored: dict[str, Chat] = {}
        """What the database has of each chat, as far as this desk has read or saved it."""
        self.news: dict[str, str] = {}
        """Marks of chats whose offer was decided, until they are turned to; by chat id."""
        self.incident_marks: dict[str, NewsKind] = {}
        """What happened to incidents and was not looked at yet: opened, resolved, reopened; by incident id."""
        self.unrecorded: dict[str, str] = {}
        """Replies that were sent and could not be recorded yet: the customer's name by op_id."""
        self.habits = UsageProfile(services.settings.agent)
        """What this agent and the team send, and what is pinned."""
        self.closed: list[Chat] = []
        """Chats that were closed since the start, the latest last."""
        self.cleared_queries: dict[str, str] = {}
        """What Escape took out of the search box last, by chat id; the next Escape there brings it back."""

    @property
    def chat(self) -> Chat:
        """The current chat."""
        return self.chat_tabs.current

    def name_of(self, chat: Chat) -> str:
        """Return whom a chat is with, distinguished from other open chats of the same name."""
        return chat_name(chat, self.chat_tabs.chats)

    @property
    def incident(self) -> Incident | None:
        """The facts that the current chat is answered from."""
        return self.incidents.incident_of(self.chat)

    def clock_of(self, incident: Incident | None) -> tuple[Step, ...]:
        """Return the communication clock of an incident, as it stands now."""
        if incident is None:
            return ()
        history, published = self.incidents.history(incident), self.incidents.published.get(incident.id, ())
        return self.services.communication.clock(history, published)

    @property
    def phrase(self) -> Phrase | None:
        """The chosen phrase."""
        return self.rows[self.chosen].phrase if self.rows else None

    def conditions(self, *, is_hidden: bool = False) -> DeskConditions:
        """Return what decides which actions work; `is_hidden`: the reply is not on the screen."""
        phrase, incident, reply = self.phrase, self.incident, self.reply
        return DeskConditions(
            has_reply=self.is_ready and self.has_looked and phrase is not None,
            is_ready=(self.is_ready and self.has_looked) or (self.has_books and not self.library.phrases),
            has_store=self.has_store,
            has_incident=incident is not None,
            role=self.role,
            other_incidents=len(self.incidents.others(incident)),
            chats=len(self.chat_tabs.chats),
            langs=len(phrase.langs) if phrase else 0,
            has_short_form=bool(phrase and phrase.short) or self.chat.is_short,
            has_sent=bool(self.chat.sent),
            has_gaps=bool(reply and reply.gaps),
            has_closed=bool(self.closed),
            is_held=bool(reply and (reply.blockers or reply.phrase.confirm)),
            is_hidden=is_hidden,
            layout=self.layout,
        )

    # Facts

    def update_incidents(self, incidents: IncidentSnapshot) -> None:
        """Take the facts as they are now. No chat moves to another incident by itself; those without get the open one.

        When the current chat's incident changed its status, the list is ranked for it; what the person chose stays.
        """
        before = self.incident
        self.incidents = incidents
        self._bind()
        after = self.incident
        if (before and (before.id, before.status)) != (after and (after.id, after.status)):
            self.find(phrase_id=self.chat.phrase_id)

    @property
    def overdue(self) -> list[tuple[Incident, Step]]:
        """The steps of all open incidents that customers wait for."""
        return [(incident, step) for incident in self.incidents.open for step in overdue(self.clock_of(incident))]

    def take_incident(self, incident_id: str) -> None:
        """Answer the current chat from this incident from now on."""
        self.incident_marks.pop(incident_id, None)
        self._bound_alone.discard(self.chat.id)
        self.put(self.chat.with_incident(incident_id))
        self.find(phrase_id=self.chat.phrase_id)

    def begin_use(self) -> None:
        """Prepare the current chat for its first use: one that nobody used is about what is open now."""
        chat = self.chat
        if chat.id not in self._bound_alone or chat.is_used:
            return
        self._bound_alone.discard(chat.id)
        if self.incidents.is_open(chat.incident_id):
            self.chat_tabs = self.chat_tabs.with_chat(replace(chat, is_guessed=len(self.incidents.open) > 1))
        elif self.incidents.open:
            self.chat_tabs = self.chat_tabs.with_chat(replace(chat, incident_id=""))
            self._bind()
            self._bound_alone.discard(chat.id)

    def _bind(self) -> None:
        """Give each chat without an incident the open one; of several the newest, which then is a guess."""
        newest = next(iter(self.incidents.open), None)
        if newest is None:
            return
        for chat in self.chat_tabs.chats:
            if not chat.incident_id:
                bound = chat.with_incident(newest.id, is_guessed=len(self.incidents.open) > 1)
                self.chat_tabs = self.chat_tabs.with_chat(bound)
                if chat.is_used:
                    self.unsaved[chat.id] = bound
                else:
                    self._bound_alone.add(chat.id)

    # Finding

    def read(self, library: Library) -> None:
        """Take the phrasebooks that were read."""
        self.library, self.has_books = library, True
        self.find(phrase_id=self.chat.phrase_id)

    def reload(self, new: LibraryUpdate) -> None:
        """Take changed phrasebooks; the chosen phrase stays chosen when it is still there."""
        self.services.live_library.apply(new)
        self.library = new.library
        self.find(phrase_id=self.phrase.id if self.phrase else "")

    def type(self, query: str) -> None:
        """Search for `query`, which the search box of this chat holds now."""
        chat = self.chat
        if query == chat.query:
            return
        self.begin_use()
        waiting = chat.waiting_since or self.services.clock()  # a new question is being answered
        phrase_id = chat.phrase_id if chat.edited else ""  # what was chosen was chosen among other results
        self.put(replace(self.chat, query=query, waiting_since=waiting, phrase_id=phrase_id))
        self.find()

    def find(self, *, phrase_id: str = "") -> None:
        """Search for the chat's query again and choose the phrase with this id when it is there, else the best."""
        chat = self.chat
        query, lang, now = clean_line(chat.query), chat.customer.language, self.services.clock()
        incident = self.incident
        stage = incident.status if incident else "investigating"
        rows: tuple[Row, ...] = ()
        if query and self.is_ready:
            rows = rows_of(self.services.search(query, signals=self.habits.signals(now, stage, lang)))
        elif not query:
            useful = self.habits.most_useful(self.library, now, stage, lang, self._related_phrases(incident))
            rows = opening_rows(useful, lang)
        drafted = self._draft_row(chat)
        is_best = drafted is not None and rows[:1] and rows[0].phrase.id == drafted.phrase.id
        if drafted is not None:
            rows = (drafted, *(row for row in rows if row.phrase.id != drafted.phrase.id))
        self.rows = rows[:MAX_RESULTS]
        places = [place for place, row in enumerate(self.rows) if row.phrase.id == phrase_id]
        best = 1 if drafted is not None and query and len(self.rows) > 1 and not is_best else 0
        self.chosen = places[0] if places else best

    def _related_phrases(self, incident: Incident | None) -> frozenset[str]:
        """Return the ids of phrases about what is down."""
        if incident is None or not self.is_ready:
            return frozenset()
        hits = self.services.search(" ".join((incident.title, *incident.services)), limit=MAX_RELATED_PHRASES)
        return frozenset(hit.phrase.id for hit in hits if hit.score > hits[0].score / 2)

    def choose(self, place: int) -> None:
        """Make the phrase at this place the chosen one; places outside mean the nearest end."""
        if self.rows:
            self.chosen = min(max(0, place), len(self.rows) - 1)
            self.note_choice()

    @property
    def is_chosen(self) -> bool:
        """Whether the person asked for the phrase whose reply is shown: by typing, by choosing it or by drafting it.
        What stands first in an empty box is only proposed."""
        phrase, chat = self.phrase, self.chat
        return phrase is not None and (bool(clean_line(chat.query)) or phrase.id in (chat.phrase_id, chat.draft_id))

    def note_choice(self) -> None:
        """Note the chosen phrase in the chat, unless a reply changed by hand has that place."""
        chat, phrase = self.chat, self.phrase
        if phrase is not None and not chat.edited and chat.phrase_id != phrase.id:
            self.chat_tabs = self.chat_tabs.with_chat(replace(chat, phrase_id=phrase.id))

    def _draft_row(self, chat: Chat) -> Row | None:
        """Return the unfinished reply, which stands first: always when changed by hand, else while nothing is typed."""
        phrase = self.library.get(chat.draft_id) if chat.edited or not chat.query else None
        return Row(phrase, phrase.title[phrase.lang_for(chat.customer.language)]) if phrase else None

    # Chats

    @property
    def is_unused(self) -> bool:
        """Whether the current chat has no name, no draft and no history."""
        return not self.chat.is_used

    def put(self, chat: Chat) -> None:
        """Take a changed chat, which is to be saved."""
        self.chat_tabs = self.chat_tabs.with_chat(chat)
        self.unsaved[chat.id] = chat

    def go(self, chat_tabs: ChatTabs) -> None:
        """Change to another chat, or another set of them, and show what it was at."""
        before, self.chat_tabs = self.chat_tabs, chat_tabs
        self.news.pop(self.chat.id, None)
        self.incident_marks.pop(self.chat.incident_id, None)
        self._bind()
        if self.chat.id != before.current.id and before.get(self.chat.id):
            self.put(replace(self.chat, shown_at=self.services.clock()))
        self.find(phrase_id=self.chat.phrase_id)

    def open_chat(self, customer: Customer | None = None) -> Chat:
        """Open a chat for another customer, and return it."""
        self.go(self.chat_tabs.with_new_chat(replace(self.services.new_chat(customer), shown_at=self.services.clock())))
        self.unsaved[self.chat.id] = self.chat
        return self.chat

    def close_chat(self, chat_id: str) -> None:
        """Take the chat off the desk; `reopen_chat` brings it back."""
        chat = self.chat_tabs.get(chat_id)
        if chat is not None and chat.is_used:
            self.closed.append(chat)
        self.unsaved.pop(chat_id, None)
        if chat is not None and (chat.is_used or chat_id in self.stored or chat_id in self.attempted):
            self.unsaved[chat_id] = replace(chat, closed_at=self.services.clock())
        self.go(self.chat_tabs.without(chat_id, self.services.new_chat()))

    def reopen_chat(self) -> None:
        """Bring back the chat that was closed last, as it was."""
        if not self.closed:
            return
        chat = self.closed.pop()
        only_spare = len(self.chat_tabs.chats) == 1 and self.is_unused
        self.go(ChatTabs((chat,)) if only_spare else self.chat_tabs.with_reopened(chat))
        self.unsaved[chat.id] = self.chat

    def note_sent(self, chat: Chat, sent: Sent, *, is_holding: bool) -> bool:
        """Note that a reply went out in this chat, as it was before; returns False when the chat was closed meanwhile.

        What was typed for other phrases stays; `is_holding`: also what was typed for this one, as it only put off the
        promise.
        """
        open_chat = self.chat_tabs.get(chat.id)
        if open_chat is None:
            return False
        done = "" if is_holding else sent.phrase_id
        drafts = {*open_chat.filled, *([open_chat.phrase_id] if open_chat.edited else [])} - {done}
        needed = frozenset().union(*(_variables_of(phrase) for key in drafts if (phrase := self.library.get(key))))
        values = {name: text for name, text in open_chat.values.items() if name.removeprefix("?") in needed}
        self.put(open_chat.answered(sent, done, values))
        self.habits = self.habits.with_use(sent.phrase_id, chat.query, self.services.clock())
        self.cleared_queries.pop(chat.id, None)
        return True

    def pin(self, phrase_id: str) -> None:
        """Pin a phrase, or take the pin away; the list stays as it is until something is typed."""
        self.habits = self.habits.toggle_pin(phrase_id)

    def restore(self, chats: tuple[Chat, ...], incidents: IncidentSnapshot) -> None:
        """Take the desk as the database has it, and add what was done until it answered.

        A question typed into a desk without names goes on in the chat that was left.
        """
        self.incidents = incidents
        self.has_store = self.has_looked = True
        self.store_error = ""
        self._bound_alone.clear()
        self.stored = {chat.id: chat for chat in chats}
        if chats:
            meanwhile, self.chat_tabs = self.chat_tabs, restored_tabs(chats)
            self.unsaved = {chat.id: chat for chat in self.chat_tabs.chats if chat not in chats}
            used = [chat for chat in meanwhile.chats if chat.is_used]
            if len(used) == 1 and not used[0].customer.name and used[0].query and not self.chat.query:
                waiting = self.chat.waiting_since or used[0].waiting_since
                self.put(replace(self.chat, query=used[0].query, waiting_since=waiting))
            else:
                for chat in used:
                    self.chat_tabs = self.chat_tabs.with_new_chat(chat)
                    self.unsaved[chat.id] = self.chat
                if meanwhile.current.is_used:
                    self.chat_tabs = self.chat_tabs.select(meanwhile.current.id)
                    self.put(replace(self.chat, shown_at=self.services.clock()))
        self._bind()
        self.find(phrase_id=self.chat.phrase_id)

    def has_all_of(self, chats: tuple[Chat, ...]) -> bool:
        """Whether the desk knows these versions of its chats already, as after its own saves."""
        for chat in chats:
            stored, shown = self.stored.get(chat.id), self.chat_tabs.get(chat.id)
            if stored is None or not stored.has_state_of(chat):
                return False
            if shown is not None and not {sent.at for sent in chat.sent} <= {sent.at for sent in shown.sent}:
                return False
        return True

    def take_chats(self, chats: tuple[Chat, ...]) -> Exchanged:
        """Take this agent's chats as other terminals left them; what was typed here stays."""
        before = self.chat
        for theirs in chats:
            own = self.attempted.get(theirs.id)
            if own is not None and theirs.has_state_of(own):  # it was saved here, though nobody said so
                self.stored[own.id] = own
        here = ChatsHere(self.chat_tabs, self.unsaved, self.stored, tuple(self.closed))
        exchanged = exchange(here, chats, self.services.new_chat())
        now = exchanged.here
        self.chat_tabs, self.unsaved, self.stored = now.chat_tabs, dict(now.unsaved), dict(now.stored)
        self.closed = [*now.closed]
        self._bind()
        if not self.chat.has_state_of(before):
            self.find(phrase_id=self.chat.phrase_id)
        return exchanged

    def lose_store(self, reason: str) -> None:
        """Note that the database does not answer, and why; what is known stays on the desk."""
        self.store_error = reason
        self.has_store, self.has_looked = False, True

    def fill_in(self, chat_id: str, values: Mapping[str, str], phrase_id: str = "") -> None:
        """Take all values typed for a phrase as those of the chat; what names the customer goes to the customer."""
        chat = self.chat_tabs.get(chat_id)
        if chat is None:
            return
        known = {f"customer.{name}": name for name in Customer.__struct_fields__}
        customer = {known[name]: clean_line(text) for name, text in values.items() if name in known and text.strip()}
        own = {name: text for name, text in values.items() if name not in known}
        from agent_assist.services.make_reply import with_values  # loaded with the first reply

        filled = (*(key for key in chat.filled if key != phrase_id), *([phrase_id] if phrase_id else []))
        kept = with_values(chat, replace(chat.customer, **customer), own)
        self.put(replace(kept, filled=filled if own else ()))

    # The reply

    def update_reply(self) -> "Reply | None":
        """Fill the chosen phrase for the current chat from the facts and the time of now, and return the reply.

        None while nothing can be filled, with the reason in `reply_error` when the phrase is at fault.
        """
        phrase = self.phrase
        self.reply = self.reply_error = None
        if phrase is not None and self.is_ready and self.has_looked:
            try:
                self.reply = self._reply_of(phrase, self.chat)
            except Refused as refused:
                self.reply_error = refused
        return self.reply

    def _reply_of(self, phrase: Phrase, chat: Chat, lang: str = "") -> "Reply":
        others = [other.customer for other in self.chat_tabs.chats if other.id != chat.id]
        return self.services.reply(phrase, chat, self.incidents.incident_of(chat), lang, others=others)

    def has_moved(self, reply: "Reply", chat: Chat) -> bool:
        """Whether the facts behind a reply of this chat are others now, or something stands against it that did not."""
        now = self._reply_of(reply.phrase, self.chat_tabs.get(chat.id) or chat, reply.lang)
        before = (reply.incident_id, reply.facts_version, reply.blockers, reply.gaps)
        return (now.incident_id, now.facts_version, now.blockers, now.gaps) != before


def _variables_of(phrase: Phrase) -> frozenset[str]:
    """Return the names that a phrase reads, in any language."""
    from agent_assist.replies import variables  # loaded with the first reply

    return frozenset(name for text in (*phrase.text.values(), *phrase.short.values()) for name in variables(text))
