"""The use cases both front ends call, and the only place where the rooms are put together.

What a key press needs (`search`, `reply`) touches no database. The store is opened on first use, which the screen does
in a worker after its first paint; everything that reads or writes it may block and belongs off the screen's thread.
What the first screen does not need is imported where it is used.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from agent_assist.chats import Chat, Customer, Sent, new_chat_id
from agent_assist.errors import NotFound, Refused
from agent_assist.locale import _
from agent_assist.phrasebook import Library, Phrase
from agent_assist.services.draft_journal import DraftJournal, delete, save_drafts
from agent_assist.services.live_library import LiveLibrary
from agent_assist.services.service_context import ServiceContext
from agent_assist.settings import Settings, prepare_home
from agent_assist.time_zone import LocalZone, find_local_zone

if TYPE_CHECKING:
    from agent_assist.clipboard import Outcome
    from agent_assist.incidents import Incident, Publication
    from agent_assist.offers import NewOffer
    from agent_assist.search import Hit
    from agent_assist.search.signals import PastUse, Signals
    from agent_assist.services.announcements import Announcements
    from agent_assist.services.communication import Communication
    from agent_assist.services.compensation import CompensationService  # loaded with the first offer
    from agent_assist.services.follow_page import FollowedPage
    from agent_assist.services.incident_facts import IncidentFacts, Published, TypedFacts
    from agent_assist.services.make_reply import Reply, Setting
    from agent_assist.services.usage_profile import UsageProfile
    from agent_assist.store import Recorded, SaveOutcome, Store


class Services:
    """One agent at work. `clock` gives aware UTC times; `tz` is the agent's own time zone, for what is shown."""

    def __init__(
        self,
        settings: Settings,
        *,
        store: "Store | None" = None,
        clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
        tz: dt.tzinfo | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.local_zone = LocalZone(tz, str(tz)) if tz else find_local_zone(settings.time_zone)
        self.tz = self.local_zone.tz
        self._given_store = store
        self.context = ServiceContext(settings, self.clock, self.tz, lambda: self.store)
        self.live_library = LiveLibrary(settings.phrasebooks, settings.home / "cache")

    # Finding and filling: in memory

    @property
    def library(self) -> Library:
        """All phrases of all books, with the problems of the books."""
        return self.live_library.library

    def search(
        self, query: str, *, lang: str | None = None, limit: int = 50, signals: "Signals | None" = None
    ) -> "list[Hit]":
        """Ranked phrases for what was typed; synchronous and free of I/O once the index is built.

        `signals`, from `UsageProfile`, order what the words leave open.
        """
        return self.live_library.index.search(query, limit=limit, lang=lang, signals=signals)

    def phrase(self, name: str, stage: str = "", lang: str = "") -> Phrase:
        """The phrase with this id, else the best hit for it as a query at this stage. Raises NotFound."""
        found = self.library.get(name)
        if found is None:
            hits = self.search(name, limit=1, signals=self.habits().signals(self.clock(), stage, lang))
            if not hits:
                raise NotFound(
                    _("No phrase matches “{name}”.", name=name), hint=_("List them: agent-assist phrases list")
                )
            found = hits[0].phrase
        return found

    @property
    def setting(self) -> "Setting":
        """Who answers, and when: now."""
        from agent_assist.services.make_reply import Setting  # loaded with the first reply

        settings = self.settings
        return Setting(
            agent=settings.agent,
            public_name=settings.public_name,
            brand=settings.brand,
            now=self.clock(),
            tz=self.tz,
        )

    def reply(
        self,
        phrase: Phrase,
        chat: Chat,
        incident: "Incident | None",
        lang: str = "",
        *,
        others: Iterable[Customer] = (),
    ) -> "Reply":
        """The phrase filled and checked for this chat; `others` are the customers of the other open chats."""
        from agent_assist.services.make_reply import reply_for_chat  # loaded with the first reply

        return reply_for_chat(phrase, self.setting, chat, incident, lang, others)

    def reply_for(
        self,
        phrase: Phrase,
        values: Mapping[str, str],
        incident: "Incident | None",
        *,
        lang: str = "",
        channel: str = "",
        chat: Chat | None = None,
        others: Iterable[Customer] = (),
    ) -> "Reply":
        """The phrase filled from `NAME=VALUE` pairs; `customer.*` and `offer.*` names fill those, others are fields.

        With a `chat` it must speak to that chat's customer, and to none of the `others`.

        Without a language it is the one in which customer and facts can be spoken of, see `spoken`.
        """
        from agent_assist.services.make_reply import make_reply, spoken  # loaded with the first reply

        customer, offer, fields = _by_owner(values)
        language = lang or customer.get("language")
        language = language or spoken(incident, customer.get("name", ""), self.settings.language)
        filled_for = Customer(**{**customer, "language": language})
        return make_reply(
            phrase,
            self.setting,
            customer=filled_for,
            incident=incident,
            values=fields,
            offer=offer,
            lang=language,
            channel=channel,
            others=others,
            chat_with=chat.customer if chat else None,
            drafted_for=(filled_for,) if chat else (),
        )

    def habits(self, uses: "Iterable[PastUse]" = ()) -> "UsageProfile":
        """This agent's habits among the team's `uses`, with what is pinned at this desk. Reads a small file."""
        from agent_assist.services.usage_profile import UsageProfile, read_pins  # loaded after the first paint

        return UsageProfile(self.settings.agent, uses, read_pins(self.settings.home), self.settings.signals_off)

    def pin(self, habits: "UsageProfile") -> None:
        """Keep what is pinned for the next start. Raises NotSaved."""
        from agent_assist.services.usage_profile import write_pins  # loaded after the first paint

        prepare_home(self.settings)
        write_pins(self.settings.home, habits.pinned)

    # The store: may block

    @cached_property
    def store(self) -> "Store":
        """The open database. Raises Refused, NotSaved or Damaged with a hint when it cannot be used."""
        if self._given_store is not None:
            return self._given_store
        from agent_assist.store import open_store  # loaded after the first paint

        prepare_home(self.settings)
        return open_store(self.settings.database, home=self.settings.home, role=self.settings.role)

    def close(self) -> None:
        """Let go of the database, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    def record_missed_search(self, query: str, at: dt.datetime) -> None:
        """Record a search that found nothing, for the lead who writes the phrases."""
        self.store.missed_search(self.settings.agent, query, at)

    # Facts

    @cached_property
    def facts(self) -> "IncidentFacts":
        """Publishing the facts of incidents."""
        from agent_assist.services.incident_facts import IncidentFacts  # loaded with the first facts

        return IncidentFacts(self.context)

    @cached_property
    def followed_page(self) -> "FollowedPage":
        """Recording what a status page says."""
        from agent_assist.services.follow_page import FollowedPage  # loaded with the first page

        return FollowedPage(self.context, self.facts)

    def open_incident(self, facts: "TypedFacts") -> "Incident":
        """Record a new incident, version 1. Refused for an agent who is no lead."""
        return self.facts.open(facts)

    def update_incident(self, incident_id: str, facts: "TypedFacts", *, expected: int | None = None) -> "Published":
        """Record a new version unless nothing changes. With `expected`, Refused when there is a later version."""
        return self.facts.update(incident_id, facts, expected=expected)

    @cached_property
    def communication(self) -> "Communication":
        """What customers were told, and the clock that counts it."""
        from agent_assist.services.communication import Communication  # loaded with the first facts

        return Communication(self.context)

    @cached_property
    def announcements(self) -> "Announcements":
        """What is published about an incident on each channel."""
        from agent_assist.services.announcements import Announcements  # loaded with the first announcement

        return Announcements(lambda: self.library, lambda: self.setting, self.communication)

    def announcement_published(
        self, incident_id: str, *, channel: str = "other", texts: "Mapping[str, str] | None" = None, version: int = 0
    ) -> "Publication":
        """Record that an announcement went out: its steps of the communication clock are taken.

        `texts` by language, made from this version of the facts; without them everything known counts as told.
        """
        return self.communication.announced(incident_id, channel=channel, texts=texts or {}, version=version)

    def incident(self, incident_id: str = "") -> "Incident | None":
        """The named incident; without a name the newest open one, or None when nothing is open."""
        if incident_id:
            return self.store.incident(incident_id)
        return next(iter(self.store.incidents(open_only=True)), None)

    # Chats

    def new_chat(self, customer: Customer | None = None, *, incident_id: str = "", position: int = 0) -> Chat:
        """A fresh slot; not stored until something in it is worth keeping or `keep` is called."""
        now = self.clock()
        return Chat(
            id=new_chat_id(),
            customer=customer or Customer(language=self.settings.language),
            incident_id=incident_id,
            position=position,
            opened_at=now,
            waiting_since=now,
        )

    @property
    def is_on_server(self) -> bool:
        """Whether the database is on a server, which every save of a draft would occupy."""
        return self.settings.database.startswith("postgresql")

    def keep(self, chat: Chat, seen: Chat | None = None) -> "SaveOutcome":
        """Store the slot as it stands, unless another terminal changed it after `seen`; see `Store.save_chat`."""
        return self.store.save_chat(self.settings.agent, chat, seen=seen)

    def chats(self) -> tuple[Chat, ...]:
        """This agent's open slots, as they were left."""
        return self.store.open_chats(self.settings.agent)

    @cached_property
    def draft_journal(self) -> DraftJournal:
        """The file of chats that the database does not have yet."""
        return DraftJournal(self.settings.home, self.settings.database, self.settings.agent)

    def save_abandoned_drafts(self) -> None:
        """Save the chats that a desk could not save before it ended, so that they stand where they stood.

        Raises what the store raises; then they stay in their file for the next time.
        """
        for path, drafts in self.draft_journal.abandoned():
            save_drafts(self.store, self.settings.agent, drafts)
            with suppress(OSError):  # a folder that takes no change must not keep the desk from its database
                delete(path)

    def close_chat(self, chat: Chat) -> None:
        """Take the slot off the desk; what was sent stays on record."""
        self.store.close_chat(self.settings.agent, chat.id, self.clock())

    # Sending and promising

    def copy(self, text: str, to_terminal: Callable[[str], None] | None = None) -> "Outcome":
        """Bring the text out by the best way that works; blocks up to two seconds a clipboard program."""
        from agent_assist import clipboard  # loaded with the first copy

        return clipboard.copy(text, to_terminal=to_terminal)

    def send_out(self, reply: "Reply", text: str, to_terminal: Callable[[str], None] | None = None) -> tuple[Sent, str]:
        """Bring `text` out as this reply; returns it as sent, and what the clipboard said. Blocks as `copy` does."""
        outcome = self.copy(text, to_terminal)
        return self.sent_now(reply, text, outcome.route), outcome.detail

    def sent_now(self, reply: "Reply", text: str, route: str) -> Sent:
        """Return `text` as sent now, as this reply and by this route."""
        return Sent(
            at=self.clock(),
            phrase_id=reply.phrase.id,
            lang=reply.lang,
            text=text,
            incident_id=reply.incident_id,
            facts_version=reply.facts_version,
            route=route,
        )

    def record_sent(
        self, chat: Chat, reply: "Reply", sent: Sent, *, op_id: str, offer: "NewOffer | None" = None
    ) -> "Recorded | None":
        """Record that the reply went out, and the offer it promises, in one transaction; returns what the log says of
        the offer. `chat` is the slot as it was before; repeat a doubtful try with the same `sent` and `op_id`."""
        from agent_assist.store import PhraseUse  # loaded after the first paint

        use = PhraseUse(
            phrase_id=sent.phrase_id,
            query=chat.query,
            lang=sent.lang,
            stage=reply.stage,
            edited=reply.is_edited,
            agent=self.settings.agent,
            at=sent.at,
        )
        terms = self.compensation.terms(offer) if offer else None
        recorded = self.store.record_sent(
            self.settings.agent,
            chat.id,
            sent,
            op_id=op_id,
            use=use,
            offer=offer,
            terms=terms,
            publication=self.communication.told_by(reply, sent),
        )
        if recorded is not None:
            self.context.note_waiting(recorded)
        return recorded

    @cached_property
    def compensation(self) -> "CompensationService":
        """Promising under the policy, and deciding about promises."""
        from agent_assist.services.compensation import CompensationService  # loaded with the first offer

        return CompensationService(self.context)


def _by_owner(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Sort values by what their name belongs to: the customer, the offer, or fields of the phrase. Raises Refused."""
    from agent_assist.replies import canonical_name  # loaded with the first reply

    customer: dict[str, str] = {}
    offer: dict[str, str] = {}
    fields: dict[str, str] = {}
    for name, value in values.items():
        canonical = canonical_name(name)
        owner, _dot, rest = canonical.partition(".")
        if owner == "customer" and rest in Customer.__struct_fields__:
            customer[rest] = value
        elif owner == "offer":
            offer[rest] = value
        elif owner in ("incident", "agent"):
            raise Refused(
                _("“{name}” comes from the incident and cannot be set for one reply.", name=name),
                hint=_("Change the facts: agent-assist incident update"),
            )
        else:
            fields[canonical] = value
    return customer, offer, fields
