"""Facts in SQL: each version is a row of its own and is never changed."""

import msgspec
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from agent_assist.incidents import Incident
from agent_assist.offers.chain import micros
from agent_assist.store import refusals
from agent_assist.store.schema import incident_versions

_V = incident_versions.c


def open_new(connection: Connection, incident: Incident) -> Incident:
    """Record version 1; needs a transaction that is alone, since it numbers the incident."""
    number = 1 + (connection.scalar(select(func.max(_V.number))) or 0)
    while not incident.id and _is_taken(connection, f"INC-{number}"):
        number += 1
    named = msgspec.structs.replace(incident, id=incident.id or f"INC-{number}", version=1)
    if _is_taken(connection, named.id):
        raise refusals.incident_exists(named.id)
    _insert(connection, named, number)
    return named


def add(connection: Connection, incident: Incident, expected: int | None) -> Incident:
    """Record the next version; needs a transaction that is alone."""
    row = connection.execute(
        select(_V.version, _V.number).where(_V.id == incident.id).order_by(_V.version.desc()).limit(1)
    ).first()
    if row is None:
        raise refusals.no_incident(incident.id)
    if expected is not None and expected != row.version:
        raise refusals.overtaken(incident.id, expected, row.version)
    later = msgspec.structs.replace(incident, version=row.version + 1)
    _insert(connection, later, row.number)
    return later


def versions(connection: Connection, id: str) -> tuple[Incident, ...]:  # noqa: A002 - it is an id
    """All versions, oldest first. Raises NotFound."""
    rows = connection.scalars(select(_V.facts).where(_V.id == id).order_by(_V.version)).all()
    if not rows:
        raise refusals.no_incident(id)
    return tuple(msgspec.json.decode(facts, type=Incident) for facts in rows)


def latest(connection: Connection, id: str) -> Incident:  # noqa: A002
    """The newest version. Raises NotFound."""
    facts = connection.scalar(select(_V.facts).where(_V.id == id).order_by(_V.version.desc()).limit(1))
    if facts is None:
        raise refusals.no_incident(id)
    return msgspec.json.decode(facts, type=Incident)


def newest_first(connection: Connection, *, open_only: bool) -> tuple[Incident, ...]:
    """The newest version of each incident."""
    last = select(_V.id, func.max(_V.version).label("version")).group_by(_V.id).subquery()
    query = (
        select(_V.facts)
        .join(last, (_V.id == last.c.id) & (_V.version == last.c.version))
        .order_by(_V.number.desc(), _V.id)
    )
    if open_only:
        query = query.where(_V.status != "resolved")
    return tuple(msgspec.json.decode(facts, type=Incident) for facts in connection.scalars(query))


def _is_taken(connection: Connection, id: str) -> bool:  # noqa: A002
    return connection.scalar(select(_V.version).where(_V.id == id).limit(1)) is not None


def _insert(connection: Connection, incident: Incident, number: int) -> None:
    connection.execute(
        incident_versions.insert(),
        {
            "id": incident.id, "version": incident.version, "number": number, "status": incident.status,
            "author": incident.author, "at": micros(incident.updated_at),
            "facts": msgspec.json.encode(incident).decode(),
        },
    )  # fmt: skip
