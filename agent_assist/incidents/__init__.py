"""Incidents: the facts of an outage and their versions, the honest ETA, the communication clock."""

from agent_assist.incidents.changes import Change, describe_change, say_value
from agent_assist.incidents.clock import Step, steps
from agent_assist.incidents.eta import Eta, clause, parse_eta
from agent_assist.incidents.facts_file import FactsFile, FileProblem, read_incident
from agent_assist.incidents.incident import (
    SAYINGS,
    SEVERITIES,
    STATUSES,
    Incident,
    Severity,
    Status,
    incident_json,
)
from agent_assist.incidents.times import clock_time, clocks_in, parse_moment, spoken_span
from agent_assist.incidents.words import field_label, parse_severity, parse_status, status_word

__all__ = [
    "SAYINGS",
    "SEVERITIES",
    "STATUSES",
    "Change",
    "Eta",
    "FactsFile",
    "FileProblem",
    "Incident",
    "Severity",
    "Status",
    "Step",
    "clause",
    "clock_time",
    "clocks_in",
    "describe_change",
    "field_label",
    "incident_json",
    "parse_eta",
    "parse_moment",
    "parse_severity",
    "parse_status",
    "read_incident",
    "say_value",
    "spoken_span",
    "status_word",
    "steps",
]
