"""Phrases as Liquid templates, parsed under limits and cached. Imports liquid (0.17 s) with the first template.

Phrase files come from colleagues and imports, so a template is not trusted: no loops, no includes, no files, short
markup only, no ranges. What is checked before parsing keeps parsing and filling within milliseconds without a clock:
on a busy machine no ordinary phrase is refused. What a template prints is never parsed.
"""

import functools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from agent_assist.cleaning import clean, clean_line
from agent_assist.library_errors import template_syntax_error
from agent_assist.locale import _
from agent_assist.problems import Problem
from agent_assist.replies.value_names import canonical_name

if TYPE_CHECKING:
    from liquid import BoundTemplate

MAX_TEMPLATE_LENGTH = 20_000
_MAX_TAGS = 60
_MAX_TAG_LENGTH = 300
_MAX_MARKUP_LENGTH = 1_500

_OPEN = re.compile(r"\{[{%]")
_WIDE_SPACE = re.compile(r"\s{9}")
_LITERAL = re.compile(r"([\"']).*?\1", re.DOTALL)
_FROZEN_TAG = re.compile(r"-?\s*(raw|doc)\b")


class Used(NamedTuple):
    """A name that a template reads, and the line of its first use."""

    name: str
    line: int


class ParsedTemplate(msgspec.Struct, frozen=True):
    """A template that can be rendered, and the names it reads in order of appearance."""

    template: "BoundTemplate"
    used: tuple[Used, ...]


@functools.lru_cache(maxsize=1024)
def parse(text: str) -> ParsedTemplate | Problem:
    """Return the template, or what is wrong with it. The text is cleaned and stripped first; results are cached."""
    text = clean(text).strip()
    if (problem := _too_much(text)) is not None:
        return problem
    from agent_assist.replies.dialect import TAGS, dialect  # with Liquid, for the first template
    from agent_assist.replies.filters import FILTERS  # with Liquid, for the first template

    try:
        template = dialect().from_string(text)
        analysis = template.analyze(include_partials=False)
    except Exception as error:  # the parser raises more than its own errors on hostile input
        return _syntax_problem(error, text, tags=TAGS)
    if (problem := _range_in(text)) is not None:
        return problem
    for name, spans in analysis.filters.items():
        if name not in FILTERS:
            return _problem(
                text,
                spans[0].index,
                _("There is no filter called “{name}”.", name=clean_line(name)[:60]),
                _("Known filters: {names}.", names=", ".join(FILTERS)),
            )
    used: dict[str, Used] = {}
    places = [(variable.span.index, variable) for group in analysis.globals.values() for variable in group]
    for index, variable in sorted(places, key=lambda place: place[0]):
        if not all(isinstance(segment, str | int) for segment in variable.segments):
            return _problem(text, index, _("A name cannot be looked up through another name."), _example())
        name = canonical_name(".".join(str(segment) for segment in variable.segments))
        if not name.strip(" ."):
            return _problem(text, index, _("A name or value here is not written as it should be."), _example())
        used.setdefault(name, Used(name, _line(text, index)))
    return ParsedTemplate(template, tuple(used.values()))


def variables(text: str) -> tuple[str, ...]:
    """Return the names a template reads, canonical, each once, in order; none when it cannot be parsed."""
    parsed = parse(text)
    return () if isinstance(parsed, Problem) else tuple(used.name for used in parsed.used)


def template_problem(text: str) -> Problem | None:
    """Return what is wrong with a phrase's text as a template, or None."""
    parsed = parse(text)
    return parsed if isinstance(parsed, Problem) else None


def _too_much(text: str) -> Problem | None:
    """Refuse what is expensive to parse: the parser's patterns are quadratic in unclosed or very long markup."""
    if len(text) > MAX_TEMPLATE_LENGTH:
        return _problem(text, -1, _("The text is longer than {limit} characters.", limit=MAX_TEMPLATE_LENGTH))
    if (wide := text.find("｛｛")) >= 0:
        return _problem(text, wide, _("The braces here are full-width; names need plain ones."), _example())
    total = 0
    for count, (start, end) in enumerate(_pieces(text), 1):
        if end < 0:
            return _problem(text, start, _("“{opening}” is never closed.", opening=text[start : start + 2]), _example())
        total += end - start
        if count > _MAX_TAGS or end - start > _MAX_TAG_LENGTH or total > _MAX_MARKUP_LENGTH:
            return _problem(text, start, _("There is too much template markup in this text."))
        inside = text[start + 2 : end - 2]
        if _WIDE_SPACE.search(inside):
            return _problem(text, start, _("There are too many spaces inside the markup."))
        if text[start + 1] == "%" and (match := _FROZEN_TAG.match(inside)):
            return _problem(text, start, _("The tag “{name}” cannot be used in phrases.", name=match[1]))
    return None


def _range_in(text: str) -> Problem | None:
    """Refuse ranges before a template is filled: comparing with one walks it in a call that no deadline interrupts."""
    for start, end in _pieces(text):
        if ".." in _LITERAL.sub("", text[start:end]):
            reason = _("A range such as {example} cannot be used in phrases.", example="(1..9)")
            return _problem(text, start, reason)
    return None


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each tag; the end is -1 when it is not closed within reach."""
    position = 0
    while (match := _OPEN.search(text, position)) is not None:
        start = match.start()
        closing = "}}" if text[start + 1] == "{" else "%}"
        end = text.find(closing, start + 2, start + _MAX_TAG_LENGTH * 2)
        if end < 0:
            yield start, -1
            return
        position = end + 2
        yield start, position


def _example() -> str:
    return _("Names are written as {example}.", example="{{ customer.name }}")


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, max(0, index)) + 1


def _syntax_problem(error: Exception, text: str, *, tags: tuple[str, ...]) -> Problem:
    """Word the parser's error for the mistakes that people make."""
    token = getattr(error, "token", None)
    at = token.start_index if token is not None else -1
    message = clean_line(str(getattr(error, "message", "") or error.__class__.__name__))[:200]
    kind, tag = template_syntax_error(message)
    if kind == "tag" and (tag in ("else", "elsif", "when") or tag.startswith("end")):
        return _problem(text, at, _("“{name}” stands here without its opening tag.", name=tag))
    if kind == "tag":
        reason = _("The tag “{name}” cannot be used in phrases.", name=tag)
        return _problem(text, at, reason, _("Known tags: {names}.", names=", ".join(tags)))
    if kind == "unclosed":
        return _problem(text, at, _("The closing tag “{name}” is missing.", name=tag))
    if kind == "expression":
        return _problem(text, at, _("A name or value here is not written as it should be."), _example())
    return _problem(text, at, _("The template is not well formed ({error}).", error=message), _example())


def _problem(text: str, at: int, reason: str, hint: str = "") -> Problem:
    """Return a problem at an offset of the text; -1 is the text as a whole, which is line 1."""
    if at < 0:
        return Problem(file="", line=1, reason=reason, hint=hint)
    return Problem(file="", line=_line(text, at), column=at - text.rfind("\n", 0, at), reason=reason, hint=hint)
