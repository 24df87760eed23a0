"""Answers about the whole log that a store keeps in memory, brought up to date by what came since.

A sum over a million offers takes a second. Asked again, it is the answer of before, less the offers that got new
entries as they stood then, plus the same offers as they stand now, by the rules of `offers.offer_filter`.
Rule: an answer is kept only with the head of the log for which it holds. When the log does not contain that head any
more, too much came since, or an entry cannot be read, all answers are dropped and asked of the database again.
"""

import datetime as dt
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.engine import Connection

from agent_assist.offers import Entry, GroupBy, Head, Median, Offer, OfferFilter, Sum, replay
from agent_assist.offers.offer_filter import matches, totals
from agent_assist.store import ledger, review_queries, review_sums
from agent_assist.store.rows import LeftOutRows
from agent_assist.store.schema import offer_entries

MAX_ANSWERS = 60
MAX_NEW_OFFERS = 1_000
"""Offers with new entries; more are not looked at one by one."""

_E = offer_entries.c


class _Answer(Protocol):
    """A question's answer, which follows each offer that meets its filter."""

    offer_filter: OfferFilter

    def change(self, offer: Offer, sign: int) -> None:
        """Add an offer, or take it out when `sign` is -1."""


class _Sums:
    def __init__(self, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo, sums: Iterable[Sum]) -> None:
        self.offer_filter, self._by, self._tz = offer_filter, by, tz
        self._groups = {(each.key, each.currency): (each.count, each.minor) for each in sums}

    def change(self, offer: Offer, sign: int) -> None:
        for one in totals([offer], self._by, self._tz):
            count, minor = self._groups.get((one.key, one.currency), (0, 0))
            self._groups[one.key, one.currency] = count + sign, minor + sign * one.minor

    def sums(self) -> tuple[Sum, ...]:
        return tuple(
            Sum(key=key, currency=currency, count=count, minor=minor)
            for (key, currency), (count, minor) in sorted(self._groups.items())
            if count
        )


class _Number:
    """How many offers meet the filter, or what they are worth together."""

    def __init__(self, offer_filter: OfferFilter, number: int, *, is_sum: bool) -> None:
        self.offer_filter, self._number, self._is_sum = offer_filter, number, is_sum

    def change(self, offer: Offer, sign: int) -> None:
        if not self._is_sum:
            self._number += sign
        elif offer.money is not None:
            self._number += sign * offer.money.minor

    def value(self) -> int:
        return self._number


class _Amounts:
    def __init__(self, offer_filter: OfferFilter, amounts: review_sums.Amounts) -> None:
        self.offer_filter, self._amounts = offer_filter, amounts

    def change(self, offer: Offer, sign: int) -> None:
        if offer.money is not None:
            for agent in {"", offer.agent}:
                self._amounts.setdefault((agent, offer.money.currency), Counter())[offer.money.minor] += sign

    def medians(self) -> tuple[Median, ...]:
        return review_sums.medians_of(self._amounts)


class _Waiting:
    offer_filter = OfferFilter(state="pending")

    def __init__(self, seqs: Iterable[int]) -> None:
        self.seqs = set(seqs)

    def change(self, offer: Offer, sign: int) -> None:
        if sign > 0:
            self.seqs.add(offer.seq)
        else:
            self.seqs.discard(offer.seq)


_T = TypeVar("_T", bound=_Answer)
_R = TypeVar("_R")


