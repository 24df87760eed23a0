"""The hash chain of the log: each entry carries a SHA-256 over all its columns and the hash of the one before.

Format 1, which never changes (`tests/offers/test_chain.py` holds golden vectors). The hashed bytes are UTF-8:

    agent-assist offer entry v1\\n
    then one line for each name of `HASHED_COLUMNS`, in that order, ended by \\n:
      name#123          an integer, in decimal; times are microseconds since 1970-01-01T00:00:00Z; false 0, true 1
      name=5:hello      a text, with its length in bytes before it
      name~             nothing

A personal text enters only as its digest, HMAC-SHA256 keyed with a random salt over `name`, a zero byte and the text:
erasing text and salt leaves the chain whole. A new format gets a new number; entries keep the one they were made in.
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping

import msgspec

from agent_assist.epoch_micros import to_micros
from agent_assist.offers.offer import PERSONAL_TEXTS, Entry, NewOffer, SaltedText

ENTRY_FORMAT = 1
GENESIS_HASH = "0" * 64
"""What the first entry names as the hash before it."""

HASHED_COLUMNS = (
    "seq",
    "op_id",
    "event",
    "offer_seq",
    "at",
    "agent",
    "role",
    "tier",
    "incident",
    "chat",
    "kind",
    "minor",
    "currency",
    "duration_count",
    "duration_unit",
    "pending",
    "rule",
    *PERSONAL_TEXTS,
    "prev",
)

_OFFERED = ("customer", "order", "thing", "sentence", "reason")


class Head(msgspec.Struct, frozen=True):
    """The last entry of the log at some moment: what a later log must still contain."""

    seq: int = 0
    hash: str = GENESIS_HASH


def digest(name: str, salt: str, text: str) -> str:
    """The digest that stands for a personal text; `salt` is hex."""
    return hmac.new(bytes.fromhex(salt), f"{name}\0{text}".encode(), hashlib.sha256).hexdigest()


def commit_texts(texts: Mapping[str, str], new_salt: Callable[[], str]) -> dict[str, SaltedText]:
    """Return the personal texts that are not empty, each with a salt of its own and its digest."""
    sealed = {}
    for name in PERSONAL_TEXTS:
        if text := texts.get(name, ""):
            salt = new_salt()
            sealed[name] = SaltedText(digest(name, salt, text), salt, text)
    return sealed


def values(entry: Entry) -> dict[str, int | str | None]:
    """The columns of an entry as plain values, as they are hashed and stored."""
    money, duration = entry.money, entry.duration
    return {
        "seq": entry.seq,
        "op_id": entry.op_id,
        "event": entry.event,
        "offer_seq": entry.offer_seq,
        "at": to_micros(entry.at),
        "agent": entry.agent,
        "role": entry.role,
        "tier": entry.tier,
        "incident": entry.incident,
        "chat": entry.chat,
        "kind": entry.kind,
        "minor": money.minor if money else None,
        "currency": money.currency if money else None,
        "duration_count": duration.count if duration else None,
        "duration_unit": duration.unit if duration else None,
        "pending": int(entry.pending),
        "rule": entry.rule,
        **{name: entry.texts[name].digest if name in entry.texts else None for name in PERSONAL_TEXTS},
        "prev": entry.prev,
    }


def canonical(entry: Entry) -> bytes:
    """The bytes that are hashed, as the module's text describes them."""
    columns = values(entry)
    lines = [f"agent-assist offer entry v{entry.format}\n".encode()]
    for name in HASHED_COLUMNS:
        value = columns[name]
        if value is None:
            lines.append(f"{name}~\n".encode())
        elif isinstance(value, int):
            lines.append(f"{name}#{value}\n".encode())
        else:
            encoded = value.encode()
            lines.append(f"{name}={len(encoded)}:".encode() + encoded + b"\n")
    return b"".join(lines)


def entry_hash(entry: Entry) -> str:
    """Return the hash the entry should carry."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def chain_entry(entry: Entry, head: Head) -> Entry:
    """Return the entry as the next after `head`: numbered, linked, hashed. An `offered` entry names its own offer."""
    seq = head.seq + 1
    placed = msgspec.structs.replace(
        entry,
        seq=seq,
        offer_seq=seq if entry.event == "offered" else entry.offer_seq,
        prev=head.hash,
        format=ENTRY_FORMAT,
    )
    return msgspec.structs.replace(placed, hash=entry_hash(placed))


def offer_entry(
    new: NewOffer, head: Head, new_salt: Callable[[], str], *, role: str = "", pending: bool = False, rule: str = ""
) -> Entry:
    """The entry that puts a checked offer on record after `head`; `rule` is what makes it wait."""
    texts = {name: getattr(new, name) for name in _OFFERED}
    return chain_entry(
        Entry(
            seq=0,
            op_id=new.op_id,
            event="offered",
            offer_seq=0,
            at=new.at,
            agent=new.agent,
            role=role,
            tier=new.tier,
            incident=new.incident_id,
            chat=new.chat_id,
            kind=new.kind,
            money=new.money,
            duration=new.duration,
            pending=pending,
            rule=rule,
            texts=commit_texts(texts, new_salt),
        ),
        head,
    )


def says_the_same(entry: Entry, new: NewOffer) -> bool:
    """Whether a checked offer is the one this entry recorded. Its time is not compared (a retry may be later), nor are
    texts that were erased since."""
    plain = (new.agent, new.kind, new.money, new.duration, new.incident_id, new.chat_id, new.tier)
    if (entry.agent, entry.kind, entry.money, entry.duration, entry.incident, entry.chat, entry.tier) != plain:
        return False
    for name in _OFFERED:
        sealed, text = entry.texts.get(name), getattr(new, name)
        if sealed is None or sealed.salt:
            if text != (sealed.text if sealed else ""):
                return False
        elif not text:
            return False
    return entry.event == "offered"
