"""Finds replies that do not fit the stage of their incident, such as "it is fixed" while it lasts.

Two sources: the stages a phrase was made for, and the words of the text, which may have been changed by hand. Words of
the incident's own facts and words in quotation marks are not claims of the reply.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agent_assist.cleaning import clean_line
from agent_assist.incidents import Incident, status_word
from agent_assist.locale import N_, _
from agent_assist.phrasebook.phrase import STAGE_SIDES, Phrase
from agent_assist.replies.draft import Draft
from agent_assist.replies.lexicon import lexicon
from agent_assist.replies.patterns import Claims
from agent_assist.replies.placeholders import GAP_MARK, GUIDANCE_PREFIXES
from agent_assist.replies.verdict import Warning_

_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_COMMA = re.compile(r"[，,：:—]|\s-\s")
_QUOTED = re.compile(r"“[^”\n]{0,80}”|「[^」\n]{0,80}」|‘[^’\n]{0,80}’(?!\w)|\"[^\"\n]{0,80}\"")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]{2}(?:['’][a-z]*)? [a-z]{2}")
"""Two words, found by what stands around the space: a pattern of whole words takes minutes for a word of thousands."""
_OWN_MATTER = re.compile(r"您|你|的\s*$|\byou")
"""What is still not right for one customer may be said at any stage."""

_AT_FIRST = re.compile(r"一开始|起初|最初|原本|\bat first\b|\binitially\b|\broot cause|根本原因|根因|根源")
"""Of an earlier time, or of what lies deeper than the cause that customers are told."""

_FACT = "□"
_MAX_SHOWN_LENGTH = 40


class ClaimMatch(NamedTuple):
    """One match of a claim in its clause: `before` and `after` it there; `earlier` and `later` in its sentence."""

    words: str
    before: str
    after: str
    earlier: str
    later: str
    is_question: bool
    """Whether its clause ends in a question mark."""


class StageRule(NamedTuple):
    """One kind of untrue claim. `means` tells whether a match of `pattern` is meant as a claim."""

    id: str
    is_untrue: Callable[[Incident], bool]
    pattern: Callable[[Claims], re.Pattern[str]]
    means: Callable[[ClaimMatch, Claims], bool]
    sentence: str


def stage_warnings(
    text: str, incident: Incident | None, phrase: Phrase | None = None, draft: Draft | None = None
) -> list[Warning_]:
    """Return one warning at most: a phrase made for another stage, else the first untrue claim of the text."""
    if incident is None or text.startswith(GUIDANCE_PREFIXES):
        return []
    if phrase is not None and not phrase.fits(incident.status) and (draft is None or draft.keeps_wording(text)):
        message = _(
            "This phrase is for another stage ({stages}); the incident is now: {status}. Search for one that fits, or "
            "have the status corrected.",
            stages=_(", ").join(map(status_word, phrase.stages)),
            status=status_word(incident.status),
        )
        return [Warning_("stage", message, True)]
    for rule, words in _untrue(text, incident):
        message = _(
            rule.sentence,
            words=clean_line(words)[:_MAX_SHOWN_LENGTH],
            status=status_word(incident.status),
        )
        return [Warning_("stage", message, True)]
    return []


def _says_recovered(claim: ClaimMatch, claims: Claims) -> bool:
    """Whether it is stated as a fact: neither denied nor asked, planned or only under a condition."""
    if _is_hedged(claim, claims) or _is_of_a_part(claim, claims):
        return False
    if claims.done.search(claim.words):
        return True
    return not (claims.planned.search(claim.before) or claims.conditional.search(claim.earlier))


def _says_repairing(claim: ClaimMatch, claims: Claims) -> bool:
    """Whether it is stated of now and of the incident: not of an earlier time or with another aim than to repair."""
    whole = claim.before + claim.words + claim.after
    if claims.earlier.search(whole) or claims.conditional.search(claim.earlier):
        return False
    return not _asks(claim, claims)


def _says_recovering(claim: ClaimMatch, claims: Claims) -> bool:
    """Whether it is stated of now and of everybody. The match itself may deny, the words around it may not."""
    around = claim.before + _FACT + claim.after
    if claims.earlier.search(around) or claims.conditional.search(claim.earlier):
        return False
    return not _asks(claim, claims) and not _OWN_MATTER.search(claim.before + claim.words + claim.after)


def _says_found(claim: ClaimMatch, claims: Claims) -> bool:
    return not _is_hedged(claim, claims) and not claims.planned.search(claim.before)


def _is_open(incident: Incident) -> bool:
    return STAGE_SIDES[incident.status] == "open"


def _is_repaired(incident: Incident) -> bool:
    return not _is_open(incident)


def _is_over(incident: Incident) -> bool:
    return STAGE_SIDES[incident.status] == "over"


def _says_sought(claim: ClaimMatch, claims: Claims) -> bool:
    """Whether it is stated of now: not of an earlier time, and neither asked nor only under a condition."""
    whole = claim.before + claim.words
    if _AT_FIRST.search(whole) or claims.earlier.search(claim.before) or claims.conditional.search(claim.earlier):
        return False
    return not _asks(claim, claims)


def _is_cause_said(incident: Incident) -> bool:
    return any(incident.said("cause", lang) for lang in ("zh", "en"))


def _has_cause(incident: Incident) -> bool:
    return incident.status in ("identified", "monitoring") and _is_cause_said(incident)


def _is_without_cause(incident: Incident) -> bool:
    return incident.status == "investigating" and not _is_cause_said(incident)


STAGE_RULES = (
    StageRule(
        "recovered-while-open",
        _is_open,
        lambda claims: claims.recovered,
        _says_recovered,
        N_("The text says “{words}”, but the incident is now: {status}. Say what is so, or have the status corrected."),
    ),
    StageRule(
        "repairing-when-repaired",
        _is_repaired,
        lambda claims: claims.repairing,
        _says_repairing,
        N_(
            "The text still says “{words}”, but the incident is now: {status}. Search for a phrase that fits, or "
            "change the text."
        ),
    ),
    StageRule(
        "recovering-when-over",
        _is_over,
        lambda claims: claims.recovering,
        _says_recovering,
        N_(
            "The text still says “{words}”, but the incident is now: {status}. Search for a phrase that fits, or "
            "change the text."
        ),
    ),
    StageRule(
        "cause-while-unknown",
        _is_without_cause,
        lambda claims: claims.found,
        _says_found,
        N_(
            "The text says “{words}”, but the incident is now: {status}, and no cause is recorded. Say what is so, or "
            "have the facts corrected."
        ),
    ),
    StageRule(
        "cause-unknown-while-recorded",
        _has_cause,
        lambda claims: claims.sought,
        _says_sought,
        N_(
            "The text says “{words}”, but the incident is now: {status}, and its cause is recorded. Search for a "
            "phrase that fits, or change the text."
        ),
    ),
)


def _untrue(text: str, incident: Incident) -> Iterator[tuple[StageRule, str]]:
    """Yield the untrue claims of the text in both languages: a text may mix them."""
    low = _QUOTED.sub(_FACT, GAP_MARK.sub(_FACT, _without_facts(text.lower(), incident)))
    langs = [lang for lang, script in (("zh", _HAN), ("en", _LATIN)) if script.search(low)]
    for rule in STAGE_RULES:
        if not rule.is_untrue(incident):
            continue
        for lang in langs:
            claims = lexicon(lang).claims
            for match in rule.pattern(claims).finditer(low):
                claim = _claim_at(low, match)
                if rule.means(claim, claims):
                    yield rule, claim.before[-12:].lstrip() + claim.words if lang == "zh" else claim.words


def _without_facts(low: str, incident: Incident) -> str:
    """Return the text without the wording of the facts themselves, which is published as it is."""
    for lang in {"zh", "en", *incident.translations}:
        for field in ("title", "scope", "cause", "workaround"):
            if len(words := incident.said(field, lang)) > 3:
                low = low.replace(words.lower(), _FACT)
    return low


def _claim_at(low: str, match: re.Match[str]) -> ClaimMatch:
    ends = list(_SENTENCE_END.finditer(low, 0, match.start()))
    start = ends[-1].end() if ends else 0
    sentence_end = _SENTENCE_END.search(low, match.end())
    end = sentence_end.start() if sentence_end else len(low)
    commas = list(_COMMA.finditer(low, start, match.start()))
    clause = commas[-1].end() if commas else start
    comma = _COMMA.search(low, match.end(), end)
    stop_at = comma.start() if comma else end
    is_question = comma is None and sentence_end is not None and sentence_end.group() in "？?"
    before, after = low[clause : match.start()], low[match.end() : stop_at]
    return ClaimMatch(match.group(), before, after, low[start:clause], low[stop_at:end], is_question)


def _is_hedged(claim: ClaimMatch, claims: Claims) -> bool:
    if claims.not_before.search(claim.before) or claims.others.search(claim.before + claim.words):
        return True
    return bool(claims.not_after.match(claim.after)) or _asks(claim, claims)


def _is_of_a_part(claim: ClaimMatch, claims: Claims) -> bool:
    """Whether another clause of the sentence says that the rest is not over: not where it only says “if”."""
    return any(
        claims.still.search(clause) and not claims.conditional.search(clause) for clause in (claim.earlier, claim.later)
    )


def _asks(claim: ClaimMatch, claims: Claims) -> bool:
    return claim.is_question or bool(claims.asks.search(claim.before + claim.words + claim.after))
