"""Fills a phrase with facts, customer and typed values; what cannot be filled becomes a named gap, never a blank.

The same call serves every keystroke's preview and the copy: what was shown is what is copied. Values are cleaned,
written once and never parsed as a template.
"""

import datetime as dt
from typing import Literal

import msgspec

from agent_assist.chats import Customer
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.phrasebook.phrase import Control, Field, Phrase
from agent_assist.problems import Problem, place
from agent_assist.replies.fact_values import Facts, Reason
from agent_assist.replies.lexicon import lexicon
from agent_assist.replies.placeholders import placeholders
from agent_assist.replies.template import ParsedTemplate, parse
from agent_assist.replies.value_names import BY_PATH, canonical_name, control_for

_MAX_LABEL_LENGTH = 40


class Gap(msgspec.Struct, frozen=True):
    """A field without a value: how to ask for it, and why it is open. `label` is in the reply's language."""

    name: str
    label: str
    control: Control
    choices: tuple[str, ...]
    default: str
    reason: Reason


class Mark(msgspec.Struct, frozen=True):
    """A span of the filled text, as indexes into it: a filled value, or a gap shown as `[label?]`."""

    start: int
    end: int
    kind: Literal["value", "gap"]


class Filled(msgspec.Struct, frozen=True):
    """A reply: exactly what would be copied, its gaps (each field once), its marks in order."""

    text: str
    gaps: tuple[Gap, ...]
    marks: tuple[Mark, ...]


def fill(phrase: Phrase, lang: str, facts: Facts) -> Filled:
    """Return the phrase in this language (or the first it has), filled.

    Raises Refused naming phrase, file and line when its text is not a usable template or grows beyond 20 kB.
    """
    lang = phrase.lang_for(lang)
    parsed = _parsed(phrase, lang)
    from agent_assist.replies.context import MarkedBuffer, Reading  # with Liquid, for the first reply

    gaps: dict[str, Gap] = {}

    def ask(name: str, reason: Reason) -> str:
        if name not in gaps:
            gaps[name] = gap_for(phrase, name, lang, reason)
        return f"[{gaps[name].label}?]"

    buffer = MarkedBuffer(ask)
    context = Reading(parsed.template)
    context.facts, context.lang = facts, lang
    try:
        parsed.template.render_with_context(context, buffer)
    except Exception as error:  # a template can make liquid raise nearly anything; the agent needs one clear sentence
        raise _refused(phrase, lang, _fill_problem(error)) from error
    text = buffer.getvalue().rstrip()
    marks = tuple(
        Mark(start, min(end, len(text)), "gap" if is_gap else "value")
        for start, end, is_gap in buffer.spans
        if start < len(text)
    )
    return Filled(text, tuple(gaps.values()), marks)


def warm_up() -> None:
    """Import Liquid and compile the check's patterns ahead of the first reply. Slow: call it from a worker.

    The phrase is one of our own, so that no book can make this fail.
    """
    text = "{{ customer.name }}{% if now %}.{% endif %}"
    sample = Phrase(id="warm-up", title={}, text={"zh": text, "en": text})
    facts = Facts(customer=Customer(), incident=None, agent="", values={}, now=dt.datetime.now(dt.UTC), tz=dt.UTC)
    for lang in sample.langs:
        placeholders(fill(sample, lang, facts).text)
        lexicon(lang)


def gap_for(phrase: Phrase, name: str, lang: str, reason: Reason = "missing") -> Gap:
    """Return how to ask for a field: as the phrase says, else as its name suggests."""
    field = _field(phrase, name)
    value_name = BY_PATH.get(name)
    label = value_name.label(lang) if value_name else name
    if field is not None:
        label = field.label_in(lang, label)
    label = (
        clean_line(label).replace("[", "(").replace("]", ")")[:_MAX_LABEL_LENGTH]
        or clean_line(name)[:_MAX_LABEL_LENGTH]
    )
    if field is None:
        return Gap(name, label, control_for(name), (), "", reason)
    choices = tuple(clean_line(choice) for choice in field.choices_in(lang))
    control = field.control
    if control == "text":
        control = "choice" if choices else control_for(name)
    return Gap(name, label, control, choices, clean_line(field.default), reason)


def _field(phrase: Phrase, name: str) -> Field | None:
    if name in phrase.fields:
        return phrase.fields[name]
    return next((field for key, field in phrase.fields.items() if canonical_name(key) == name), None)


def _parsed(phrase: Phrase, lang: str) -> ParsedTemplate:
    parsed = parse(phrase.text[lang])
    if isinstance(parsed, Problem):
        raise _refused(phrase, lang, parsed)
    return parsed


def _refused(phrase: Phrase, lang: str, problem: Problem) -> Refused:
    shown_place = clean_line(place(phrase.file, phrase.line))
    return Refused(
        _(
            "Phrase {phrase}, text {lang}, line {line}: {reason}",
            phrase=f"{phrase.id} ({shown_place})" if shown_place else phrase.id,
            lang=lang,
            line=problem.line,
            reason=problem.reason,
        ),
        hint=problem.hint,
    )


def _fill_problem(error: Exception) -> Problem:
    """Return why a template that can be parsed cannot be filled."""
    from liquid.exceptions import ResourceLimitError  # loaded with the first reply

    from agent_assist.replies.context import MAX_REPLY_SIZE  # loaded with the first reply

    if isinstance(error, ResourceLimitError):
        return Problem(file="", line=1, reason=_("The filled text is longer than {limit} bytes.", limit=MAX_REPLY_SIZE))
    message = clean_line(str(getattr(error, "message", "") or error.__class__.__name__))[:200]
    token = getattr(error, "token", None)
    line = token.source.count("\n", 0, max(0, token.start_index)) + 1 if token is not None else 1
    return Problem(file="", line=line, reason=_("The template cannot be filled ({error}).", error=message))
