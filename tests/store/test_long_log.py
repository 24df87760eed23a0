"""A long log: what a page, a filter, a customer's history and a limit read does not grow with the log. On both engines.

Work is counted, not timed: steps of SQLite's virtual machine, pages that PostgreSQL touches.
"""

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent_assist.offers import LimitScope, OfferFilter
from agent_assist.store import Store, open_store, review_queries
from tests.benchmarks.made_log import (
    AGENTS,
    LARGE_INCIDENT,
    RARE_AGENT,
    RARE_TIER,
    SHARED_NAMES,
    copy_to_server,
    make_file,
)
from tests.offers.samples import an_offer
from tests.store.engines import Server
from tests.store.test_limits import terms
from tests.store.test_review import SHANGHAI

pytestmark = pytest.mark.process

SHORT, LONG = 3_000, 12_000
"""Offers of two logs; all else is alike."""
GROWTH = 1.6
"""How much more may be read in four times the log."""
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    homes = [tmp_path_factory.mktemp("home") for _ in range(2)]
    return [make_file(home, offers, now=NOW) for home, offers in zip(homes, (SHORT, LONG), strict=True)]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def logs(request: pytest.FixtureRequest, files: list[Path], postgres_server: Server) -> Iterator[list[Store]]:
    """Stores on a short and on a long log."""
    if request.param == "sqlite":
        urls = [f"sqlite:///{file}" for file in files]
    else:
        urls = [postgres_server.url() for _file in files]
        for url, file in zip(urls, files, strict=True):
            copy_to_server(file, url)
            name = sa.make_url(url).database
            postgres_server.run(f'ALTER DATABASE "{name}" SET enable_seqscan = off')  # small tables would be scanned
    stores = [open_store(url, home=file.parent) for url, file in zip(urls, files, strict=True)]
    yield stores
    for store in stores:
        store.close()
    postgres_server.drop()


def work_of(store: Store, ask: Callable[[Store], object]) -> int:
    """Return how much the engine reads for a question."""
    engine = store.database._engine  # type: ignore[attr-defined]
    steps, statements = [0], []

    def tick() -> None:
        steps[0] += 1

    def listen(connection: sa.Connection, _cursor: Any, statement: str, parameters: Any, *_rest: object) -> None:
        statements.append((statement, parameters))
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(tick, 20)

    sa.event.listen(engine, "before_cursor_execute", listen)
    ask(store)
    sa.event.remove(engine, "before_cursor_execute", listen)
    if engine.dialect.name == "sqlite":
        return steps[0]
    with engine.connect() as connection:
        for statement, parameters in statements:
            if statement.lstrip().startswith("SELECT"):
                plan = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + statement
                (found,) = connection.exec_driver_sql(plan, parameters).one()
                top = (found if isinstance(found, list) else json.loads(found))[0]["Plan"]
                steps[0] += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return steps[0]


QUESTIONS: dict[str, dict[str, Any]] = {
    "first page": {},
    "incident": {"incident": "INC-11"},
    "large incident": {"incident": LARGE_INCIDENT},
    "agent": {"agent": AGENTS[3]},
    "rare agent": {"agent": RARE_AGENT},
    "kind": {"kind": "refund"},
    "rare kind": {"kind": "other"},
    "tier": {"tier": "vip"},
    "rare tier": {"tier": RARE_TIER},
    "currency": {"currency": "JPY"},
    "no such currency": {"currency": "KWD"},
    "amount": {"least": 5000, "currency": "CNY"},
    "since": {"since": NOW - dt.timedelta(days=90)},
    "an hour": {"since": NOW - dt.timedelta(hours=1)},
    "an hour long ago": {"since": NOW - dt.timedelta(days=400), "until": NOW - dt.timedelta(days=400, hours=-1)},
    "shared name": {"customer": SHARED_NAMES[0]},
    "name": {"customer": "客户77"},
    "order": {"order": "A0000077"},
    "text": {"text": "补偿"},
    **{
        f"state {state}": {"state": state}
        for state in ("offered", "pending", "approved", "declined", "voided", "delivered", "given")
    },
    "own waiting": {"agent": AGENTS[3], "state": "pending"},
    "voided for an incident": {"incident": "INC-11", "state": "voided"},
}


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is a small part of a real log is a small part of these."""
    monkeypatch.setattr(review_queries, "FEW", 50)
    monkeypatch.setattr(review_queries, "FIRST_WINDOW", 150)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_of_a_long_log_costs_what_it_costs_in_a_short_one(logs: list[Store], question: str) -> None:
    offer_filter = OfferFilter(**QUESTIONS[question])
    if offer_filter.state == "pending":
        for store in logs:  # once after the store was opened it reads all that ever waited
            store.page(offer_filter)
    short, long = (work_of(store, lambda store: store.page(offer_filter, limit=20)) for store in logs)
    assert long <= GROWTH * short + 60, (question, short, long)


def test_control_a_question_without_an_index_grows(logs: list[Store]) -> None:
    short, long = (work_of(store, lambda store: store.count(OfferFilter(text="qqqq"))) for store in logs)
    assert long > 2.5 * short


LIMITS = {
    "nobody in particular": LimitScope(agent=AGENTS[3], incident="INC-11"),
    "shared name": LimitScope(agent=AGENTS[3], customer=SHARED_NAMES[0], order="Z1", incident="INC-11"),
    "order": LimitScope(agent=AGENTS[3], customer="客户77", order="A0000077", incident="INC-11"),
    "no incident": LimitScope(agent=AGENTS[3], customer=SHARED_NAMES[0]),
}


@pytest.mark.parametrize("scope", LIMITS)
def test_limits_cost_the_same_in_a_long_log(logs: list[Store], scope: str) -> None:
    short, long = (
        work_of(store, lambda store: store.limit_usage(LIMITS[scope], terms(per_incident=10**9))) for store in logs
    )
    assert long <= GROWTH * short + 60, (scope, short, long)


REVIEW: dict[str, Callable[[Store], object]] = {
    "count": lambda store: store.count(OfferFilter()),
    "waiting": lambda store: store.count(OfferFilter(state="pending")),
    "medians": lambda store: store.medians(OfferFilter(state="given")),
    **{
        f"sums by {by}": lambda store, by=by: store.sums(OfferFilter(state="given"), by, SHANGHAI)  # type: ignore[misc]
        for by in ("incident", "kind", "agent", "day", "tier", "state")
    },
}


@pytest.mark.parametrize("question", REVIEW)
def test_what_a_review_adds_up_again_after_news_costs_what_is_new(logs: list[Store], question: str) -> None:
    ask = REVIEW[question]
    for store in logs:
        ask(store)
        store.add_offer(an_offer(f"news-{question}"))
    short, long = (work_of(store, ask) for store in logs)
    assert long <= GROWTH * short + 60, (question, short, long)


def test_the_limit_of_a_large_incident_costs_what_is_new(logs: list[Store]) -> None:
    scope, now = LimitScope(agent=AGENTS[3], incident=LARGE_INCIDENT), terms(per_incident=10**9)
    for store in logs:
        store.limit_usage(scope, now)
        store.add_offer(an_offer("news-limit", incident_id=LARGE_INCIDENT))
    short, long = (work_of(store, lambda store: store.limit_usage(scope, now)) for store in logs)
    assert long <= GROWTH * short + 60, (short, long)


def test_opening_head_and_history_of_one_offer_cost_the_same(logs: list[Store]) -> None:
    for ask in (lambda store: store.head(), lambda store: store.offer("77"), lambda store: store.entries("77")):
        short, long = (work_of(store, ask) for store in logs)
        assert long <= GROWTH * short + 10
