"""The store on a database: each call is one transaction.

A write whose commit was not answered is looked up by its `op_id`. See `protocol` for locks and changes.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Literal, TypeVar

import msgspec
from sqlalchemy.engine import Connection

from agent_assist.chats import Chat, Sent
from agent_assist.cleaning import clean
from agent_assist.errors import AgentAssistError, MaybeSaved, NotSaved
from agent_assist.incidents import Incident, Publication
from agent_assist.locale import _
from agent_assist.offers import (
    CustomerHistory,
    Entry,
    GroupBy,
    Head,
    LimitScope,
    Median,
    NewEvent,
    NewOffer,
    Offer,
    OfferFilter,
    State,
    Sum,
    Terms,
    VerifyResult,
)
from agent_assist.offers.decisions import checked_event
from agent_assist.offers.parse import checked_offer
from agent_assist.roles import Role
from agent_assist.store import (
    chat_rows,
    erasing,
    failures,
    incident_rows,
    ledger,
    limit_queries,
    offer_writes,
    policy_rows,
    publication_rows,
    usage_rows,
)
from agent_assist.store.chat_rows import SentReply
from agent_assist.store.database import Database
from agent_assist.store.erasure_subject import Erasure, erasure_subject
from agent_assist.store.head_file import HeadFile
from agent_assist.store.kept_answers import KeptAnswers
from agent_assist.store.log_check import LogCheck
from agent_assist.store.news import ERASED, News
from agent_assist.store.offer_writes import LogWrite
from agent_assist.store.protocol import (
    Erased,
    IncidentHistory,
    MissedSearch,
    PhraseUse,
    PolicyVersion,
    Progress,
    Recorded,
    SaveOutcome,
    no_progress,
)
from agent_assist.store.rows import LeftOut, LeftOutRows

_Written = TypeVar("_Written", LogWrite, LogWrite | None)


PRIVATE: tuple[News, ...] = ()
"""The news of a write that nobody need hear of: uses, searches without a result."""


def _news_of(written: LogWrite | None) -> list[News]:
    """Return what an entry of the log changed, if one was appended."""
    if written is None or written.after is None:
        return []
    offer = written.recorded.offer
    return [News("offer" if offer.seq == written.after.seq else "decision", offer.id, offer.agent)]


class SqlStore:
    """A store on SQLite or PostgreSQL. See `protocol.Store` for what each call promises."""

    def __init__(self, database: Database, head_file: HeadFile, role: Role = "lead") -> None:
        self.database = database
        self._role: Role = role
        self.head_file = head_file
        self._left_out = LeftOutRows()
        # Apart: those of the review take seconds, and limits are read while everybody waits for the log's lock.
        self._kept, self._kept_waiting, self._kept_totals = KeptAnswers(), KeptAnswers(), KeptAnswers()

    def open_incident(self, incident: Incident) -> Incident:
        news: list[News] = []
        with self.database.write(exclusive=True, news=news) as connection:
            opened = incident_rows.open_incident(connection, incident)
            news.append(News("incident", opened.id))
        return opened

    def add_version(self, incident: Incident, *, expected: int | None) -> Incident:
        with self.database.write(exclusive=True, news=[News("incident", incident.id)]) as connection:
            return incident_rows.add_version(connection, incident, expected)

    def incident(self, id: str) -> Incident:  # noqa: A002
        with self.database.read() as connection:
            return incident_rows.latest(connection, id, self._left_out)

    def versions(self, id: str) -> tuple[Incident, ...]:  # noqa: A002
        with self.database.read() as connection:
            return incident_rows.versions(connection, id, self._left_out)

    def incidents(self, open_only: bool = False) -> tuple[Incident, ...]:
        with self.database.read() as connection:
            return incident_rows.newest_first(connection, self._left_out, open_only=open_only)

    def incident_histories(
        self, *, resolved_since: dt.datetime, also: Collection[str] = ()
    ) -> tuple[IncidentHistory, ...]:
        with self.database.read() as connection:
            histories = incident_rows.histories(connection, self._left_out, resolved_since=resolved_since, also=also)
            ids = [versions[0].id for versions in histories]
            published = publication_rows.by_incident(connection, ids, self._left_out)
        return tuple(IncidentHistory(versions, published.get(versions[0].id, ())) for versions in histories)

    def record_publication(self, publication: Publication) -> None:
        with self.database.write(news=[News("incident", publication.incident)]) as connection:
            publication_rows.add(connection, publication)

    def publications(self, incidents: Collection[str]) -> tuple[Publication, ...]:
        if not incidents:
            return ()
        with self.database.read() as connection:
            return publication_rows.of_incidents(connection, incidents, self._left_out)

    def chats_by_incident(self) -> Mapping[str, int]:
        with self.database.read() as connection:
            return chat_rows.count_by_incident(connection)

    def save_chat(self, agent: str, chat: Chat, *, seen: Chat | None = None) -> SaveOutcome:
        news: list[News] = []
        with self.database.write(news=news) as connection:
            outcome = chat_rows.save(connection, agent, chat, seen)
            if outcome == "saved":
                news.append(News("chat", chat.id, agent))
        return outcome

    def open_chats(self, agent: str, *, also: Collection[str] = ()) -> tuple[Chat, ...]:
        with self.database.read() as connection:
            return chat_rows.open_chats(connection, agent, self._left_out, also)

    def close_chat(self, agent: str, id: str, at: dt.datetime) -> None:  # noqa: A002
        with self.database.write(news=[News("chat", id, agent)]) as connection:
            chat_rows.close(connection, agent, id, at)

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
        reply = SentReply(agent, chat_id, msgspec.structs.replace(sent, text=clean(sent.text)), op_id)
        promise = checked_offer(offer) if offer else None
        also = [News("chat", chat_id, agent)]

        def work(connection: Connection) -> LogWrite | None:
            if not chat_rows.is_recorded(connection, reply):
                chat_rows.add_sent(connection, reply)
                if use:
                    usage_rows.add_use(connection, use)
                if publication and not publication_rows.is_told(connection, publication):
                    publication_rows.add(connection, publication)
                    also.append(News("incident", publication.incident))
            return offer_writes.add(connection, promise, terms, self._left_out, self._kept_totals) if promise else None

        written = self._write_once(
            op_id,
            work,
            lambda now: chat_rows.is_recorded(now, reply),
            exclusive=promise is not None,
            also=also,
        )
        return self._anchor_head(written) if written else None

    def add_offer(self, new: NewOffer, *, terms: Terms | None = None) -> Recorded:
        offer = checked_offer(new)
        written = self._write_once(
            offer.op_id,
            lambda now: offer_writes.add(now, offer, terms, self._left_out, self._kept_totals),
            lambda now: offer_writes.existing_offer(now, offer) is not None,
        )
        return self._anchor_head(written)

    def decide(self, new: NewEvent, *, terms: Terms | None = None) -> Recorded:
        event = checked_event(new)
        written = self._write_once(
            event.op_id,
            lambda now: offer_writes.decide(now, event, terms, self._left_out, self._kept_totals),
            lambda now: offer_writes.existing_event(now, event) is not None,
        )
        return self._anchor_head(written)

    def limit_usage(self, scope: LimitScope, terms: Terms) -> CustomerHistory:
        with self.database.read() as connection:
            return limit_queries.limit_usage(connection, scope, terms, self._left_out, self._kept_totals)

    def offers(
        self, incident: str = "", agent: str = "", customer: str = "", state: State | Literal[""] = "", limit: int = 0
    ) -> tuple[Offer, ...]:
        offer_filter = OfferFilter(incident=incident, agent=agent, customer=customer, state=state)
        with self.database.read() as connection:
            return ledger.offers(connection, offer_filter, self._left_out, limit=limit)

    def page(self, offer_filter: OfferFilter, *, before_seq: int = 0, limit: int = 100) -> tuple[Offer, ...]:
        with self.database.read() as connection:
            among = self._kept_waiting.waiting(connection) if offer_filter.state == "pending" else None
            return ledger.offers(
                connection, offer_filter, self._left_out, limit=limit, before_seq=before_seq, among=among
            )[::-1]

    def histories(self, offer_filter: OfferFilter, *, after_seq: int = 0, limit: int = 500) -> tuple[Entry, ...]:
        with self.database.read() as connection:
            return ledger.histories(connection, offer_filter, after_seq, limit)

    def count(self, offer_filter: OfferFilter) -> int:
        with self.database.read() as connection:
            return self._kept.count(connection, offer_filter)

    def sums(self, offer_filter: OfferFilter, by: GroupBy, tz: dt.tzinfo = dt.UTC) -> tuple[Sum, ...]:
        with self.database.read() as connection:
            return self._kept.sums(connection, offer_filter, by, tz, self._left_out)

    def medians(self, offer_filter: OfferFilter) -> tuple[Median, ...]:
        with self.database.read() as connection:
            return self._kept.medians(connection, offer_filter, self._left_out)

    def erase(self, customer: str, *, order: str = "", agent: str, role: Role, reason: str, at: dt.datetime) -> Erased:
        subject = erasure_subject(customer, order, reason)
        with self.database.write(exclusive=True, news=[ERASED]) as connection:
            before = ledger.head(connection)
            erased = erasing.erase(connection, subject, Erasure(agent, role, reason, at))
            after = ledger.head(connection)
        self._advance_head_file(before, after)
        return msgspec.structs.replace(erased, is_scrubbed=self.database.scrub())

    def publish_policy(self, text: str, *, author: str, at: dt.datetime) -> PolicyVersion:
        with self.database.write(exclusive=True, news=[News("policy")]) as connection:
            return policy_rows.publish(connection, text, author, at)

    def policy(self) -> PolicyVersion | None:
        with self.database.read() as connection:
            return policy_rows.in_force(connection, self._left_out)

    def offer(self, id: str) -> Offer:  # noqa: A002
        with self.database.read() as connection:
            return ledger.get(connection, id)

    def entries(self, offer_id: str = "") -> tuple[Entry, ...]:
        if not offer_id:
            return tuple(self._all_entries())
        with self.database.read() as connection:
            return ledger.entries_of(connection, offer_id)

    def numbered_entries(self, seqs: Sequence[int]) -> tuple[Entry, ...]:
        with self.database.read() as connection:
            return ledger.numbered(connection, seqs)

    def head(self) -> Head:
        with self.database.read() as connection:
            return ledger.head(connection)

    def verify(
        self, head: Head | None = None, *, go_on: bool = False, progress: Progress = no_progress
    ) -> VerifyResult:
        after = self.head_file.checkpoint() if go_on else None
        check = LogCheck(self.head_file.read(), head, after=after)
        try:
            result = check.run(self.database.read, progress)
        finally:  # also of a check that was stopped, so that the next one can go on
            checkpoint = None if check.chain.is_over else check.chain.checkpoint(dt.datetime.now(dt.UTC))
            self.head_file.save_checkpoint(checkpoint)
        return result

    def uses(self, agent: str = "") -> tuple[PhraseUse, ...]:
        with self.database.read() as connection:
            return usage_rows.newest_first(connection, agent, self._left_out)

    def missed_search(self, agent: str, query: str, at: dt.datetime) -> None:
        with self.database.write(news=PRIVATE) as connection:
            usage_rows.add_missed(connection, agent, query, at)

    def missed_searches(self) -> tuple[MissedSearch, ...]:
        with self.database.read() as connection:
            return usage_rows.missed_newest_first(connection, self._left_out)

    def together(self) -> AbstractContextManager[None]:
        return self.database.together()

    def left_out(self) -> tuple[LeftOut, ...]:
        return self._left_out.all()

    def change_token(self) -> int:
        return self.database.change_token()

    def wait_for_change(
        self, seconds: float, *, agent: str = "", offers: Collection[str] | None = None
    ) -> tuple[News, ...]:
        return self.database.wait_for_change(seconds, agent=agent, offers=offers)

    def role(self) -> Role:
        member = self.database.member()
        return member.role if member else self._role

    def is_team(self) -> bool:
        return self.database.member() is not None

    def close(self) -> None:
        self.database.close()

    def _write_once(
        self,
        op_id: str,
        work: Callable[[Connection], _Written],
        happened: Callable[[Connection], bool],
        *,
        exclusive: bool = True,
        also: Collection[News] = (),
    ) -> _Written:
        """Do `work` in a transaction that has the log's lock, or only that of its `op_id`; return its result.

        When the commit was sent and not answered, ask `happened` in a second transaction with the same lock. That
        begins only after the first one has ended, so its answer is final. Raises NotSaved, or MaybeSaved when that
        fails too. `also`: what it changes besides the log.
        """
        result: list[_Written] = []
        news: list[News] = []
        lock = {"exclusive": True} if exclusive else {"op_id": op_id}
        try:
            with self.database.write(news=news, **lock) as connection:
                result.append(work(connection))
                news += [*_news_of(result[0]), *also]
        except MaybeSaved as doubt:
            try:
                with self.database.write(news=PRIVATE, **lock) as connection:
                    saved = happened(connection)
            except AgentAssistError:
                raise failures.maybe_saved(failures.reason(doubt.__cause__ or doubt), op_id) from doubt
            if not saved:
                raise NotSaved(
                    _("Not saved: the connection to the database was lost."),
                    hint=_("Nothing was written; try again in a moment."),
                ) from doubt
        return result[0]

    def _all_entries(self, *, tolerant: bool = False) -> Iterator[Entry]:
        """Yield all entries by `seq`, each batch from its own transaction: a long one would block writers of a file."""
        last: int | None = None
        while True:
            with self.database.read() as connection:
                batch = ledger.next_batch(connection, last, tolerant=tolerant)
            if not batch:
                return
            yield from batch
            last = batch[-1].seq

    def _anchor_head(self, written: LogWrite) -> Recorded:
        """Advance the head file to the new entry, if there is one."""
        if written.after is not None:
            self._advance_head_file(written.before, written.after)
        return written.recorded

    def _advance_head_file(self, before: Head, after: Head) -> None:
        """Advance the head file to `after`, a later entry than `before`."""

        def contains(saved: Head) -> bool:
            if saved == before:
                return True
            with self.database.read() as connection:
                return ledger.contains(connection, saved)

        if after != before:
            self.head_file.advance(after, contains)
