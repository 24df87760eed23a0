"""What a lead should look at in the phrasebooks, beyond what keeps an entry from being read at all.

Pure functions. This room knows neither templates nor the names that facts fill: `services` passes both in.
Errors are what would reach a customer as a gap or a broken text; everything else is a warning.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from agent_assist.locale import REPLY_LANGUAGES, _
from agent_assist.phrasebook.channel_limits import length_on
from agent_assist.phrasebook.load import Library
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.problems import Problem, ProblemSeverity
from agent_assist.problems import place as problem_place

MAX_SHORT = {"zh": 60, "en": 35}
"""Of a short form: Chinese characters, English words."""

VALUE_COLUMNS = 12
"""What a placeholder is taken to become when a template is measured: six Chinese characters or twelve Latin letters."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
_OUTPUT = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_LIQUID = re.compile(r"\{[{%]|[%}]\}|｛｛|｝｝")
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_CHOICE = re.compile(
    r"\{%-?\s*(if|unless|case)\b((?:(?!\{%-?\s*(?:if|unless|case)\b).)*?)\{%-?\s*end\1\s*-?%\}", re.DOTALL
)
"""A tag that chooses, with no other one inside."""
_BRANCH = re.compile(r"\{%-?\s*(?:elsif|else|when)\b.*?%\}", re.DOTALL)


class Template(msgspec.Struct, frozen=True):
    """The names that a text reads, canonical; or why it cannot be filled at all."""

    names: tuple[str, ...] = ()
    mistake: str = ""


class LintContext(msgspec.Struct, frozen=True):
    """What lint needs from other rooms: the names that facts fill, and functions that parse and fill a text."""

    names: Collection[str]
    read: Callable[[str], Template]
    today: dt.date
    lacking: Callable[[Phrase, str], Sequence[str]] = lambda _phrase, _lang: ()
    """The parts of a good apology that a phrase does not have in a language: responsibility, scope, remedy."""
    failure: Callable[[Phrase, str], str] = lambda _phrase, _lang: ""
    """Why a phrase that is well written cannot be filled in a language; "" when it can."""
    broken: Callable[[Phrase, str], Sequence[str]] = lambda _phrase, _lang: ()
    """Where a phrase no longer reads as sentences, with some set of facts, in a language."""
    placeholders: Callable[[str], Sequence[str]] = lambda _template: ()
    """What a template holds, beside its own markup, that nothing fills: placeholders of other programs."""

    @property
    def roots(self) -> frozenset[str]:
        """First words that belong to facts: a dotted name below one of them is never a field of the phrase."""
        return frozenset(name.partition(".")[0] for name in self.names)


Finding = tuple[ProblemSeverity, str]


def lint(library: Library, context: LintContext) -> tuple[Problem, ...]:
    """Return the problems of reading the books and those found here, by file and line. Retired phrases are skipped."""
    problems = list(library.problems)
    for phrase in library.active:
        problems += [_at(phrase, severity, reason) for severity, reason in _findings(phrase, context)]
    problems += _near_duplicates(library.active)
    return tuple(sorted(dict.fromkeys(problems)))


def _findings(phrase: Phrase, context: LintContext) -> Iterator[Finding]:
    templates = {lang: context.read(text) for lang, text in phrase.text.items()}
    short = {lang: context.read(text) for lang, text in phrase.short.items() if text}
    yield from _identity(phrase, context)
    yield from _languages(phrase)
    for lang, template in templates.items():
        if template.mistake:
            yield "error", _("{lang}: {mistake}", lang=lang, mistake=template.mistake)
        elif failure := context.failure(phrase, lang):
            yield "error", _("{lang}: {mistake}", lang=lang, mistake=failure)
    yield from _placeholders(phrase, templates, context)
    yield from _names(phrase, [*templates.values(), *short.values()], context)
    yield from _in_step(templates)
    yield from _short_form(phrase, short, context)
    if phrase.kind == "apology" and not any(template.mistake for template in templates.values()):
        for lang in templates:
            if parts := context.lacking(phrase, lang):
                yield "warning", _("The {lang} apology lacks: {parts}.", lang=lang, parts=", ".join(parts))
    if not any(template.mistake for template in templates.values()):
        yield from _broken(phrase, context)
    yield from _lengths(phrase)


