"""Which phrases are used and which searches found nothing, in SQL."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.engine import Connection

from agent_assist.offers.chain import micros, moment
from agent_assist.store.protocol import USES_LIMIT, MissedSearch, Use
from agent_assist.store.rows import LONGEST_QUERY, beginning
from agent_assist.store.schema import missed_searches, uses


def add(connection: Connection, use: Use) -> None:
    """Record one use of a phrase."""
    row = {
        "agent": use.agent, "phrase_id": use.phrase_id, "query": beginning(use.query, LONGEST_QUERY), "lang": use.lang,
        "stage": use.stage, "edited": int(use.edited), "at": micros(use.at),
    }  # fmt: skip
    connection.execute(uses.insert(), row)


def newest_first(connection: Connection, agent: str) -> tuple[Use, ...]:
    """The newest uses, of one agent or of all."""
    query = select(uses).order_by(uses.c.id.desc()).limit(USES_LIMIT)
    if agent:
        query = query.where(uses.c.agent == agent)
    return tuple(
        Use(
            phrase_id=row.phrase_id, query=row.query, lang=row.lang, stage=row.stage, edited=bool(row.edited),
            agent=row.agent, at=moment(row.at),
        )
        for row in connection.execute(query)
    )  # fmt: skip


def add_missed(connection: Connection, agent: str, query: str, at: dt.datetime) -> None:
    """Record a search that found nothing."""
    connection.execute(
        missed_searches.insert(), {"agent": agent, "query": beginning(query, LONGEST_QUERY), "at": micros(at)}
    )


def missed_newest_first(connection: Connection) -> tuple[MissedSearch, ...]:
    """The newest searches that found nothing."""
    query = select(missed_searches).order_by(missed_searches.c.id.desc()).limit(USES_LIMIT)
    return tuple(MissedSearch(agent=row.agent, query=row.query, at=moment(row.at)) for row in connection.execute(query))
