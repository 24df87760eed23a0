"""The reply check: does this text take responsibility, say the scope, name the remedy, and is it safe to send now?

Runs on every keystroke, so it is word rules and nothing else: under a millisecond for a reply of 500 characters. The
lights advise; a warning that is `blocking` keeps the text from being copied without an explicit decision.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from agent_assist.cleaning import clean_line
from agent_assist.incidents import Incident, clock_time
from agent_assist.incidents.clocks_in_text import clocks_in
from agent_assist.locale import _
from agent_assist.phrasebook.channel_limits import TextLength, channel_for, length_on
from agent_assist.phrasebook.phrase import Phrase
from agent_assist.replies.broken_sentences import broken_sentences
from agent_assist.replies.draft import Draft
from agent_assist.replies.fact_values import Facts
from agent_assist.replies.fill import Gap, gap_for
from agent_assist.replies.lexicon import lexicon
from agent_assist.replies.patterns import Lexicon
from agent_assist.replies.person import NamesInText, person_warnings, typed_values
from agent_assist.replies.placeholders import GAP_MARK, GUIDANCE_PREFIXES, placeholders
from agent_assist.replies.stage import stage_warnings
from agent_assist.replies.template import variables
from agent_assist.replies.value_names import canonical_name
from agent_assist.replies.verdict import Check, Warning_

_READS_FACTS = re.compile(r"\{[{%][^}]*?(?:incident|故障)\s*\.")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")


def check(
    text: str,
    lang: str,
    *,
    facts: Facts,
    phrase: Phrase | None = None,
    gaps: Sequence[Gap] = (),
    facts_version: int | None = None,
    draft: Draft | None = None,
    channel: str = "",
) -> Check:
    """Judge a reply as it would be sent. `facts_version` is the version of the facts it was written from.

    Without a `channel` it is the only one that the phrase is made for, else chat.

    Without a `draft` nothing is known but the text, so nobody else can be named in it.
    """
    rules = lexicon(lang)
    low = text.lower()
    scope, remedy = _says_scope(low, rules, facts.incident, lang), _names_remedy(low, rules, facts.incident, lang)
    warnings = [
        *_gap_warning(low, text, rules, gaps),
        *_internal_warning(text),
        *_person_warning(text, lang, facts, phrase, draft),
        *stage_warnings(text, facts.incident, phrase, draft),
        *_passed_warning(low, rules, facts, lang),
        *_old_warning(facts.incident, facts_version, phrase, lang),
    ]
    if not scope and not remedy and rules.vague.search(low):
        message = _("Say what failed, for whom, and what is being done; this could be about anything.")
        warnings.append(Warning_("vague-apology", message, False))
    warnings += _broken_warning(text, lang, facts)
    warnings += _length_warning(text, channel_for(channel, phrase.channels if phrase is not None else ()))
    return Check(
        _takes_responsibility(low, rules), scope, remedy, tuple(warnings), phrase is not None and phrase.confirm
    )


def _takes_responsibility(low: str, rules: Lexicon) -> bool:
    """Whether the text owns the failure, or apologises for a named one; never when it says it is not ours."""
    owned = rules.owns.search(low) or (rules.sorry.search(low) and rules.failed.search(low))
    return bool(owned) and not rules.not_ours.search(low)


def _says_scope(low: str, rules: Lexicon, incident: Incident | None, lang: str) -> bool:
    """Whether the text says the incident's own scope, or a share, a function or a since-time in other words."""
    if rules.scope.search(low) or (incident is not None and _says_any(low, [incident.said("scope", lang)])):
        return True
    return _names_failed(low, rules, incident, lang)


def _names_failed(low: str, rules: Lexicon, incident: Incident | None, lang: str) -> bool:
    """Whether a service of this incident is named together with its failure."""
    if incident is None or not rules.failed.search(low):
        return False
    named = [*re.split(r"[,，、]| and ", incident.said("services", lang)), *incident.services]
    return _says_any(low, named)


def _names_remedy(low: str, rules: Lexicon, incident: Incident | None, lang: str) -> bool:
    """Whether the text names the workaround, what is being done, by when, or what the customer gets.

    A denied remedy, such as "no refund", is none.
    """
    if incident is not None and _says_any(low, [incident.said("workaround", lang)]):
        return True
    return bool(rules.remedy.search(low) and rules.remedy.search(rules.no_remedy.sub("", low)))


def _gap_warning(low: str, text: str, rules: Lexicon, gaps: Sequence[Gap]) -> list[Warning_]:
    labels = dict.fromkeys([gap.label for gap in gaps] + GAP_MARK.findall(text))
    if labels:
        return [Warning_("gap", _("Fill in first: {names}.", names=clean_line(_(", ").join(labels))), True)]
    if left := dict.fromkeys(placeholder.text for placeholder in placeholders(text)):
        what = clean_line(" ".join(left))
        return [Warning_("gap", _("Not for a customer's eyes: {what} Put what it stands for.", what=what), True)]
    if rules.empty_address.search(low):
        return [Warning_("gap", _("The name in the greeting is missing; fill it in or leave the greeting out."), True)]
    return []


