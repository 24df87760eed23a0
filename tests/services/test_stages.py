"""The shipped phrases, filled as an agent would fill them: each is right at its own stages, and at no other."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist.chats import Customer
from agent_assist.incidents import Eta, Incident
from agent_assist.incidents.incident import STATUSES, Status
from agent_assist.phrasebook import Phrase, load
from agent_assist.services import Reply, Setting
from agent_assist.services.book_check import _typed
from agent_assist.services.make_reply import make_reply
from agent_assist.settings import shipped_phrasebooks
from tests.conftest import NOW, SHANGHAI

PHRASES = load((shipped_phrasebooks(),)).active
OPEN = ("investigating", "identified")


def _at(minutes: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


ETAS = (Eta(at=_at(20)), Eta(start=_at(10), end=_at(60)), Eta(), Eta(at=_at(-10)), Eta(at=_at(60 * 30)))
ALL_KNOWN: dict[str, Any] = {
    "scope": "约 15% 的用户无法登录",
    "cause": "数据库升级后的兼容问题",
    "workaround": "请先不要退出登录",
}
IN_ENGLISH = {
    "scope": "about 15% of users cannot sign in",
    "cause": "a compatibility problem after a database upgrade",
    "workaround": "please stay signed in",
}


FACTS = [*itertools.product(ETAS, (ALL_KNOWN, {}))]
SOME_FACTS = [*zip(ETAS, itertools.cycle((ALL_KNOWN, {})), strict=False)]
"""Each time at which it may be over, half of them with all facts."""


def _incidents(status: Status, facts: Iterable[tuple[Eta, dict[str, Any]]] = FACTS) -> Iterator[Incident]:
    """The incident at this stage with these sets of facts."""
    for eta, known in facts:
        english = {"title": "Sign-in outage", "services": "sign-in", **(IN_ENGLISH if known else {})}
        yield Incident(
            id="INC-1",
            title="登录故障",
            services=("登录",),
            status=status,
            eta=eta,
            started_at=_at(-40),
            updated_at=_at(-3),
            next_update_due=_at(15) if known else None,
            translations={"en": english},
            **known,
        )


def _reply(phrase: Phrase, lang: str, incident: Incident) -> Reply:
    customer = Customer(name="王女士" if lang == "zh" else "Ms Li", order="A20931", tier="VIP", language=lang)
    values = {name: _typed(field, lang, NOW) or "A7" for name, field in phrase.fields.items()}
    return make_reply(
        phrase,
        Setting(agent="小李", now=NOW, tz=SHANGHAI),
        customer=customer,
        incident=incident,
        values=values,
        offer={"kind": "优惠券", "amount": "20"},
        lang=lang,
    )


def _stage_findings(phrase: Phrase, status: str, incidents: Iterator[Incident]) -> list[str]:
    return [
        f"{phrase.id} {lang} {status}: {warning.message}"
        for incident in incidents
        for lang in phrase.langs
        for warning in _reply(phrase, lang, incident).check.warnings
        if warning.code == "stage"
    ]


@pytest.mark.parametrize("facts", [SOME_FACTS, pytest.param(FACTS, marks=pytest.mark.slow)], ids=["some", "all"])
@pytest.mark.parametrize("status", STATUSES)
def test_no_phrase_is_held_back_at_a_stage_it_was_made_for(
    status: Status, facts: list[tuple[Eta, dict[str, Any]]]
) -> None:
    fitting = [phrase for phrase in PHRASES if not phrase.stages or status in phrase.stages]
    assert [found for phrase in fitting for found in _stage_findings(phrase, status, _incidents(status, facts))] == []


@pytest.mark.parametrize("status", STATUSES)
def test_every_phrase_for_another_side_of_the_repair_is_held_back(status: Status) -> None:
    others = {"resolved": (*OPEN, "monitoring"), "monitoring": (*OPEN, "resolved")}.get(
        status, ("monitoring", "resolved")
    )
    wrong = [phrase for phrase in PHRASES if phrase.stages and set(phrase.stages) <= set(others)]
    assert len(wrong) > 20
    for phrase in wrong:
        for incident in itertools.islice(_incidents(status), 2):
            for lang in phrase.langs:
                assert _reply(phrase, lang, incident).check.verdict == "blocked", (phrase.id, lang)


def test_words_alone_find_most_phrases_that_say_it_is_over_and_the_outlook_is_never_untrue() -> None:
    """A team's own phrases often name no stages; then only their words speak."""

    def found(stage: str, status: Status, claiming: str) -> float:
        incident = next(_incidents(status))
        alike = [p for p in PHRASES if p.stages == (stage,) and claiming in p.text["zh"] + p.text["en"]]
        alike = [p for p in alike if "incident.action" not in p.text["zh"]]  # its words follow the status
        held = [p for p in alike if _stage_findings(replace(p, stages=()), status, iter([incident]))]
        return len(held) / len(alike)

    assert found("resolved", "identified", "恢复") >= 0.6
    assert found("identified", "resolved", "incident.outlook") <= 0.1


def test_advice_for_agents_is_not_called_sensitive() -> None:
    advice = next(phrase for phrase in PHRASES if phrase.id == "craft-no-eta")
    reply = _reply(advice, "zh", next(_incidents("identified")))
    assert [warning.code for warning in reply.blockers] == ["internal"]
    assert not reply.needs_consent
