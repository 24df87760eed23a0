"""What customers were told about incidents, in SQL. Rows are only added."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import to_micros
from agent_assist.incidents.publication import TOLD_STEPS, Publication
from agent_assist.store.rows import LeftOutRows, one_line, timestamp, whole_number
from agent_assist.store.schema import publications

_P = publications.c


def add(connection: Connection, publication: Publication) -> None:
    """Insert it."""
    row = {
        "incident": publication.incident,
        "version": publication.version,
        "at": to_micros(publication.at),
        "agent": publication.agent,
        "channel": publication.channel,
        "tells": ",".join(publication.tells),
    }
    connection.execute(publications.insert(), row)


def is_told(connection: Connection, publication: Publication) -> bool:
    """Return whether others from the same facts tell all that this one does."""
    same = (_P.incident == publication.incident) & (_P.version == publication.version)
    told = {name for tells in connection.scalars(select(_P.tells).where(same)) for name in str(tells).split(",")}
    return told.issuperset(publication.tells)


def of_incidents(connection: Connection, incidents: Collection[str], left_out: LeftOutRows) -> tuple[Publication, ...]:
    """Return what was told about these incidents, oldest first."""
    query = select(publications).where(_P.incident.in_([*incidents])).order_by(_P.at, _P.id)
    return tuple(left_out.readable("publications", connection.execute(query).all(), row_key, read_publication))


def by_incident(
    connection: Connection, incidents: Collection[str], left_out: LeftOutRows
) -> dict[str, tuple[Publication, ...]]:
    """Return the same by incident."""
    found: dict[str, list[Publication]] = {}
    for publication in of_incidents(connection, incidents, left_out) if incidents else ():
        found.setdefault(publication.incident, []).append(publication)
    return {incident: tuple(each) for incident, each in found.items()}


def row_key(row: Row[Any]) -> str:
    """Return what identifies a row in messages."""
    return f"#{row.id}"


def read_publication(row: Row[Any]) -> Publication:
    """Return the publication of a row. Raises one of `rows.ROW_ERRORS`."""
    tells = one_line(row.tells).split(",")
    return Publication(
        incident=one_line(row.incident),
        version=whole_number(row.version, 1),
        at=timestamp(row.at),
        agent=one_line(row.agent),
        channel=one_line(row.channel),
        tells=tuple(name for name in TOLD_STEPS if name in tells),
    )
