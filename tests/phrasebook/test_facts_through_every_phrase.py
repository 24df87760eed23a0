"""Every set of facts through every shipped phrase of its stage: no sentence breaks, no fact is missing."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_assist.phrasebook import Phrase, load
from agent_assist.replies import Facts, check, fill
from agent_assist.replies.broken_sentences import broken_sentences
from agent_assist.replies.placeholders import GUIDANCE_PREFIXES
from agent_assist.services.sample_facts import FactSet, draw_facts, draw_offer, draw_values
from agent_assist.settings import shipped_phrasebooks
from tests.conftest import NOW, SHANGHAI

PHRASES = [
    form
    for phrase in load((shipped_phrasebooks(),)).active
    if not phrase.text["zh"].startswith(GUIDANCE_PREFIXES)
    for form in ([phrase, phrase.shortened()] if phrase.short else [phrase])
]
"""Each phrase, and its short form."""

HELD_BACK_BY_CHECK = {"stage", "passed-eta", "gap", "broken-sentence"}


@st.composite
def fact_sets(draw: st.DrawFn) -> FactSet:
    """A set of facts that could be true together."""
    return draw_facts(lambda choices: draw(st.sampled_from(choices)), NOW)


def faults(phrase: Phrase, lang: str, facts: FactSet) -> list[str]:
    """What is wrong with this phrase, filled."""
    choose = random.Random(f"{phrase.id} {facts.incident.scope} {facts.customer.name}").choice
    known = Facts(
        customer=facts.customer,
        incident=facts.incident,
        agent=facts.agent.get(lang, ""),
        brand=facts.brand.get(lang, ""),
        values=draw_values(choose, phrase, lang, NOW),
        offer=draw_offer(choose, phrase, lang),
        now=NOW,
        tz=SHANGHAI,
    )
    filled = fill(phrase, lang, known)
    names = (facts.customer.name, facts.customer.title, known.agent, known.brand)
    found = [f"{slip.slip}: {slip.words}" for slip in broken_sentences(filled.text, lang, names, is_phrase=True)]
    found += [f"gap: {gap.name}" for gap in filled.gaps]
    warnings = check(filled.text, lang, facts=known, phrase=phrase).warnings
    found += [f"{warning.code}: {warning.message}" for warning in warnings if warning.code in HELD_BACK_BY_CHECK]
    return [f"{phrase.id} {lang} {facts.incident.status}: {what}\n{filled.text}" for what in found]


def assert_all_sound(facts: FactSet) -> None:
    """Hold every phrase of the facts' stage to what it should be."""
    fitting = [phrase for phrase in PHRASES if not phrase.stages or facts.incident.status in phrase.stages]
    assert len(fitting) > 50
    assert (
        "\n".join(fault for phrase in fitting for lang in phrase.langs for fault in faults(phrase, lang, facts)) == ""
    )


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(fact_sets())
def test_some_facts_break_no_phrase(facts: FactSet) -> None:
    assert_all_sound(facts)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(fact_sets())
def test_four_hundred_sets_of_facts_break_no_phrase(facts: FactSet) -> None:
    assert_all_sound(facts)
