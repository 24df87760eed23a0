"""A store that keeps nothing: for tests and the demo. It obeys the same contract as the databases."""

import datetime as dt
import secrets
import threading
import time

import msgspec

from agent_assist.chats import Chat, Sent
from agent_assist.cleaning import clean, clean_line
from agent_assist.incidents import Incident
from agent_assist.offers import Entry, Head, NewOffer, Offer, Verdict, fold, verify_chain
from agent_assist.offers.chain import offered, says_the_same
from agent_assist.offers.offer import checked, offer_seq
from agent_assist.offers.policy import Role
from agent_assist.store import refusals
from agent_assist.store.protocol import USES_LIMIT, MissedSearch, Recorded, Use


class MemoryStore:
    """Everything in lists and dicts behind one lock. See `protocol.Store` for what each call promises."""

    def __init__(self, role: Role = "lead") -> None:
        self._lock = threading.RLock()
        self._role: Role = role
        self._seen = -1
        self._closed = threading.Event()
        self._incidents: dict[str, list[Incident]] = {}
        self._chats: dict[tuple[str, str], Chat] = {}
        self._sent: dict[str, tuple[str, str, Sent]] = {}
        self._entries: list[Entry] = []
        self._uses: list[Use] = []
        self._missed: list[MissedSearch] = []
        self._token = 0

    def open_incident(self, incident: Incident) -> Incident:
        with self._lock:
            number = len(self._incidents) + 1
            while not incident.id and f"INC-{number}" in self._incidents:
                number += 1
            named = msgspec.structs.replace(incident, id=incident.id or f"INC-{number}", version=1)
            if named.id in self._incidents:
                raise refusals.incident_exists(named.id)
            self._incidents[named.id] = [named]
            self._token += 1
            return named

    def add_version(self, incident: Incident, *, expected: int | None) -> Incident:
        with self._lock:
            latest = self.incident(incident.id).version
            if expected is not None and expected != latest:
                raise refusals.overtaken(incident.id, expected, latest)
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

    def save_chat(self, agent: str, chat: Chat) -> None:
        with self._lock:
            self._chats[agent, chat.id] = msgspec.structs.replace(chat, sent=())
            self._token += 1

    def open_chats(self, agent: str) -> tuple[Chat, ...]:
        with self._lock:
            mine = [chat for (owner, _id), chat in self._chats.items() if owner == agent and chat.closed_at is None]
            return tuple(
                msgspec.structs.replace(chat, sent=self._sent_in(agent, chat.id))
                for chat in sorted(mine, key=lambda chat: (chat.position, chat.opened_at, chat.id))
            )

    def close_chat(self, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002
        with self._lock:
            if (agent, id) not in self._chats:
                raise refusals.no_chat(id)
            self._chats[agent, id] = msgspec.structs.replace(self._chats[agent, id], closed_at=at)
            self._token += 1

    def record_sent(
        self, agent: str, chat_id: str, sent: Sent, *, op_id: str, use: Use | None = None, offer: NewOffer | None = None
    ) -> Recorded | None:
        reply = msgspec.structs.replace(sent, text=clean(sent.text))
        promise = checked(offer) if offer else None
        with self._lock:
            if op_id in self._sent:
                owner, place, known = self._sent[op_id]
                if (owner, place, known.phrase_id, known.text) != (agent, chat_id, reply.phrase_id, reply.text):
                    raise refusals.other_reply(op_id)
                return self.add_offer(promise) if promise else None
            recorded = self.add_offer(promise) if promise else None
            self._sent[op_id] = (agent, chat_id, reply)
            if use:
                self._uses.append(msgspec.structs.replace(use, query=clean_line(use.query)))
            self._token += 1
            return recorded

    def add_offer(self, new: NewOffer) -> Recorded:
        offer = checked(new)
        with self._lock:
            if known := self._recorded(offer):
                return known
            entry = offered(offer, self.head(), lambda: secrets.token_hex(16))
            self._entries.append(entry)
            self._token += 1
            return Recorded(fold([entry])[0])

    def offers(
        self, incident: str = "", agent: str = "", customer: str = "", state: str = "", limit: int = 0
    ) -> tuple[Offer, ...]:
        with self._lock:
            offers = fold(self._entries)
        wanted = {"incident": incident, "agent": agent, "customer": customer, "state": state}
        met = tuple(
            offer
            for offer in offers
            if all(not value or getattr(offer, name) == value for name, value in wanted.items())
        )
        return met[-limit:] if limit else met

    def offer(self, id: str) -> Offer:  # noqa: A002
        found = fold(self.entries(id)) if id else ()
        if not found:
            raise refusals.no_offer(id)
        return found[0]

    def entries(self, offer_id: str = "") -> tuple[Entry, ...]:
        with self._lock:
            if not offer_id:
                return tuple(self._entries)
            return tuple(entry for entry in self._entries if entry.offer_seq == offer_seq(offer_id))

    def head(self) -> Head:
        with self._lock:
            return Head(self._entries[-1].seq, self._entries[-1].hash) if self._entries else Head()

    def verify(self, head: Head | None = None) -> Verdict:
        return verify_chain(self.entries(), head)

    def uses(self, agent: str = "") -> tuple[Use, ...]:
        with self._lock:
            return tuple(use for use in reversed(self._uses) if not agent or use.agent == agent)[:USES_LIMIT]

    def missed_search(self, agent: str, query: str, at: dt.datetime) -> None:
        with self._lock:
            self._missed.append(MissedSearch(agent=agent, query=clean_line(query), at=at))
            self._token += 1

    def missed_searches(self) -> tuple[MissedSearch, ...]:
        with self._lock:
            return tuple(reversed(self._missed))[:USES_LIMIT]

    def change_token(self) -> int:
        with self._lock:
            return self._token

    def wait_for_change(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.change_token() == self._seen:
            left = until - time.monotonic()
            if left <= 0 or self._closed.wait(min(left, 0.05)):
                return False
        self._seen = self.change_token()
        return True

    def role(self) -> Role:
        return self._role

    def close(self) -> None:
        self._closed.set()

    def _sent_in(self, agent: str, chat_id: str) -> tuple[Sent, ...]:
        return tuple(sent for owner, place, sent in self._sent.values() if (owner, place) == (agent, chat_id))

    def _recorded(self, offer: NewOffer) -> Recorded | None:
        for entry in self._entries:
            if entry.op_id == offer.op_id:
                if not says_the_same(entry, offer):
                    raise refusals.other_offer(offer.op_id, entry.seq)
                return Recorded(self.offer(entry.offer_id), already=True)
        return None
