"""Makes long offer logs that verify: `make_file(home, offers)` in SQLite, `copy_to_server(file, url)` in PostgreSQL.

Entries are numbered, linked and hashed by the program's own functions and written by the bare drivers, with triggers
and indexes dropped meanwhile: a million offers take two minutes, where real ones would take hours. Two years of a desk:
200 agents, three currencies, incidents of some hours and one large one, names that many customers share, and for one
offer in eight what became of it later. Deterministic but for the time it ends at.
"""

import datetime as dt
import heapq
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from agent_assist.incidents import Eta, Incident
from agent_assist.offers import Duration, Entry, Event, Head, Money, NewOffer
from agent_assist.offers.chain import chain_entry, commit_texts, offer_entry, values
from agent_assist.store import open_store
from agent_assist.store.schema import offer_entries, offer_texts

AGENTS = tuple(f"客服{number:03}" for number in range(200))
LEADS = ("老周", "老王", "Maya")
TIERS = ("", "", "", "gold", "vip", "普通")
SHARED_NAMES = tuple(name + title for name in "王李张刘陈杨黄赵吴周" for title in ("女士", "先生"))
"""Names of one customer in five."""
RARE_TIER, RARE_AGENT, RARE_WORD = "founder", "实习生", "zebra-4711"
"""A filter by one of these finds three offers, all of them old."""
CURRENCIES = ("CNY",) * 18 + ("USD", "JPY")
LARGE_INCIDENT = "INC-7"
"""The incident of one offer in twenty; all others have 1,250."""
SPAN = dt.timedelta(days=730)
_ENTRY_COLUMNS = tuple(offer_entries.columns.keys())
_TEXT_COLUMNS = tuple(offer_texts.columns.keys())


def made_entries(offers: int, now: dt.datetime, seed: int = 1) -> Iterator[Entry]:
    """Linked entries, oldest first, with so many offers among them."""
    chance = random.Random(seed)
    bits = random.Random(seed + 1).getrandbits

    def salt() -> str:
        return f"{bits(128):032x}"

    head, number = Head(), 0
    later: list[tuple[int, int, Event, Entry]] = []
    start, step = now - SPAN, SPAN / (offers * 1.2 + 1)
    while number < offers:
        at = start + step * head.seq
        if later and later[0][0] <= head.seq:
            _when, _seq, event, made = heapq.heappop(later)
            entry = _later_entry(event, made, at, head, chance, salt)
            if event == "adjusted" and entry.pending:
                heapq.heappush(later, (head.seq + chance.randrange(20, 400), made.seq, "approved", made))
        else:
            new = _new_offer(number, offers, at, chance)
            pending = chance.random() < 0.02
            entry = offer_entry(
                new, head, salt, role="agent", pending=pending, rule="per_customer_and_incident" if pending else ""
            )
            number += 1
            if event_after := _what_becomes_of(pending, chance):
                heapq.heappush(later, (head.seq + chance.randrange(5, 400), entry.seq, event_after, entry))
                if event_after == "erased":
                    entry = _without_texts(entry)
        head = Head(entry.seq, entry.hash)
        yield entry


def _what_becomes_of(pending: bool, chance: random.Random) -> Event | None:
    dice = chance.random()
    if pending:
        return "approved" if dice < 0.7 else "declined" if dice < 0.995 else None
    for event, share in (("delivered", 0.05), ("voided", 0.08), ("adjusted", 0.1), ("erased", 0.1002)):
        if dice < share:
            return event  # type: ignore[return-value]
    return None


def _later_entry(event: Event, made: Entry, at: dt.datetime, head: Head, chance: random.Random, salt: Any) -> Entry:
    adjusted = event == "adjusted"
    note = {"note": chance.choice(("已核实", "same as yesterday", "客户来电确认"))} if chance.random() < 0.7 else {}
    return chain_entry(
        Entry(
            seq=0,
            op_id=f"e{head.seq}",
            event=event,
            offer_seq=made.seq,
            at=at,
            agent=chance.choice(LEADS),
            role="lead",
            tier=made.tier,
            incident=made.incident,
            chat=made.chat,
            kind=made.kind if adjusted else "",
            money=Money(chance.randrange(1, 60) * 100, made.money.currency) if adjusted and made.money else None,
            duration=made.duration if adjusted else None,
            pending=adjusted and chance.random() < 0.05,
            texts=commit_texts(note | ({"sentence": "改为另一份补偿"} if adjusted else {}), salt),
        ),
        head,
    )


