"""The plain queries that `long_log.py` compares with: written by hand for the same result, run by the bare driver."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from agent_assist.epoch_micros import to_micros
from agent_assist.offers import OfferFilter
from tests.benchmarks.made_log import AGENTS, LARGE_INCIDENT, RARE_AGENT, RARE_TIER, RARE_WORD, SHARED_NAMES

_PAGE = 100
_SELECT_MADE = "SELECT m.seq FROM offer_entries m WHERE m.event = 'offered'"
_NEWEST = f"ORDER BY m.seq DESC LIMIT {_PAGE}"
_PROMISED = (
    "p.event IN ('offered', 'adjusted') AND NOT EXISTS (SELECT 1 FROM offer_entries l"
    " WHERE l.offer_seq = p.offer_seq AND l.seq > p.seq AND l.event = 'adjusted')"
)
_LAST_STATE = (
    "(SELECT CASE WHEN s.event IN ('offered', 'adjusted') THEN CASE s.pending WHEN 1 THEN 'pending' ELSE 'offered' END"
    " ELSE s.event END FROM offer_entries s WHERE s.offer_seq = m.seq AND s.event <> 'erased'"
    " ORDER BY s.seq DESC LIMIT 1)"
)
_GIVEN = f"{_LAST_STATE} NOT IN ('pending', 'declined', 'voided')"

Seqs = Callable[[OfferFilter], str]


def _made(condition: str = "true") -> Seqs:
    return lambda _filter: f"{_SELECT_MADE} AND {condition} {_NEWEST}"


def _promise(condition: str) -> Seqs:
    return lambda _filter: (
        f"SELECT p.offer_seq FROM offer_entries p WHERE {_PROMISED} AND {condition}"  # noqa: S608
        f" ORDER BY p.offer_seq DESC LIMIT {_PAGE}"
    )


def _deed(condition: str) -> Seqs:
    return lambda _filter: (
        f"SELECT d.offer_seq FROM offer_entries d WHERE {condition} AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM offer_entries l WHERE l.offer_seq = d.offer_seq AND l.seq > d.seq AND l.event <> 'erased')"
        f" ORDER BY d.offer_seq DESC LIMIT {_PAGE}"
    )


def _named(name: str, text: str) -> Seqs:
    return lambda _filter: (
        f"SELECT seq FROM offer_texts WHERE name = '{name}' AND text = '{text}' ORDER BY seq DESC LIMIT {_PAGE}"  # noqa: S608
    )


def _in_texts(part: str) -> Seqs:
    return _made(
        "m.seq IN (SELECT e.offer_seq FROM offer_texts t JOIN offer_entries e ON e.seq = t.seq"  # noqa: S608
        f" WHERE lower(t.text) LIKE '%{part}%')"
    )


def _period(offer_filter: OfferFilter) -> str:
    bounds = [f"m.at >= {to_micros(offer_filter.since)}"] if offer_filter.since else []
    bounds += [f"m.at < {to_micros(offer_filter.until)}"] if offer_filter.until else []
    return f"{_SELECT_MADE} AND {' AND '.join(bounds)} {_NEWEST}"


def _always(**conditions: Any) -> Callable[[dt.datetime], dict[str, Any]]:
    return lambda _now: conditions


PAGES: dict[str, tuple[Callable[[dt.datetime], dict[str, Any]], Seqs]] = {
    "first": (_always(), _made()),
    "incident": (_always(incident="INC-20"), _made("m.incident = 'INC-20'")),
    "large incident": (_always(incident=LARGE_INCIDENT), _made(f"m.incident = '{LARGE_INCIDENT}'")),
    "agent": (_always(agent=AGENTS[3]), _made(f"m.agent = '{AGENTS[3]}'")),
    "agent of three offers": (_always(agent=RARE_AGENT), _made(f"m.agent = '{RARE_AGENT}'")),
    "tier": (_always(tier="vip"), _made("m.tier = 'vip'")),
    "tier of three offers": (_always(tier=RARE_TIER), _made(f"m.tier = '{RARE_TIER}'")),
    "kind": (_always(kind="refund"), _promise("p.kind = 'refund'")),
    "kind of three offers": (_always(kind="other"), _promise("p.kind = 'other'")),
    "currency": (_always(currency="JPY"), _promise("p.currency = 'JPY'")),
    "currency of none": (_always(currency="KWD"), _promise("p.currency = 'KWD'")),
    "amount": (_always(currency="CNY", least=18_000), _promise("p.currency = 'CNY' AND p.minor >= 18000")),
    "amount of none": (_always(currency="CNY", least=10**9), _promise(f"p.currency = 'CNY' AND p.minor >= {10**9}")),
    "last 90 days": (lambda now: {"since": now - dt.timedelta(days=90)}, _period),
    "last hour": (lambda now: {"since": now - dt.timedelta(hours=1)}, _period),
    "a day a year ago": (
        lambda now: {"since": now - dt.timedelta(days=366), "until": now - dt.timedelta(days=365)},
        _period,
    ),
    "customer": (_always(customer="客户77"), _named("customer", "客户77")),
    "name of many customers": (_always(customer=SHARED_NAMES[0]), _named("customer", SHARED_NAMES[0])),
    "order": (_always(order="A0000777"), _named("order", "A0000777")),
    "text of many": (_always(text=SHARED_NAMES[0]), _in_texts(SHARED_NAMES[0])),
    "text of three offers": (_always(text=RARE_WORD), _in_texts(RARE_WORD)),
    "text of none": (_always(text="qqqqq"), _in_texts("qqqqq")),
    **{
        f"state {state}": (_always(state=state), _deed(f"d.event = '{state}' AND d.event <> 'offered'"))
        for state in ("approved", "declined", "voided", "delivered")
    },
    "state pending": (_always(state="pending"), _deed("d.pending = 1")),
    "state offered": (_always(state="offered"), _made(f"{_LAST_STATE} = 'offered'")),
    "state given": (_always(state="given"), _made(_GIVEN)),
}
"""By name: the filter, given the time of the newest offer, and the plain query for the offers of its first page."""


def _worth(condition: str) -> str:
    return (
        f"SELECT sum(p.minor) FROM offer_entries m JOIN offer_entries p ON p.offer_seq = m.seq AND {_PROMISED}"  # noqa: S608
        f" WHERE m.event = 'offered' AND p.currency = 'CNY' AND {_GIVEN} AND {condition}"
    )


def _earlier(name: str, incident: str) -> str:
    return (
        "SELECT e.*, t.* FROM offer_texts n JOIN offer_entries m ON m.seq = n.seq JOIN offer_entries e"  # noqa: S608
        f" ON e.offer_seq = m.seq JOIN offer_texts t ON t.seq = e.seq WHERE n.name = 'customer' AND n.text = '{name}'"
        f" AND m.event = 'offered' AND m.incident = '{incident}'"
    )


def _limits(customer: str, incident: str) -> tuple[dict[str, str], tuple[str, ...]]:
    scope = {"agent": AGENTS[3], "customer": customer, "incident": incident}
    today = f"m.agent = '{AGENTS[3]}' AND m.at >= 1795000000000000"
    statements = (_worth(f"m.incident = '{incident}'"), _worth(today), _earlier(customer, incident))
    return scope, statements


LIMITS = {
    "a new customer": _limits("新客户", "INC-20"),
    "name of many customers": _limits(SHARED_NAMES[0], "INC-20"),
    "a new customer, large incident": _limits("新客户", LARGE_INCIDENT),
    "name of many customers, large incident": _limits(SHARED_NAMES[0], LARGE_INCIDENT),
}

_KEYS = {"kind": "p.kind", "day": "m.at / 86400000000", "state": _LAST_STATE}
SUMS = {
    by: (
        f"SELECT {key}, p.currency, count(*), sum(p.minor) FROM offer_entries m JOIN offer_entries p"  # noqa: S608
        f" ON p.offer_seq = m.seq AND {_PROMISED} WHERE m.event = 'offered' AND {_GIVEN} GROUP BY 1, 2"
    )
    for by in ("incident", "kind", "agent", "day", "tier", "state")
    for key in [_KEYS.get(by, f"m.{by}")]
}


def entries_and_texts(driver: Any, seqs: str) -> list[int]:
    """Fetch the entries of the offers and their texts; return the offers."""
    rows = driver.execute(f"SELECT * FROM offer_entries WHERE offer_seq IN ({seqs}) ORDER BY seq").fetchall()  # noqa: S608
    if rows:
        numbers = ", ".join(str(row[0]) for row in rows)
        driver.execute(f"SELECT * FROM offer_texts WHERE seq IN ({numbers})").fetchall()  # noqa: S608
    return [row[4] for row in rows]