def _identity(phrase: Phrase, context: LintContext) -> Iterator[Finding]:
    if not _ID.fullmatch(phrase.id):
        yield "warning", _("The id should be two or more small words joined by hyphens, such as login-failure-apology.")
    if phrase.review_by is not None and phrase.review_by < context.today:
        yield "warning", _("The review date {date} has passed.", date=phrase.review_by.isoformat())


def _languages(phrase: Phrase) -> Iterator[Finding]:
    for lang in phrase.text:
        if lang not in REPLY_LANGUAGES:
            yield (
                "warning",
                _("The language “{lang}” is not one of: {langs}.", lang=lang, langs=", ".join(REPLY_LANGUAGES)),
            )
    if missing := [lang for lang in REPLY_LANGUAGES if lang not in phrase.text]:
        yield "warning", _("The text is missing in: {langs}.", langs=", ".join(missing))
    for name, field in phrase.fields.items():
        if lacking := [lang for lang in phrase.text if field.label and lang not in field.label]:
            yield "warning", _("The field “{name}” has no label in: {langs}.", name=name, langs=", ".join(lacking))
        if field.control == "choice" and not field.choices:
            yield "error", _("The field “{name}” is a choice without choices.", name=name)


def _names(phrase: Phrase, templates: Sequence[Template], context: LintContext) -> Iterator[Finding]:
    used = dict.fromkeys(name for template in templates for name in template.names)
    for name in used:
        if name in context.names or name in phrase.fields:
            continue
        if name.partition(".")[0] in context.roots:
            yield "error", _("Nothing fills “{name}”.", name=name)
        else:
            yield "warning", _("“{name}” is used but not declared in [phrase.fields].", name=name)
    if any(template.mistake for template in templates):
        return  # what a broken text would have used is not known
    for name in phrase.fields:
        if name in context.names:
            yield "warning", _("The field “{name}” is filled by the facts; it is never asked for.", name=name)
        elif name not in used:
            yield "warning", _("The field “{name}” is declared but not used.", name=name)


def _placeholders(phrase: Phrase, templates: Mapping[str, Template], context: LintContext) -> Iterator[Finding]:
    """Find placeholders of other programs, in the texts and in the choices of their fields."""
    for lang, text in phrase.text.items():
        own = templates[lang].mistake  # which names the template's own markup already
        left = [name for name in context.placeholders(text) if not (own and _LIQUID.search(name))]
        if left:
            yield "error", _("{lang}: {names} is not filled by anything here.", lang=lang, names=" ".join(left))
    for name, field in phrase.fields.items():
        offered = field.choices.values() if isinstance(field.choices, Mapping) else [field.choices]
        values = (field.default, *chain(*offered))
        left = [placeholder for value in values for placeholder in context.placeholders(value)]
        if left:
            reason = _("The field “{name}” offers {names}, which nothing fills.", name=name, names=" ".join(left))
            yield "error", reason


def _in_step(templates: Mapping[str, Template]) -> Iterator[Finding]:
    """Find names that only one of the languages uses: the languages of an entry must say the same."""
    if len(templates) < 2 or any(template.mistake for template in templates.values()):
        return
    everywhere = set.intersection(*(set(template.names) for template in templates.values()))
    for lang, template in templates.items():
        if only := [name for name in template.names if name not in everywhere]:
            yield "warning", _("Only the {lang} text uses: {names}.", lang=lang, names=", ".join(only))


