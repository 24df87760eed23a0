"""The offer log of the memory store: a list of entries behind one lock."""

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from agent_assist.offers import (
    CustomerHistory,
    Decision,
    Entry,
    GroupBy,
    Head,
    LimitScope,
    Median,
    NewEvent,
    NewOffer,
    Offer,
    OfferFilter,
    SaltedText,
    State,
    Sum,
    Terms,
    VerifyResult,
    replay,
    verify_chain,
)
from agent_assist.offers.chain import offer_entry, says_the_same
from agent_assist.offers.customer_history import limit_usage
from agent_assist.offers.decisions import (
    adjusted_offer,
    apply_policy,
    check_transition,
    checked_event,
    decision_entry,
    is_the_same_event,
)
from agent_assist.offers.offer import new_salt, offer_seq
from agent_assist.offers.offer_filter import matches, medians, totals
from agent_assist.offers.parse import checked_offer
from agent_assist.store import refusals
from agent_assist.store.erasure_subject import Erasure, ErasureSubject
from agent_assist.store.protocol import PolicyVersion, Progress, Recorded, no_progress


class MemoryLog:
    """See `protocol.Store` for what each call promises."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._token = 0
        self._entries: list[Entry] = []
        self._policies: list[PolicyVersion] = []

    def add_offer(self, new: NewOffer, *, terms: Terms | None = None) -> Recorded:
        offer = checked_offer(new)
        with self._lock:
            if existing := self._by_op_id(offer.op_id):
                return self._again(existing, says_the_same(existing, offer))
            decision = Decision("offered")
            if terms is not None:
                decision = apply_policy(offer, terms, self._limit_usage(offer.scope, terms))
            entry = offer_entry(
                offer,
                self.head(),
                new_salt,
                role=terms.conditions.role if terms else "",
                pending=decision.outcome == "pending",
                rule=decision.rule,
            )
            return self._append(entry, decision)

    def decide(self, new: NewEvent, *, terms: Terms | None = None) -> Recorded:
        event = checked_event(new)
        with self._lock:
            if existing := self._by_op_id(event.op_id):
                return self._again(existing, is_the_same_event(existing, event, offer_seq(event.offer)))
            offer = self.offer(event.offer)
            check_transition(event, offer, self.entries(offer.id))
            decision = None
            if event.event == "adjusted" and terms is not None:
                promise = adjusted_offer(event, offer)
                decision = apply_policy(promise, terms, self._limit_usage(promise.scope, terms, except_seq=offer.seq))
            return self._append(decision_entry(event, offer, self.head(), new_salt, decision), decision)

    def limit_usage(self, scope: LimitScope, terms: Terms) -> CustomerHistory:
        with self._lock:
            return self._limit_usage(scope, terms)

    def offers(
        self, incident: str = "", agent: str = "", customer: str = "", state: State | Literal[""] = "", limit: int = 0
    ) -> tuple[Offer, ...]:
        found = tuple(self._matching(OfferFilter(incident=incident, agent=agent, customer=customer, state=state)))
        return found[-limit:] if limit else found

    def page(self, offer_filter: OfferFilter, *, before_seq: int = 0, limit: int = 100) -> tuple[Offer, ...]:
        found = [offer for offer in self._matching(offer_filter) if not before_seq or offer.seq < before_seq]
        return tuple(reversed(found[-limit:] if limit else found))

    def histories(self, offer_filter: OfferFilter, *, after_seq: int = 0, limit: int = 500) -> tuple[Entry, ...]:
        with self._lock:
            found = [offer for offer in self._matching(offer_filter) if offer.seq > after_seq][:limit]
            return tuple(entry for offer in found for entry in self.entries(offer.id))

    def count(self, offer_filter: OfferFilter) -> int:
        return sum(1 for _offer in self._matching(offer_filter))

    def sums(self, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo = dt.UTC) -> tuple[Sum, ...]:
        return totals(self._matching(offer_filter), by, tz)

    def medians(self, offer_filter: OfferFilter) -> tuple[Median, ...]:
        return medians(self._matching(offer_filter))

    def offer(self, id: str) -> Offer:  # noqa: A002
        found = replay(self.entries(id)) if id else ()
        if not found:
            raise refusals.no_offer(id)
        return found[0]

    def entries(self, offer_id: str = "") -> tuple[Entry, ...]:
        with self._lock:
            if not offer_id:
                return tuple(self._entries)
            return tuple(entry for entry in self._entries if entry.offer_seq == offer_seq(offer_id))

    def numbered_entries(self, seqs: Sequence[int]) -> tuple[Entry, ...]:
        wanted = set(seqs)
        return tuple(entry for entry in self.entries() if entry.seq in wanted)

    def head(self) -> Head:
        with self._lock:
            return Head(self._entries[-1].seq, self._entries[-1].hash) if self._entries else Head()

    def verify(
        self,
        head: Head | None = None,
        *,
        go_on: bool = False,  # noqa: ARG002 - there is no checkpoint of what ends with the process
        progress: Progress = no_progress,
    ) -> VerifyResult:
        result = verify_chain(self.entries(), head)
        progress(result.entries, result.entries)
        return result

    def publish_policy(self, text: str, *, author: str, at: dt.datetime) -> PolicyVersion:
        with self._lock:
            version = PolicyVersion(version=len(self._policies) + 1, at=at, author=author, text=text)
            self._policies.append(version)
            self._token += 1
            return version

    def policy(self) -> PolicyVersion | None:
        with self._lock:
            return self._policies[-1] if self._policies else None

    def _erase_texts(self, subject: ErasureSubject, erasure: Erasure) -> tuple[Offer, ...]:
        """Erase the texts of every offer to this person; return those offers."""
        offers = tuple(self._matching(OfferFilter(customer=subject.customer, order=subject.order)))
        for offer in offers:
            self._entries = [_bare(entry) if entry.offer_seq == offer.seq else entry for entry in self._entries]
            self._entries.append(erasure.entry(offer, self.head()))
        return offers

    def _matching(self, offer_filter: OfferFilter) -> Iterator[Offer]:
        texts: dict[int, list[str]] = {}
        with self._lock:
            for entry in self._entries if offer_filter.text else ():
                texts.setdefault(entry.offer_seq, []).extend(sealed.text for sealed in entry.texts.values())
            offers = replay(self._entries)
        return (offer for offer in offers if matches(offer, offer_filter, texts.get(offer.seq, ())))

    def _limit_usage(self, scope: LimitScope, terms: Terms, *, except_seq: int = 0) -> CustomerHistory:
        others = (offer for offer in replay(self._entries) if offer.seq != except_seq)
        return limit_usage(others, scope, currency=terms.policy.currency, day_begins=terms.day_begins)

    def _append(self, entry: Entry, decision: Decision | None) -> Recorded:
        self._entries.append(entry)
        self._token += 1
        return Recorded(self.offer(entry.offer_id), reasons=decision.reasons if decision else ())

    def _by_op_id(self, op_id: str) -> Entry | None:
        return next((entry for entry in self._entries if entry.op_id == op_id), None)

    def _again(self, known: Entry, is_same: bool) -> Recorded:
        if not is_same:
            raise refusals.other_offer(known.op_id, known.seq)
        return Recorded(self.offer(known.offer_id), already=True)


def _bare(entry: Entry) -> Entry:
    """Return the entry with digests only, unless it is a tombstone."""
    if entry.event == "erased":
        return entry
    return msgspec.structs.replace(entry, texts={name: SaltedText(text.digest) for name, text in entry.texts.items()})
