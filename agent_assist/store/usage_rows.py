"""Uses of phrases, and searches that found nothing, in SQL."""

import datetime as dt
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import to_micros
from agent_assist.store.protocol import USES_LIMIT, MissedSearch, PhraseUse
from agent_assist.store.rows import MAX_QUERY, LeftOutRows, first_characters, one_line, timestamp, whole_number
from agent_assist.store.schema import missed_searches, uses


def add_use(connection: Connection, use: PhraseUse) -> None:
    """Insert one use of a phrase."""
    row = {
        "agent": use.agent,
        "phrase_id": use.phrase_id,
        "query": first_characters(use.query, MAX_QUERY),
        "lang": use.lang,
        "stage": use.stage,
        "edited": int(use.edited),
        "at": to_micros(use.at),
    }
    connection.execute(uses.insert(), row)


def newest_first(connection: Connection, agent: str, left_out: LeftOutRows) -> tuple[PhraseUse, ...]:
    """Return the newest uses, newest first, of one agent or of all."""
    query = select(uses).order_by(uses.c.id.desc()).limit(USES_LIMIT)
    if agent:
        query = query.where(uses.c.agent == agent)
    return tuple(left_out.readable("uses", connection.execute(query).all(), row_key, read_use))


def add_missed(connection: Connection, agent: str, query: str, at: dt.datetime) -> None:
    """Insert a search that found nothing."""
    connection.execute(
        missed_searches.insert(), {"agent": agent, "query": first_characters(query, MAX_QUERY), "at": to_micros(at)}
    )


def missed_newest_first(connection: Connection, left_out: LeftOutRows) -> tuple[MissedSearch, ...]:
    """Return the newest searches that found nothing, newest first."""
    query = select(missed_searches).order_by(missed_searches.c.id.desc()).limit(USES_LIMIT)
    return tuple(left_out.readable("missed_searches", connection.execute(query).all(), row_key, read_missed))


def row_key(row: Row[Any]) -> str:
    """Return what identifies a row of either table in messages."""
    return f"#{row.id}"


def read_use(row: Row[Any]) -> PhraseUse:
    """Return the use of a row. Raises one of `rows.ROW_ERRORS`."""
    return PhraseUse(
        phrase_id=one_line(row.phrase_id),
        query=first_characters(row.query, MAX_QUERY),
        lang=one_line(row.lang),
        stage=one_line(row.stage),
        edited=bool(whole_number(row.edited, 0, 1)),
        agent=one_line(row.agent),
        at=timestamp(row.at),
    )


def read_missed(row: Row[Any]) -> MissedSearch:
    """Return the search of a row. Raises one of `rows.ROW_ERRORS`."""
    return MissedSearch(agent=one_line(row.agent), query=first_characters(row.query, MAX_QUERY), at=timestamp(row.at))
