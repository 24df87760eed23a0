"""What must hold after the day, counted with the rehearsal's own arithmetic from the rows themselves."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import psycopg

from agent_assist.offers import Entry
from agent_assist.offers.policy import Policy
from agent_assist.services import Services
from agent_assist.store import Store
from tests.benchmarks.outage.headless_desk import desk_settings
from tests.benchmarks.outage.plan import Plan
from tests.benchmarks.outage.record import Record
from tests.benchmarks.outage.server import Server

SHOWN = 3
"""Examples of what is wrong that are named."""


class Finding(NamedTuple):
    """One check: how many things were looked at, and which of them are wrong."""

    name: str
    looked_at: int
    wrong: tuple[str, ...]


def check_all(plan: Plan, server: Server, store: Store, records: Sequence[Record], policy: Policy) -> list[Finding]:
    """Return every check; `store` is that of the owner, who may read all."""
    entries = store.entries()
    verified = store.verify()
    return [
        _promises(entries, records),
        _replies(server, records),
        *_limits(entries, policy),
        Finding("the chain verifies", verified.entries, () if verified.ok else (str(verified),)),
        _drafts(plan, store, records),
        _decisions(records),
        Finding("nothing unexpected on any desk", plan.agents, tuple(each for one in records for each in one.mishaps)),
    ]


def _promises(entries: Sequence[Entry], records: Sequence[Record]) -> Finding:
    """Every acknowledged promise is on the log, under its number, and no promise twice under whatever name."""
    by_op_id = {entry.op_id: entry for entry in entries}
    reasons = Counter(entry.texts["reason"].text for entry in entries if entry.event == "offered")
    acknowledged = [promise for record in records for promise in record.promises]
    wrong = [
        f"{offer_id} of {op_id} is not on the log"
        for op_id, offer_id, _reason in acknowledged
        if op_id not in by_op_id or by_op_id[op_id].offer_id != offer_id
    ]
    wrong += [f"{reason} is on the log {times} times" for reason, times in reasons.items() if times > 1]
    return Finding("every promise that was acknowledged is on the log once", len(acknowledged), tuple(wrong))


def _replies(server: Server, records: Sequence[Record]) -> Finding:
    """Every reply whose record was acknowledged is on record."""
    op_ids = {op_id for (op_id,) in ask_owner(server, "SELECT op_id FROM sent_replies")}
    acknowledged = [op_id for record in records for op_id in record.replies]
    wrong = tuple(op_id for op_id in acknowledged if op_id not in op_ids)
    return Finding("every reply that was acknowledged is on record", len(acknowledged), wrong)


def _limits(entries: Sequence[Entry], policy: Policy) -> Iterator[Finding]:
    """No offer that was made without approval came above a limit, with all that counted at its moment."""
    totals: dict[str, defaultdict[tuple[str, ...], int]] = {name: defaultdict(int) for name in policy.limits}
    offers: dict[int, Entry] = {}
    counting: set[int] = set()
    over: dict[str, list[str]] = {name: [] for name in policy.limits}
    met: Counter[str] = Counter()

    def count(offer: Entry, sign: int) -> None:
        minor = offer.money.minor if offer.money else 0
        for name, key in _scopes(offer).items():
            if name in totals:
                totals[name][key] += sign * minor

    for entry in entries:
        if entry.event == "offered":
            offers[entry.seq] = entry
            met[entry.rule] += entry.pending
        is_counting = (entry.event == "offered" and not entry.pending) or entry.event in ("approved", "delivered")
        if is_counting and entry.offer_seq not in counting:
            counting.add(entry.offer_seq)
            count(offers[entry.offer_seq], 1)
        elif entry.event in ("declined", "voided") and entry.offer_seq in counting:
            counting.discard(entry.offer_seq)
            count(offers[entry.offer_seq], -1)
        if entry.event == "offered" and not entry.pending:
            for name, key in _scopes(entry).items():
                if name in totals and totals[name][key] > policy.limits[name]:  # type: ignore[index]
                    over[name].append(f"{entry.offer_id}: {totals[name][key]} of {policy.limits[name]}")  # type: ignore[index]
    for name, wrong in over.items():
        yield Finding(f"{name} is never exceeded (met {met[name]} times)", len(offers), tuple(wrong))
    above = [
        f"{offer.offer_id}: {offer.money}"
        for offer in offers.values()
        if not offer.pending and offer.money and offer.money.minor > _most(policy)
    ]
    yield Finding("no offer above the rule went out by itself", len(offers), tuple(above))


def _most(policy: Policy) -> int:
    allowed = policy.rules[0].allow["coupon"]
    return int(getattr(allowed, "minor", 0))


def _scopes(offer: Entry) -> Mapping[str, tuple[str, ...]]:
    """Return what the offer counts for under each limit; agents of the rehearsal live in UTC."""
    return {
        "per_customer_and_incident": (offer.texts["order"].text, offer.incident),
        "per_agent_and_day": (offer.agent, str(offer.at.date())),
        "per_incident": (offer.incident,),
    }


def _drafts(plan: Plan, store: Store, records: Sequence[Record]) -> Finding:
    """The last letters of every agent are there when the desk starts the next time."""
    wrong = []
    looked_at = 0
    for number in range(plan.agents):
        name = plan.name(number)
        desk = Services(desk_settings(plan, number), store=store)
        desk.save_abandoned_drafts()
        chats = {chat.id: chat for chat in desk.chats()}
        for chat_id, draft in _last_drafts(records, name):
            looked_at += 1
            kept = chats.get(chat_id)
            if kept is None or (kept.query, kept.edited) != draft:
                wrong.append(f"{name}, {chat_id}: {draft}, kept: {kept and (kept.query, kept.edited)}")
    return Finding("every agent's last drafts are there at the next start", looked_at, tuple(wrong))


def _last_drafts(records: Iterable[Record], name: str) -> Iterator[tuple[str, tuple[str, str]]]:
    for record in records:
        yield from record.drafts.get(name, {}).items()


def _decisions(records: Sequence[Record]) -> Finding:
    """Each decision was told at the desk of the agent who waited for it."""
    decided = {key for record in records for key in record.published if key[0] == "decision"}
    told = {key for record in records for key, _agent, _at in record.seen if key[0] == "decision"}
    missing = tuple(key[1] for key in sorted(decided - told))
    return Finding("every decision reached the desk of its agent", len(decided), missing)


def ask_owner(server: Server, query: str) -> list[tuple[object, ...]]:
    """Run a query in the day's database as its owner."""
    with psycopg.connect(server.owner_url) as connection:
        return connection.execute(query.encode()).fetchall()


def stored(server: Server) -> dict[str, dict[str, int]]:
    """Return rows and bytes a row, with indexes, of the tables that grow."""
    sizes = {}
    for table in ("sent_replies", "uses", "chats", "offer_entries", "offer_texts", "incident_versions"):
        query = f"SELECT count(*), pg_total_relation_size('{table}') FROM {table}"  # noqa: S608 - our own names
        rows, size = (int(str(value)) for value in ask_owner(server, query)[0])
        sizes[table] = {"rows": rows, "bytes": size // max(1, rows)}
    return sizes


def break_chain(server: Server) -> None:
    """Change an amount behind everybody's back, as only the owner can."""
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE offer_entries DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE offer_entries SET minor = minor + 1 WHERE seq = (SELECT min(seq) FROM offer_entries)"
        )


def stale(versions: Sequence[Mapping[str, int]], store: Store) -> tuple[str, ...]:
    """Return which desks show facts that are not the newest."""
    newest = {incident.id: incident.version for incident in store.incidents()}
    return tuple(
        f"desk {number} shows {shown}, newest {newest}" for number, shown in enumerate(versions) if shown != newest
    )