def _without_texts(entry: Entry) -> Entry:
    """Return the entry as an erasure leaves it."""
    from msgspec.structs import replace

    from agent_assist.offers import SaltedText

    return replace(entry, texts={name: SaltedText(text.digest) for name, text in entry.texts.items()})


def _new_offer(number: int, offers: int, at: dt.datetime, chance: random.Random) -> NewOffer:
    rare = number in (offers // 9, offers // 8, offers // 7)
    kind = "other" if rare else chance.choice(("coupon", "coupon", "coupon", "refund", "credit", "extension", "gift"))
    name = chance.choice(SHARED_NAMES) if chance.random() < 0.2 else f"客户{chance.randrange(offers // 2 + 1)}"
    currency = chance.choice(CURRENCIES)
    minor = chance.randrange(5, 200) * 100 if chance.random() < 0.97 else 18_800_00
    of_money = kind not in ("extension", "gift", "other")
    return NewOffer(
        op_id=f"o{number}",
        agent=RARE_AGENT if rare else chance.choice(AGENTS),
        kind=kind,  # type: ignore[arg-type]
        sentence=f"{name}，为表歉意，我们为您准备了补偿（第 {number} 号）。" + (RARE_WORD if rare else ""),
        reason="故障期间无法使用",
        money=Money(minor, currency) if of_money else None,
        duration=Duration(chance.choice((3, 7)), "day") if kind == "extension" else None,
        thing="礼品盒" if kind in ("gift", "other") else "",
        incident_id="" if number % 50 == 3 else LARGE_INCIDENT if number % 20 == 4 else f"INC-{10 + number // 1250}",
        chat_id=f"c{number}",
        customer=name,
        order=f"A{number - chance.randrange(1, 500) if chance.random() < 0.03 else number:07}",
        tier=RARE_TIER if rare else chance.choice(TIERS),
        at=at - dt.timedelta(seconds=chance.randrange(120)),
    )


def make_file(home: Path, offers: int, *, seed: int = 1, now: dt.datetime | None = None) -> Path:
    """Return the database file of a new desk in `home` with so many offers."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "desk.db"
    now = now or dt.datetime.now(dt.UTC)
    with closing(open_store(f"sqlite:///{path}", home=home)) as store:
        for number in range(offers // 1250 + 11):
            began = now - SPAN + dt.timedelta(minutes=number)
            store.open_incident(
                Incident(title=f"故障 {number}", severity="SEV2", eta=Eta(), started_at=began, updated_at=began)
            )
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -200000")
        aside = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ('offer_entries', 'offer_texts')"
            " AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type"
        ).fetchall()
        for kind, name, _sql in aside:
            connection.execute(f"DROP {kind} {name}")
        connection.execute("BEGIN")
        for part in _batches(made_entries(offers, now, seed)):
            for table, rows in _rows(part):
                marks = ", ".join("?" * len(rows[0]))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names
        connection.execute("COMMIT")
        for _kind, _name, sql in aside:
            connection.execute(sql)
    return path


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == 5000:
            yield batch
            batch = []
    yield batch


def _rows(entries: list[Entry]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Rows of both tables, in the order of their columns."""
    rows = [{**values(entry), "format": entry.format, "hash": entry.hash} for entry in entries]
    yield "offer_entries", [tuple(row[name] for name in _ENTRY_COLUMNS) for row in rows]
    texts = [
        (entry.seq, name, sealed.salt, sealed.text)
        for entry in entries
        for name, sealed in entry.texts.items()
        if sealed.salt
    ]
    if texts:
        yield "offer_texts", texts


def copy_to_server(file: Path, url: str) -> None:
    """Copy every table of the file into a server's database that has the tables, as its superuser."""
    import psycopg

    tables = ("incident_versions", "offer_entries", "offer_texts")
    with closing(sqlite3.connect(file)) as source, psycopg.connect(url, autocommit=True) as target:
        target.execute("SET session_replication_role = replica")
        indexes = target.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = current_schema()"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            (list(tables),),
        ).fetchall()
        for name, _definition in indexes:
            target.execute(f"DROP INDEX {name}")
        for table in tables:
            rows = source.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own names
            names = ", ".join(f'"{column[0]}"' for column in rows.description)
            with target.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        for _name, definition in indexes:
            target.execute(definition)
        target.execute("VACUUM ANALYZE")