def _short_form(phrase: Phrase, templates: Mapping[str, Template], context: LintContext) -> Iterator[Finding]:
    """Find short forms that cannot be filled, differ between the languages, or are not short."""
    for lang, template in templates.items():
        if template.mistake:
            yield "error", _("{lang}, short form: {mistake}", lang=lang, mistake=template.mistake)
        elif failure := context.failure(phrase.shortened(), lang):
            yield "error", _("{lang}, short form: {mistake}", lang=lang, mistake=failure)
        if left := context.placeholders(phrase.short[lang]):
            yield "error", _("{lang}: {names} is not filled by anything here.", lang=lang, names=" ".join(left))
        size, limit = short_size(filled_sample(phrase.short[lang]), lang), MAX_SHORT.get(lang, MAX_SHORT["en"])
        if size > limit:
            yield (
                "warning",
                _(
                    "The {lang} short form is too long: about {length}, and {limit} is short.",
                    lang=lang,
                    length=size,
                    limit=limit,
                ),
            )
    if templates and (missing := [lang for lang in phrase.text if lang not in templates]):
        yield "warning", _("The short form is missing in: {langs}.", langs=", ".join(missing))
    yield from _in_step(templates)


def short_size(text: str, lang: str) -> int:
    """Return the size of a short form: characters of Chinese, words of another language."""
    return len(text) if lang == "zh" else len(text.split())


def _broken(phrase: Phrase, context: LintContext) -> Iterator[Finding]:
    """Find frames that break with some state of the facts: a doubled word, a stray comma, a missing fact."""
    for lang in phrase.text:
        for what in context.broken(phrase, lang):
            yield "warning", _("The {lang} text breaks with some facts: {what}", lang=lang, what=what)


def _lengths(phrase: Phrase) -> Iterator[Finding]:
    for lang, text in phrase.text.items():
        sample = filled_sample(text)
        for channel in phrase.channels:
            size = length_on(channel, sample)
            if size is not None and size.is_too_long:
                reason = _(
                    "The {lang} text is too long for {channel}: about {length}, and {limit} fit.",
                    lang=lang,
                    channel=channel,
                    length=size.length,
                    limit=size.limit,
                )
                yield "warning", reason


def filled_sample(text: str) -> str:
    """Return a template with its placeholders replaced by something of about the length of a value, and of the texts
    it chooses from the longest."""
    words = _TAG.sub("", _OUTPUT.sub("", text))
    is_wide = any(unicodedata.east_asian_width(char) in ("W", "F") for char in words)
    value = "字" * (VALUE_COLUMNS // 2) if is_wide else "x" * VALUE_COLUMNS
    text, chosen = _OUTPUT.sub(value, text), 1
    while chosen:
        text, chosen = _CHOICE.subn(lambda match: _longest(match[2]), text)
    return _TAG.sub("", text)


def _longest(choice: str) -> str:
    """Return the longest text of a choice, given from its condition on."""
    branches = _BRANCH.split("{%" + choice)
    return max((_TAG.sub("", branch) for branch in branches), key=lambda branch: sum(map(_columns, branch)))


def _columns(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def _near_duplicates(phrases: Iterable[Phrase]) -> list[Problem]:
    """Find titles of the same words in another order, or with other punctuation or capitals."""
    first: dict[tuple[str, str, Sequence[str]], Phrase] = {}
    problems = []
    for phrase in phrases:
        for lang, title in phrase.title.items():
            key = (lang, phrase.kind, _words(title))
            other = first.setdefault(key, phrase)
            if other is not phrase:
                place = problem_place(other.file, other.line)
                reason = _("The {lang} title is nearly that of {id} ({place}).", lang=lang, id=other.id, place=place)
                problems.append(_at(phrase, "warning", reason))
    return problems


def _words(title: str) -> tuple[str, ...]:
    folded = unicodedata.normalize("NFKC", title).casefold()
    return tuple(sorted(re.findall(r"[a-z0-9']+|[^\W\da-z_]", folded)))


def _at(phrase: Phrase, severity: ProblemSeverity, reason: str) -> Problem:
    return Problem(file=phrase.file, line=phrase.line, reason=reason, severity=severity, phrase_id=phrase.id)
