"""Whether a reply fits the stage of its incident: nothing is over while it lasts, and nobody repairs what is over.

Two sources: the stages a phrase was made for, and the words of the text, which may have been changed by hand. Words of
the incident's own facts and words in quotation marks are not claims of the reply.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from agent_assist.cleaning import clean_line
from agent_assist.incidents import Incident, status_word
from agent_assist.locale import N_, _
from agent_assist.phrasebook.phrase import SIDES, Phrase
from agent_assist.replies.draft import Draft
from agent_assist.replies.lexicon import Claims, lexicon
from agent_assist.replies.verdict import Warning_

_SENTENCE_END = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_COMMA = re.compile(r"[，,：:—]|\s-\s")
_QUOTED = re.compile(r"“[^”\n]{0,80}”|「[^」\n]{0,80}」|‘[^’\n]{0,80}’(?!\w)|\"[^\"\n]{0,80}\"")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]{2,}['’]?[a-z]* [a-z]{2,}")
_OWN_MATTER = re.compile(r"您|你|的\s*$|\byou")
"""What is still not right for one customer may be said at any stage."""

_GUIDANCE = ("【坐席参考", "[For agents")
"""Begins what the agent reads and never sends."""

_FACT = "□"
_LONGEST_SHOWN = 40


class Spoken(NamedTuple):
    """One match of a claim in its clause: `before` and `after` it there, and the sentence before the clause."""

    words: str
    before: str
    after: str
    earlier: str
    is_asked: bool
    """Whether its clause ends in a question mark."""


class Rule(NamedTuple):
    """One way to say what is not so. `finds` answers whether what was said is meant as a claim."""

    id: str
    sides: frozenset[str]
    """Where the claim is untrue."""
    pattern: Callable[[Claims], re.Pattern[str]]
    means: Callable[[Spoken, Claims], bool]
    sentence: str


def stage_warnings(
    text: str, incident: Incident | None, phrase: Phrase | None = None, draft: Draft | None = None
) -> list[Warning_]:
    """One warning at most: the phrase that was made for another stage, else the first untrue claim of the text."""
    if incident is None or text.startswith(_GUIDANCE):
        return []
    if phrase is not None and not phrase.fits(incident.status) and (draft is None or draft.keeps_wording(text)):
        message = _(
            "This phrase is for another stage ({stages}); the incident is now: {status}. Search for one that fits, or "
            "have the status corrected.",
            stages=", ".join(map(status_word, phrase.stages)),
            status=status_word(incident.status),
        )
        return [Warning_("stage", message, True)]
    for rule, said in _untrue(text, incident):
        message = _(
            rule.sentence,
            words=clean_line(said)[:_LONGEST_SHOWN],
            status=status_word(incident.status),
        )
        return [Warning_("stage", message, True)]
    return []


def _says_recovered(said: Spoken, claims: Claims) -> bool:
    """Said as a fact: neither denied nor asked, planned or only under a condition."""
    if _is_hedged(said, claims):
        return False
    if claims.done.search(said.words):
        return True
    return not (claims.planned.search(said.before) or claims.conditional.search(said.earlier))


def _says_repairing(said: Spoken, claims: Claims) -> bool:
    """Said of now, and of the incident: not of an earlier time, another aim, or one customer's own matter."""
    whole = said.before + said.words + said.after
    return not claims.earlier.search(whole) and not _asks(said, claims)


def _says_recovering(said: Spoken, claims: Claims) -> bool:
    whole = said.before + said.words + said.after
    return not claims.earlier.search(whole) and not _asks(said, claims) and not _OWN_MATTER.search(whole)


RULES = (
    Rule(
        "recovered-while-open", frozenset({"open"}), lambda claims: claims.recovered, _says_recovered,
        N_("The text says “{words}”, but the incident is now: {status}. Say what is so, or have the status corrected."),
    ),
    Rule(
        "repairing-when-repaired", frozenset({"repaired", "over"}), lambda claims: claims.repairing, _says_repairing,
        N_("The text still says “{words}”, but the incident is now: {status}. Search for a phrase that fits, or change "
           "the text."),
    ),
    Rule(
        "recovering-when-over", frozenset({"over"}), lambda claims: claims.recovering, _says_recovering,
        N_("The text still says “{words}”, but the incident is now: {status}. Search for a phrase that fits, or change "
           "the text."),
    ),
)  # fmt: skip


def _untrue(text: str, incident: Incident) -> Iterator[tuple[Rule, str]]:
    """What the text claims that is not so at this stage, in both languages: a text may mix them."""
    low = _QUOTED.sub(_FACT, _without_facts(text.lower(), incident))
    langs = [lang for lang, script in (("zh", _HAN), ("en", _LATIN)) if script.search(low)]
    for rule in RULES:
        if SIDES[incident.status] not in rule.sides:
            continue
        for lang in langs:
            claims = lexicon(lang).claims
            for match in rule.pattern(claims).finditer(low):
                said = _in_clause(low, match)
                if rule.means(said, claims):
                    yield rule, said.before[-12:].lstrip() + said.words if lang == "zh" else said.words


def _without_facts(low: str, incident: Incident) -> str:
    """The text without what the facts themselves say of scope, cause and workaround, which is published as it is."""
    for lang in {"zh", "en", *incident.translations}:
        for field in ("title", "scope", "cause", "workaround"):
            if len(words := incident.said(field, lang)) > 3:
                low = low.replace(words.lower(), _FACT)
    return low


def _in_clause(low: str, match: re.Match[str]) -> Spoken:
    ends = list(_SENTENCE_END.finditer(low, 0, match.start()))
    start = ends[-1].end() if ends else 0
    sentence_end = _SENTENCE_END.search(low, match.end())
    end = sentence_end.start() if sentence_end else len(low)
    commas = list(_COMMA.finditer(low, start, match.start()))
    clause = commas[-1].end() if commas else start
    comma = _COMMA.search(low, match.end(), end)
    stop_at = comma.start() if comma else end
    is_asked = comma is None and sentence_end is not None and sentence_end.group() in "？?"
    return Spoken(match.group(), low[clause : match.start()], low[match.end() : stop_at], low[start:clause], is_asked)


def _is_hedged(said: Spoken, claims: Claims) -> bool:
    return bool(claims.not_before.search(said.before) or claims.not_after.match(said.after) or _asks(said, claims))


def _asks(said: Spoken, claims: Claims) -> bool:
    return said.is_asked or bool(claims.asks.search(said.before + said.words + said.after))
