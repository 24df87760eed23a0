"""A store in memory, for tests and the demo, under the same contract as the databases."""

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext

import msgspec

from agent_assist.chats import Chat, Sent, erased_chat
from agent_assist.cleaning import clean
from agent_assist.incidents import Incident, Publication
from agent_assist.offers import NewOffer, OfferFilter, Terms
from agent_assist.offers.parse import checked_offer
from agent_assist.roles import Role
from agent_assist.store import refusals
from agent_assist.store.engines.memory_log import MemoryLog
from agent_assist.store.erasure_subject import Erasure, ErasureSubject, erasure_subject
from agent_assist.store.news import ANYTHING, News
from agent_assist.store.protocol import (
    USES_LIMIT,
    Erased,
    IncidentHistory,
    MissedSearch,
    PhraseUse,
    Recorded,
    SaveOutcome,
)
from agent_assist.store.rows import MAX_QUERY, LeftOut, first_characters

_POLL_SECONDS = 0.05
"""Seconds between two polls for changes."""


class MemoryStore(MemoryLog):
    """Lists and dicts behind one lock. See `protocol.Store` for what each call promises."""

    def __init__(self, role: Role = "lead", *, is_team: bool = False) -> None:
        super().__init__()
        self._is_team = is_team
        self._role: Role = role
        self._seen = -1
        self._closed = threading.Event()
        self._incidents: dict[str, list[Incident]] = {}
        self._chats: dict[tuple[str, str], Chat] = {}
        self._sent: dict[str, tuple[str, str, Sent]] = {}
        self._uses: list[PhraseUse] = []
        self._missed: list[MissedSearch] = []
        self._publications: list[Publication] = []

    def open_incident(self, incident: Incident) -> Incident:
        with self._lock:
            number = len(self._incidents) + 1
            while not incident.id and f"INC-{number}" in self._incidents:
                number += 1
            first = msgspec.structs.replace(incident, id=incident.id or f"INC-{number}", version=1)
            if first.id in self._incidents:
                raise refusals.incident_exists(first.id)
            self._incidents[first.id] = [first]
            self._token += 1
            return first

    def add_version(self, incident: Incident, *, expected: int | None) -> Incident:
        with self._lock:
            latest = self.incident(incident.id).version
            if expected is not None and expected != latest:
                raise refusals.version_conflict(incident.id, expected, latest)
            later = msgspec.structs.replace(incident, version=latest + 1)
            self._incidents[incident.id].append(later)
            self._token += 1
            return later

    def incident(self, id: str) -> Incident:  # noqa: A002
        return self.versions(id)[-1]

    def versions(self, id: str) -> tuple[Incident, ...]:  # noqa: A002
        with self._lock:
            if id not in self._incidents:
                raise refusals.no_incident(id)
            return tuple(self._incidents[id])

    def incidents(self, open_only: bool = False) -> tuple[Incident, ...]:
        with self._lock:
            latest = [versions[-1] for versions in reversed(self._incidents.values())]
            return tuple(incident for incident in latest if not open_only or incident.status != "resolved")

    def incident_histories(
        self, *, resolved_since: dt.datetime, also: Collection[str] = ()
    ) -> tuple[IncidentHistory, ...]:
        with self._lock:
            return tuple(
                IncidentHistory(tuple(versions), self.publications([versions[0].id]))
                for versions in reversed(self._incidents.values())
                if versions[-1].status != "resolved"
                or versions[-1].updated_at >= resolved_since
                or versions[-1].id in also
            )

    def record_publication(self, publication: Publication) -> None:
        with self._lock:
            self._publications.append(publication)
            self._token += 1

    def publications(self, incidents: Collection[str]) -> tuple[Publication, ...]:
        with self._lock:
            mine = [each for each in self._publications if each.incident in incidents]
            return tuple(sorted(mine, key=lambda each: each.at))

    def chats_by_incident(self) -> Mapping[str, int]:
        with self._lock:
            return Counter(chat.incident_id for chat in self._chats.values() if chat.closed_at is None)

    def save_chat(self, agent: str, chat: Chat, *, seen: Chat | None = None) -> SaveOutcome:
        with self._lock:
            stored = self._chats.get((agent, chat.id))
            if stored is not None and stored.is_erased:
                return "erased"
            if stored is not None and seen is not None and not stored.has_state_of(seen):
                return "changed"
            self._chats[agent, chat.id] = msgspec.structs.replace(chat, sent=())
            return "saved"

    def open_chats(self, agent: str, *, also: Collection[str] = ()) -> tuple[Chat, ...]:
        with self._lock:
            mine = [
                chat
                for (owner, _id), chat in self._chats.items()
                if owner == agent and (chat.closed_at is None or chat.id in also)
            ]
            return tuple(
                msgspec.structs.replace(chat, sent=self._sent_in(agent, chat.id))
                for chat in sorted(mine, key=lambda chat: (chat.position, chat.opened_at, chat.id))
            )

    def close_chat(self, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002
        with self._lock:
            if (agent, id) not in self._chats:
                raise refusals.no_chat(id)
            self._chats[agent, id] = msgspec.structs.replace(self._chats[agent, id], closed_at=at)

    def record_sent(
        self,
        agent: str,
        chat_id: str,
        sent: Sent,
        *,
        op_id: str,
        use: PhraseUse | None = None,
        offer: NewOffer | None = None,
        terms: Terms | None = None,
        publication: Publication | None = None,
    ) -> Recorded | None:
        reply = msgspec.structs.replace(sent, text=clean(sent.text))
        promise = checked_offer(offer) if offer else None
        with self._lock:
            if op_id in self._sent:
                owner, place, earlier = self._sent[op_id]
                if (owner, place, earlier.phrase_id, earlier.text) != (agent, chat_id, reply.phrase_id, reply.text):
                    raise refusals.other_reply(op_id)
                return self.add_offer(promise, terms=terms) if promise else None
            recorded = self.add_offer(promise, terms=terms) if promise else None
            self._sent[op_id] = (agent, chat_id, reply)
            if use:
                self._uses.append(msgspec.structs.replace(use, query=first_characters(use.query, MAX_QUERY)))
            if publication and not self._is_told(publication):
                self.record_publication(publication)
            return recorded

    def _is_told(self, publication: Publication) -> bool:
        same = [each for each in self.publications([publication.incident]) if each.version == publication.version]
        return {name for each in same for name in each.tells}.issuperset(publication.tells)

    def erase(self, customer: str, *, order: str = "", agent: str, role: Role, reason: str, at: dt.datetime) -> Erased:
        subject = erasure_subject(customer, order, reason)
        with self._lock:
            offers = self._erase_texts(subject, Erasure(agent, role, reason, at))
            chats = self._erase_chats(subject, {offer.chat for offer in offers} - {""}, at)
            replies = [
                op_id
                for op_id, (owner, chat_id, sent) in self._sent.items()
                if (owner, chat_id) in chats or subject.is_named_in(sent.text)
            ]
            for op_id in replies:
                del self._sent[op_id]
            searches = self._erase_queries(subject)
            self._token += 1
            return Erased(
                offers=len(offers),
                chats=len(chats),
                open_chats=sum(chat.closed_at is None for chat in chats.values()),
                replies=len(replies),
                searches=searches,
                mentions=self.count(OfferFilter(text=subject.identifier)),
            )

    def _erase_chats(self, subject: ErasureSubject, ids: set[str], at: dt.datetime) -> dict[tuple[str, str], Chat]:
        """Empty the chats with this person and those with one of the `ids`; redact all others. Returns the former."""
        emptied = {
            key: chat
            for key, chat in self._chats.items()
            if not chat.is_erased and (key[1] in ids or subject.is_customer_of(chat))
        }
        self._chats = {
            key: erased_chat(chat.id, at) if key in emptied else subject.redact(chat)
            for key, chat in self._chats.items()
        }
        return emptied

    def _erase_queries(self, subject: ErasureSubject) -> int:
        """Empty the queries that name this person; return how many those were."""
        queries = [use.query for use in self._uses] + [missed.query for missed in self._missed]
        self._uses = [
            msgspec.structs.replace(use, query="") if subject.is_named_in(use.query) else use for use in self._uses
        ]
        self._missed = [missed for missed in self._missed if not subject.is_named_in(missed.query)]
        return sum(map(subject.is_named_in, queries))

    def uses(self, agent: str = "") -> tuple[PhraseUse, ...]:
        with self._lock:
            return tuple(use for use in reversed(self._uses) if not agent or use.agent == agent)[:USES_LIMIT]

    def missed_search(self, agent: str, query: str, at: dt.datetime) -> None:
        with self._lock:
            self._missed.append(MissedSearch(agent=agent, query=first_characters(query, MAX_QUERY), at=at))

    def missed_searches(self) -> tuple[MissedSearch, ...]:
        with self._lock:
            return tuple(reversed(self._missed))[:USES_LIMIT]

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def left_out(self) -> tuple[LeftOut, ...]:
        return ()

    def change_token(self) -> int:
        with self._lock:
            return self._token

    def wait_for_change(
        self,
        seconds: float,
        *,
        agent: str = "",  # noqa: ARG002 - of anything
        offers: Collection[str] | None = None,  # noqa: ARG002
    ) -> tuple[News, ...]:
        until = time.monotonic() + seconds
        while self.change_token() == self._seen:
            left = until - time.monotonic()
            if left <= 0 or self._closed.wait(min(left, _POLL_SECONDS)):
                return ()
        self._seen = self.change_token()
        return (ANYTHING,)

    def role(self) -> Role:
        return self._role

    def is_team(self) -> bool:
        return self._is_team

    def close(self) -> None:
        self._closed.set()

    def _sent_in(self, agent: str, chat_id: str) -> tuple[Sent, ...]:
        return tuple(sent for owner, place, sent in self._sent.values() if (owner, place) == (agent, chat_id))
