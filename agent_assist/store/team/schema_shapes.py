"""Conditions in SQL on the rows that agents and leads insert, so that every desk can read them.

Rules: they apply to the accounts of a team, not to the owner, who copies rows as they are. Reading checks the same
bounds (`store.rows`), since older rows and files edited by hand were never checked. They are written into a database
only by `team init` and by migrations, so a change here needs a migration.
"""

from agent_assist.offers import EVENTS, OFFER_KINDS
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.duration import MAX_DURATION_COUNT, UNITS
from agent_assist.offers.offer import MAX_LINE_LENGTH, PERSONAL_TEXTS
from agent_assist.store.rows import (
    EARLIEST_MICROS,
    LATEST_MICROS,
    MAX_JSON,
    MAX_NAME,
    MAX_NUMBER,
    MAX_POLICY,
    MAX_QUERY,
)


def _listed(words: tuple[str, ...] | frozenset[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


def _at_most(*names: str, longest: int = MAX_NAME) -> str:
    return " AND ".join(f'length("{name}") <= {longest}' for name in names)


def _json(name: str, *keys: str) -> str:
    """Return the condition that a column is a JSON object with these keys; a text that is not JSON raises an error."""
    has = " AND ".join(f"({name}::json -> '{key}') IS NOT NULL" for key in keys)
    return (
        f"CASE WHEN length({name}) > {MAX_JSON} THEN false"
        f" WHEN json_typeof({name}::json) <> 'object' THEN false ELSE {has} END"
    )


_IN_TIME = f'"at" BETWEEN {EARLIEST_MICROS} AND {LATEST_MICROS}'
_ARE_DIGESTS = " AND ".join(f'("{name}" IS NULL OR "{name}" ~ \'^[0-9a-f]{{64}}$\')' for name in PERSONAL_TEXTS)

SHAPES: dict[str, str] = {
    "chats": (
        f"{_at_most('id')} AND opened_at BETWEEN {EARLIEST_MICROS} AND {LATEST_MICROS}"
        f" AND (closed_at IS NULL OR closed_at BETWEEN {EARLIEST_MICROS} AND {LATEST_MICROS})"
        f" AND {_json('state', 'id', 'customer', 'opened_at')}"
    ),
    "sent_replies": (
        f"{_IN_TIME} AND {_at_most('op_id', 'chat_id')} AND {_json('reply', 'at', 'phrase_id', 'lang', 'text')}"
    ),
    "uses": (
        f"{_IN_TIME} AND edited IN (0, 1) AND {_at_most('phrase_id', 'lang', 'stage')} AND length(query) <= {MAX_QUERY}"
    ),
    "publications": (
        f"{_IN_TIME} AND version BETWEEN 1 AND {MAX_NUMBER} AND incident <> ''"
        f" AND {_at_most('incident', 'channel', 'tells')}"
    ),
    "missed_searches": f"{_IN_TIME} AND length(query) <= {MAX_QUERY}",
    "incident_versions": (
        f"{_IN_TIME} AND id <> '' AND {_at_most('id', 'status')} AND team_follows(id, version, number)"
        f" AND {_json('facts', 'id', 'version', 'title', 'started_at', 'updated_at')}"
    ),
    "policy_versions": f"{_IN_TIME} AND length(text) <= {MAX_POLICY} AND team_follows('', version, 0)",
    "offer_entries": (
        f"{_IN_TIME} AND {_at_most('op_id', 'role', 'tier', 'incident', 'chat', 'rule', longest=MAX_LINE_LENGTH)}"
        f" AND event IN ({_listed(EVENTS)})"
        f" AND (kind IN ({_listed(OFFER_KINDS)}) OR kind = '' AND event NOT IN ('offered', 'adjusted'))"
        f" AND (minor IS NULL AND currency IS NULL OR minor > 0 AND currency IN ({_listed(CURRENCIES)}))"
        " AND (duration_count IS NULL AND duration_unit IS NULL"
        f" OR duration_count BETWEEN 1 AND {MAX_DURATION_COUNT} AND duration_unit IN ({_listed(UNITS)}))"
        f" AND pending IN (0, 1) AND {_ARE_DIGESTS}"
    ),
    "offer_texts": f"name IN ({_listed(PERSONAL_TEXTS)}) AND salt ~ '^([0-9a-f]{{2}})+$' AND length(salt) <= 128"
    f" AND length(text) <= {MAX_JSON}",
}
"""The condition by table, for every row that an agent or a lead inserts. NULL counts as false."""

FOLLOWS = """
CREATE OR REPLACE FUNCTION team_follows(of_id text, this_version bigint, this_number bigint) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
  SELECT CASE WHEN of_id = ''
    THEN this_version = 1 + (SELECT coalesce(max(p.version), 0) FROM policy_versions p)
    ELSE this_version = 1 + (SELECT coalesce(max(v.version), 0) FROM incident_versions v WHERE v.id = of_id)
      AND this_number BETWEEN 1 AND 1000 + (SELECT coalesce(max(v.number), 0) FROM incident_versions v) END
$$"""
"""Whether a version of facts or of the policy is the next one: a huge number would leave none for later versions."""

INSERTABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "sent_replies": ("op_id", "agent", "chat_id", "at", "reply"),
    "uses": ("agent", "phrase_id", "query", "lang", "stage", "edited", "at"),
    "missed_searches": ("agent", "query", "at"),
    "publications": ("incident", "version", "at", "agent", "channel", "tells"),
}
"""The only columns that an INSERT may name in tables that the server numbers: an `id` chosen by an account could be
that of a later row."""
