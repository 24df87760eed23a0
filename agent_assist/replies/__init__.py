"""Replies: a phrase filled with facts, and the check before it is copied."""

from agent_assist.replies.check import check
from agent_assist.replies.draft import Draft
from agent_assist.replies.fact_values import Facts
from agent_assist.replies.fill import Filled, Gap, Mark, fill, gap_for, warm_up
from agent_assist.replies.template import template_problem, variables
from agent_assist.replies.value_names import VALUE_NAMES, ValueName, canonical_name, control_for
from agent_assist.replies.verdict import Check, Warning_

__all__ = [
    "VALUE_NAMES",
    "Check",
    "Draft",
    "Facts",
    "Filled",
    "Gap",
    "Mark",
    "ValueName",
    "Warning_",
    "canonical_name",
    "check",
    "control_for",
    "fill",
    "gap_for",
    "template_problem",
    "variables",
    "warm_up",
]