class KeptAnswers:
    """The answers of one store. Safe to use from several threads: while one asks, another asks the database itself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._head = Head()
        self._answers: OrderedDict[object, Any] = OrderedDict()

    def sums(
        self, connection: Connection, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo, left_out: LeftOutRows
    ) -> tuple[Sum, ...]:
        """See `review_sums.sums`."""
        key = ("sums", offer_filter, by, str(tz) if by == "day" else "")

        def ask() -> _Sums:
            return _Sums(offer_filter, by, tz, review_sums.sums(connection, offer_filter, by, tz, left_out))

        return self._answer(connection, key, ask, _Sums.sums)

    def count(self, connection: Connection, offer_filter: OfferFilter) -> int:
        """See `review_sums.count`."""

        def ask() -> _Number:
            return _Number(offer_filter, review_sums.count(connection, offer_filter), is_sum=False)

        return self._answer(connection, ("count", offer_filter), ask, _Number.value)

    def medians(self, connection: Connection, offer_filter: OfferFilter, left_out: LeftOutRows) -> tuple[Median, ...]:
        """See `review_sums.medians`."""

        def ask() -> _Amounts:
            return _Amounts(offer_filter, review_sums.amounts(connection, offer_filter, left_out))

        return self._answer(connection, ("medians", offer_filter), ask, _Amounts.medians)

    def waiting(self, connection: Connection) -> frozenset[int]:
        """Return the offers that wait for approval."""
        seqs = review_queries.offer_walk(_Waiting.offer_filter).seqs()
        return self._answer(
            connection, "waiting", lambda: _Waiting(connection.scalars(seqs)), lambda found: frozenset(found.seqs)
        )

    def total(self, connection: Connection, offer_filter: OfferFilter, ask: Callable[[], int]) -> int:
        """Return the sum of the amounts of one currency, which the filter names; `ask` adds them up."""
        return self._answer(
            connection, ("total", offer_filter), lambda: _Number(offer_filter, ask(), is_sum=True), _Number.value
        )

    def _answer(self, connection: Connection, key: object, ask: Callable[[], _T], read: Callable[[_T], _R]) -> _R:
        if not self._lock.acquire(blocking=False):
            return read(ask())
        try:
            head = self._follow(connection)
            answer: _T | None = self._answers.get(key)
            if answer is None:
                answer = ask()
                if ledger.head(connection) == head:  # on a server somebody may have written meanwhile
                    self._answers[key] = answer
            if key in self._answers:
                self._answers.move_to_end(key)
            if len(self._answers) > MAX_ANSWERS:
                self._answers.popitem(last=False)
            return read(answer)
        finally:
            self._lock.release()

    def _follow(self, connection: Connection) -> Head:
        """Bring all answers up to date, or drop them; return the head for which they hold."""
        head = ledger.head(connection)
        if head != self._head and self._answers:
            histories = self._new_histories(connection, head)
            if histories is None:
                self._answers.clear()
            else:
                for history in histories:
                    self._follow_offer(history)
        self._head = head
        return head

    def _new_histories(self, connection: Connection, head: Head) -> list[list[Entry]] | None:
        """Return all entries up to `head` of each offer that has new ones; None when that cannot be told."""
        if not ledger.contains(connection, self._head):
            return None
        new = select(_E.offer_seq).where(_E.seq > self._head.seq, _E.seq <= head.seq).distinct()
        seqs = list(connection.scalars(new.limit(MAX_NEW_OFFERS + 1)))
        if len(seqs) > MAX_NEW_OFFERS:
            return None
        left_out = LeftOutRows()
        entries = ledger.entries_of_offers(connection, seqs, left_out)
        if left_out.all():
            return None
        by_offer = sorted(
            (each for each in entries if each.seq <= head.seq), key=lambda each: (each.offer_seq, each.seq)
        )
        return [list(history) for _seq, history in groupby(by_offer, key=lambda each: each.offer_seq)]

    def _follow_offer(self, history: Sequence[Entry]) -> None:
        before = [entry for entry in history if entry.seq <= self._head.seq]
        if any(entry.event == "erased" for entry in history[len(before) :]):
            self._drop_what_names_people()
        for sign, entries in ((-1, before), (1, history)):
            texts = [sealed.text for entry in entries for sealed in entry.texts.values()]
            for offer in replay(entries):
                for answer in self._answers.values():
                    if matches(offer, answer.offer_filter, texts):
                        answer.change(offer, sign)

    def _drop_what_names_people(self) -> None:
        """Drop answers that ask for a text: what an erased offer said before is not known any more."""
        for key, answer in [*self._answers.items()]:
            if answer.offer_filter.customer or answer.offer_filter.order or answer.offer_filter.text:
                del self._answers[key]
