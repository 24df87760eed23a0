"""Makes a large offer log in a SQLite file: `python tests/benchmarks/offer_log.py HOME [--entries 100000] [--seed 1]`.

The entries are linked and hashed as real ones are, so the log verifies; they are written in one transaction by the bare
driver, which takes seconds where real offers would take minutes. HOME then opens with `agent-assist --home HOME`.
"""

import argparse
import datetime as dt
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from agent_assist.incidents import Eta, Incident
from agent_assist.offers import Duration, Entry, Head, Money, NewEvent, NewOffer
from agent_assist.offers.chain import offer_entry, values
from agent_assist.offers.decisions import OfferAction, decision_entry
from agent_assist.offers.offer import replay
from agent_assist.store import open_store
from agent_assist.store.schema import offer_entries

AGENTS = ("小李", "老周", "小陈", "Maya", "阿杰", "Tomás", "小吴", "林晓")
TIERS = ("", "", "gold", "vip", "普通")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡"
TITLES = ("登录故障", "支付失败", "订单不同步", "短信验证码延迟", "图片无法上传", "搜索超时")
DAYS = 60


def entries(count: int, seed: int, now: dt.datetime) -> Iterator[Entry]:
    """`count` linked entries, oldest first: offers, and for one in eight a decision soon after."""
    chance = random.Random(seed)
    head = Head()
    waiting: list[Entry] = []
    start = now - dt.timedelta(days=DAYS)
    step = dt.timedelta(days=DAYS) / (count + 1)
    for number in range(count):
        at = start + step * number
        if waiting and chance.random() < 0.5:
            made = waiting.pop(0)
            offer = replay([made])[0]
            action: OfferAction = (
                chance.choice(("approved", "approved", "declined"))
                if made.pending
                else chance.choice(("voided", "delivered"))
            )
            author = chance.choice([name for name in AGENTS if name != made.agent])
            event = NewEvent(
                op_id=f"e{number}",
                event=action,
                offer=offer.id,
                agent=author,
                role="lead",
                at=at,
                note=chance.choice(("", "已核实", "same as yesterday")),
            )
            entry = decision_entry(event, offer, head, lambda: f"{chance.getrandbits(128):032x}")
        else:
            new = _offer(number, at, chance)
            pending = new.money is not None and new.money.minor > 5_000 and number > count - 4_000
            entry = offer_entry(
                new,
                head,
                lambda: f"{chance.getrandbits(128):032x}",
                role="agent",
                pending=pending,
                rule="per_customer_and_incident" if pending else "",
            )
            if chance.random() < (0.5 if pending else 0.1) and number < count - 60:
                waiting.append(entry)
        head = Head(entry.seq, entry.hash)
        yield entry


def _offer(number: int, at: dt.datetime, chance: random.Random) -> NewOffer:
    kind = chance.choice(("coupon", "coupon", "coupon", "refund", "credit", "extension", "gift"))
    minor = chance.choice((1000, 1500, 2000, 2000, 3000, 4000)) if chance.random() < 0.97 else 18_800
    name = chance.choice(SURNAMES) + chance.choice(("女士", "先生"))
    return NewOffer(
        op_id=f"o{number}",
        agent=chance.choice(AGENTS),
        kind=kind,  # type: ignore[arg-type]
        sentence=f"{name}，为表歉意，我们为您准备了补偿（第 {number} 号）。",
        reason="故障期间无法使用",
        money=None if kind in ("extension", "gift") else Money(minor, "CNY"),
        duration=Duration(chance.choice((3, 7)), "day") if kind == "extension" else None,
        thing="礼品盒" if kind == "gift" else "",
        incident_id=f"INC-{chance.randint(1, 24)}",
        chat_id=f"c{number}",
        customer=name,
        order=f"A{number:06}",
        tier=chance.choice(TIERS),
        at=at,
    )


def make(home: Path, count: int, *, seed: int = 1, now: dt.datetime | None = None) -> Path:
    """The database file of a new desk in `home` with so many entries. Deterministic but for the time it ends at."""
    home.mkdir(parents=True, exist_ok=True)
    path = home / "desk.db"
    now = now or dt.datetime.now(dt.UTC)
    store = open_store(f"sqlite:///{path}", home=home)
    for number in range(24):
        began = now - dt.timedelta(days=DAYS * (24 - number) / 24)
        store.open_incident(
            Incident(
                title=TITLES[number % 6],
                severity=("SEV1", "SEV2", "SEV3")[number % 3],
                status="identified",
                scope="约 15% 的用户受影响",
                eta=Eta(),
                started_at=began,
                updated_at=began,
                author="老周",
            )
        )
    store.close()
    names = ", ".join(f'"{name}"' for name in offer_entries.columns.keys())  # noqa: SIM118 - not a dict
    marks = ", ".join(f":{name}" for name in offer_entries.columns.keys())  # noqa: SIM118
    with closing(sqlite3.connect(path)) as connection, connection:
        for entry in entries(count, seed, now):
            row = {**values(entry), "format": entry.format, "hash": entry.hash}
            connection.execute(f"INSERT INTO offer_entries ({names}) VALUES ({marks})", row)  # noqa: S608
            texts = [(entry.seq, name, sealed.salt, sealed.text) for name, sealed in entry.texts.items()]
            connection.executemany("INSERT INTO offer_texts (seq, name, salt, text) VALUES (?, ?, ?, ?)", texts)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(make(given.home, given.entries, seed=given.seed))
