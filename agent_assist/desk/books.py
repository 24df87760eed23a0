"""Checking the phrasebooks with what the other rooms know: the names that facts fill, and the dialect of templates."""

from agent_assist.desk.desk import Desk
from agent_assist.phrasebook import Problem
from agent_assist.phrasebook.lint import Known, Template, lint
from agent_assist.replies import template_mistake, variables
from agent_assist.replies.names import BY_PATH


def lint_phrases(desk: Desk) -> tuple[Problem, ...]:
    """Everything a lead should look at, by file and line."""
    today = desk.clock().astimezone(desk.tz).date()
    return lint(desk.library, Known(names=frozenset(BY_PATH), read=_read, today=today))


def _read(text: str) -> Template:
    mistake = template_mistake(text)
    if mistake is None:
        return Template(names=variables(text))
    return Template(mistake=f"{mistake.reason} {mistake.way_out}".strip())