def _internal_warning(text: str) -> list[Warning_]:
    if not text.lstrip().startswith(GUIDANCE_PREFIXES):
        return []
    return [Warning_("internal", _("This is advice for you, not for a customer. Search for a reply to send."), True)]


def _person_warning(text: str, lang: str, facts: Facts, phrase: Phrase | None, draft: Draft | None) -> list[Warning_]:
    if draft is None or not (draft.drafted_for or draft.others):
        return []
    typed: dict[str, str] = {}
    if phrase is not None and draft.drafted_for:
        by_name = typed_values(variables(phrase.text.get(phrase.lang_for(lang), "")), facts.values)
        typed = {gap_for(phrase, canonical_name(name), lang).label: value for name, value in by_name.items()}
    written = NamesInText(draft.own_words(text), draft.customer, draft.drafted_for, draft.others, facts.agent)
    return person_warnings(written, typed)


def _passed_warning(low: str, rules: Lexicon, facts: Facts, lang: str) -> list[Warning_]:
    """Warn of a time equal to an ETA that has passed, unless its sentence says that it has."""
    incident = facts.incident
    if incident is None or incident.status == "resolved" or incident.eta.state(facts.now) != "passed":
        return []
    for at in (incident.eta.at, incident.eta.end):
        if at is not None and any(not rules.admits_passed.search(sentence) for sentence in _quoting(low, at, facts)):
            time = clock_time(at, facts.now, facts.tz, lang)
            message = _(
                "The text still promises {time}, which has passed. Give the new time, or say that there is none yet.",
                time=time,
            )
            return [Warning_("passed-eta", message, True)]
    return []


def _quoting(low: str, at: dt.datetime, facts: Facts) -> list[str]:
    """Return the sentences that name this time of day, unless they speak of another day to come."""
    local = at.astimezone(facts.tz)
    sentences = []
    for clock in clocks_in(low):
        if (clock.hour, clock.minute) != (local.hour, local.minute):
            continue
        before = _SENTENCE_END.split(low[: clock.start])[-1]
        after = _SENTENCE_END.split(low[clock.end :])[0]
        if not re.search(r"(明天|明日|后天|tomorrow)\W*(at|by)?\W*$", before, re.IGNORECASE):
            sentences.append(before + low[clock.start : clock.end] + after)
    return sentences


def _old_warning(
    incident: Incident | None, facts_version: int | None, phrase: Phrase | None, lang: str
) -> list[Warning_]:
    if incident is None or facts_version is None or facts_version >= incident.version:
        return []
    if phrase is not None and not _READS_FACTS.search(phrase.text.get(phrase.lang_for(lang), "")):
        return []
    message = _(
        "Written from version {old} of the facts; version {new} is current. Read it again or fill it anew.",
        old=facts_version,
        new=incident.version,
    )
    return [Warning_("old-facts", message, True)]


def _broken_warning(text: str, lang: str, facts: Facts) -> list[Warning_]:
    """Warn of the first broken sentence; one that nobody writes on purpose holds the reply back."""
    if text.lstrip().startswith(GUIDANCE_PREFIXES):
        return []
    names = (facts.customer.name, facts.customer.title, facts.agent, facts.brand)
    for broken in broken_sentences(text, lang, names)[:1]:
        message = _(
            "This does not read as a sentence: “{words}”. Change the text, or have the facts corrected.",
            words=clean_line(broken.words),
        )
        return [Warning_("broken-sentence", message, broken.is_certain)]
    return []


def _length_warning(text: str, channel: str) -> list[Warning_]:
    size = length_on(channel, text)
    if size is None or not size.is_too_long:
        return []
    if size.unit not in ("septets", "code units"):
        message = _("Too long for {channel}: {length}, and {limit} fit.", **_numbers(channel, size))
    elif size.costly:
        message = _(
            "Too long for one SMS: it goes out as {messages} messages ({length}, and {limit} fit), because of: {chars}",
            chars=clean_line(" ".join(size.costly)),
            **_numbers(channel, size),
        )
    else:
        message = _(
            "Too long for one SMS: it goes out as {messages} messages ({length}, and {limit} fit).",
            **_numbers(channel, size),
        )
    return [Warning_("too-long", message, False)]


def _numbers(channel: str, size: TextLength) -> dict[str, object]:
    return {"channel": channel, "length": size.length, "limit": size.limit, "messages": size.messages}


def _says_any(low: str, parts: Iterable[str]) -> bool:
    """Whether one of the wordings is in the text, whatever the spaces and case."""
    squeezed = _squeezed(low)
    return any(part in squeezed for part in map(_squeezed, parts) if len(part) > 1)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
