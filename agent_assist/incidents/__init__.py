"""Incidents: the facts of an outage and their versions, the honest ETA, the communication clock.

What reads typed facts (`typed_times`, `apply`, `facts_file`) is imported where it is used: its patterns compile slowly.
"""

from agent_assist.incidents.changes import Change, describe_change, say_value
from agent_assist.incidents.clock import Step, overdue, steps
from agent_assist.incidents.eta import Eta
from agent_assist.incidents.eta_words import describe_eta, describe_outlook
from agent_assist.incidents.incident import (
    FACT_FIELDS,
    FACT_NAMES,
    SAYINGS,
    STATUSES,
    FactName,
    Incident,
    Status,
    incident_json,
)
from agent_assist.incidents.publication import Publication
from agent_assist.incidents.status_words import field_label, parse_severity, parse_status, status_word
from agent_assist.incidents.times import clock_time, spoken_span
from agent_assist.severities import SEVERITIES, Severity

__all__ = [
    "FACT_FIELDS",
    "FACT_NAMES",
    "SAYINGS",
    "SEVERITIES",
    "STATUSES",
    "Change",
    "Eta",
    "FactName",
    "Incident",
    "Publication",
    "Severity",
    "Status",
    "Step",
    "clock_time",
    "describe_change",
    "describe_eta",
    "describe_outlook",
    "field_label",
    "incident_json",
    "overdue",
    "parse_severity",
    "parse_status",
    "say_value",
    "spoken_span",
    "status_word",
    "steps",
]
