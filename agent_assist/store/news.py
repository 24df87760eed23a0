"""`News`: what a committed write changed, told to every open store on the same database.

Rule: news is a hint for what to read again, never a fact to show. Anybody who can write may send it, and it can be
lost, so a reader trusts only what it then reads, and a cheap poll of the change token finds what was missed.
"""

import json
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

Topic = Literal["incident", "offer", "decision", "policy", "chat", "erased", "anything"]

OWN: frozenset[Topic] = frozenset(("chat", "offer"))
"""What an agent did, of which on a server only the agent's other terminals are notified."""

UNANNOUNCED: frozenset[Topic] = OWN | {"decision"}
"""What a server announces to nobody else: those who wait for it look for it, see `engines.offer_poll`."""

MAX_TEXT = 200
"""Characters of an id or a name in news; a longer one is not ours."""

MAX_PAYLOAD = 4000
"""Bytes of the news of one write."""

_SENT = re.compile(r"(\d{1,19})(?: (.+))?", re.DOTALL)


class News(NamedTuple):
    """One thing that changed. `id` names the incident, offer or chat, `agent` whose offer or chat it is; both may be
    empty. News of a chat reaches only the other terminals of that agent, that of offers and decisions only those who
    ask for it."""

    topic: Topic
    id: str = ""
    agent: str = ""


ERASED = News("erased")
"""Personal texts were erased. It does not say whose: news stays in files of the server for a while."""

ANYTHING = News("anything")
"""Something changed and nobody can say what: after a reconnect, a missed notification, a write of an older program."""


def encode(news: Iterable[News]) -> str:
    """Return news as ASCII for a notification; PostgreSQL allows 8,000 bytes. Too much of it becomes `ANYTHING`."""
    payload = json.dumps([*news], separators=(",", ":"))
    return payload if len(payload) <= MAX_PAYLOAD else json.dumps([ANYTHING])


def decode(sent: str) -> tuple[int, tuple[News, ...]]:
    """Return the change token and the news of a notification; whatever is not understood is `ANYTHING`."""
    match = _SENT.fullmatch(sent)
    if match is None:
        return -1, (ANYTHING,)
    try:
        news = msgspec.json.decode(match[2] or "[]", type=list[News])
    except msgspec.MsgspecError:
        news = []
    if not news or any(len(each.id) > MAX_TEXT or len(each.agent) > MAX_TEXT for each in news):
        news = [ANYTHING]
    return int(match[1]), tuple(news)
