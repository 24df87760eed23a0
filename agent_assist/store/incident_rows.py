"""Incidents in SQL: each version of the facts is one row, which is never changed."""

import datetime as dt
from collections.abc import Collection
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.engine import Connection

from agent_assist.epoch_micros import to_micros
from agent_assist.errors import NotFound
from agent_assist.incidents import Incident
from agent_assist.incidents.apply import MAX_RHYTHM_MINUTES
from agent_assist.store import refusals
from agent_assist.store.rows import MAX_NUMBER, ROW_ERRORS, LeftOutRows, from_json, whole_number
from agent_assist.store.schema import incident_versions

_V = incident_versions.c


def open_incident(connection: Connection, incident: Incident) -> Incident:
    """Insert version 1; needs an exclusive transaction, since it numbers the incident."""
    highest = connection.scalar(select(func.max(_V.number)).where(_is_number(_V.number)))
    number = 1 + int(highest or 0)
    while not incident.id and _is_taken(connection, f"INC-{number}"):
        number += 1
    first = msgspec.structs.replace(incident, id=incident.id or f"INC-{number}", version=1)
    if _is_taken(connection, first.id):
        raise refusals.incident_exists(first.id)
    _insert(connection, first, number)
    return first


def add_version(connection: Connection, incident: Incident, expected: int | None) -> Incident:
    """Insert the next version; needs an exclusive transaction. Raises NotFound, Refused."""
    row = connection.execute(
        select(_V.version, _V.number)
        .where(_V.id == incident.id, _is_number(_V.version), _is_number(_V.number))
        .order_by(_V.version.desc())
        .limit(1)
    ).first()
    if row is None:
        raise refusals.no_incident(incident.id)
    if expected is not None and expected != row.version:
        raise refusals.version_conflict(incident.id, expected, row.version)
    later = msgspec.structs.replace(incident, version=int(row.version) + 1)
    _insert(connection, later, int(row.number))
    return later


def _is_number(column: ColumnElement[int]) -> ColumnElement[bool]:
    """Return the condition that a number can be incremented: a file edited by hand may hold a text or 2**63."""
    return column.between(0, MAX_NUMBER - 1)


def versions(connection: Connection, id: str, left_out: LeftOutRows) -> tuple[Incident, ...]:  # noqa: A002
    """Return all readable versions, oldest first. Raises NotFound when there is none."""
    rows = connection.execute(select(incident_versions).where(_V.id == id).order_by(_V.version)).all()
    if not rows:
        raise refusals.no_incident(id)
    readable = tuple(left_out.readable("incident_versions", rows, row_key, read_facts))
    if not readable:
        raise refusals.unreadable_incident(id)
    return readable


def latest(connection: Connection, id: str, left_out: LeftOutRows) -> Incident:  # noqa: A002
    """Return the newest readable version. Raises NotFound."""
    newest = select(incident_versions).where(_V.id == id).order_by(_V.version.desc()).limit(1)
    rows = connection.execute(newest).all()
    if not rows:
        raise refusals.no_incident(id)
    readable = list(left_out.readable("incident_versions", rows, row_key, read_facts))
    return readable[0] if readable else versions(connection, id, left_out)[-1]


def newest_first(connection: Connection, left_out: LeftOutRows, *, open_only: bool) -> tuple[Incident, ...]:
    """Return the newest readable version of each incident; see `Store.incidents` for the conditions."""
    last = select(_V.id, func.max(_V.version).label("version")).group_by(_V.id).subquery()
    query = (
        select(incident_versions)
        .join(last, (_V.id == last.c.id) & (_V.version == last.c.version))
        .order_by(_V.number.desc(), _V.id)
    )
    if open_only:
        query = query.where(_V.status != "resolved")
    incidents = []
    for row in connection.execute(query).all():
        try:
            incidents.append(read_facts(row))
        except ROW_ERRORS:
            with suppress(NotFound):  # `latest` records what cannot be read
                incidents.append(latest(connection, row.id, left_out))
    return tuple(incidents)


def histories(
    connection: Connection, left_out: LeftOutRows, *, resolved_since: dt.datetime, also: Collection[str]
) -> tuple[tuple[Incident, ...], ...]:
    """Return all readable versions of the incidents that `Store.incident_histories` names."""
    last = select(_V.id, func.max(_V.version).label("version")).group_by(_V.id).subquery()
    shown = (
        select(_V.id)
        .join(last, (_V.id == last.c.id) & (_V.version == last.c.version))
        .where((_V.status != "resolved") | (_V.at >= to_micros(resolved_since)) | _V.id.in_([*also]))
    )
    rows = connection.execute(
        select(incident_versions).where(_V.id.in_(shown)).order_by(_V.number.desc(), _V.id, _V.version)
    ).all()
    by_id: dict[str, list[Incident]] = {}
    for facts in left_out.readable("incident_versions", rows, row_key, read_facts):
        by_id.setdefault(facts.id, []).append(facts)
    return tuple(map(tuple, by_id.values()))


def row_key(row: Row[Any]) -> str:
    """Return what identifies the row of a version in messages."""
    return f"{row.id} v{row.version}"


def read_facts(row: Row[Any]) -> Incident:
    """Return the facts of a row. Raises one of `rows.ROW_ERRORS`."""
    facts = from_json(row.facts, Incident)
    if (facts.id, facts.version) != (row.id, row.version):
        raise ValueError(f"it holds {facts.id} v{facts.version}")
    whole_number(facts.rhythm_minutes, 1, MAX_RHYTHM_MINUTES)
    return facts


def _is_taken(connection: Connection, id: str) -> bool:  # noqa: A002
    return connection.scalar(select(_V.version).where(_V.id == id).limit(1)) is not None


def _insert(connection: Connection, incident: Incident, number: int) -> None:
    connection.execute(
        incident_versions.insert(),
        {
            "id": incident.id,
            "version": incident.version,
            "number": number,
            "status": incident.status,
            "author": incident.author,
            "at": to_micros(incident.updated_at),
            "facts": msgspec.json.encode(incident).decode(),
        },
    )
