"""Lint of the phrasebooks with what other rooms know: names that facts fill, templates, the check, words, services."""

import datetime as dt
import functools
import random

from agent_assist.chats import Customer
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.incidents import Eta, Incident
from agent_assist.incidents.catalogue import load_catalogue
from agent_assist.locale import N_, _
from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.lint import LintContext, Template, lint
from agent_assist.phrasebook.phrase import Field
from agent_assist.problems import Problem
from agent_assist.replies import VALUE_NAMES, Facts, fill, template_problem, variables
from agent_assist.replies.broken_sentences import broken_sentences
from agent_assist.replies.placeholders import GUIDANCE_PREFIXES, placeholders_in_template
from agent_assist.replies.value_names import BY_PATH
from agent_assist.search import synonyms_lint
from agent_assist.services.facade import Services
from agent_assist.services.make_reply import Reply, Setting, make_reply
from agent_assist.services.sample_facts import Choose, FactSet, draw_offer, draw_values, sample_facts

_PARTS = {"responsibility": N_("responsibility"), "scope": N_("scope"), "remedy": N_("remedy")}


def lint_phrases(services: Services) -> tuple[Problem, ...]:
    """Return everything a lead should look at, by file and line."""
    today = services.clock().astimezone(services.tz).date()
    sample = _sample(services.clock())
    broken = functools.partial(frame_faults, setting=services.setting)

    def sample_reply(phrase: Phrase, lang: str) -> Reply:
        customer = Customer(name="王女士" if lang == "zh" else "Ms Li", language=lang)
        values = {name: _typed(field, lang, services.clock()) for name, field in phrase.fields.items()}
        return make_reply(phrase, services.setting, customer=customer, incident=sample, values=values, lang=lang)

    def failure(phrase: Phrase, lang: str) -> str:
        try:
            sample_reply(phrase, lang)
        except Refused as refused:
            return str(refused)
        return ""

    def lacking(phrase: Phrase, lang: str) -> list[str]:
        try:
            reply = sample_reply(phrase, lang)
        except Refused:
            return []  # cannot be filled at all, which is a finding of its own
        return [_(label) for part, label in _PARTS.items() if not getattr(reply.check, part)]

    names = frozenset(name.path for name in VALUE_NAMES)
    in_books = lint(
        services.library,
        LintContext(
            names=names,
            read=_read,
            today=today,
            lacking=lacking,
            failure=failure,
            placeholders=_placeholders,
            broken=broken,
        ),
    )
    folders = services.settings.phrasebooks
    return (*in_books, *synonyms_lint.lint(folders), *load_catalogue(folders).problems)


def frame_faults(phrase: Phrase, lang: str, setting: Setting) -> tuple[str, ...]:
    """Return what goes wrong when a phrase is filled with many sets of facts: broken sentences, facts that it cannot
    do without. At most three, each once."""
    if phrase.text[lang].lstrip().startswith(GUIDANCE_PREFIXES):
        return ()
    absent: dict[str, None] = {}
    faults: dict[str, None] = {}
    for number, facts in enumerate(sample_facts(phrase.stages, setting.now)):
        draw = random.Random(number).choice  # noqa: S311 - nothing here is a secret
        try:
            filled = fill(phrase, lang, _facts_of(facts, draw, phrase, lang, setting))
        except Refused:
            return ()  # cannot be filled at all, which is a finding of its own
        names = (facts.customer.name, facts.customer.title, facts.agent.get(lang, ""), facts.brand.get(lang, ""))
        broken = broken_sentences(filled.text, lang, names, is_phrase=True)
        faults.update(dict.fromkeys(f"“{clean_line(slip.words)}”" for slip in broken))
        absent.update(
            dict.fromkeys(
                _("“{name}” can be absent", name=gap.name) for gap in filled.gaps if _is_asked_of_the_facts(gap.name)
            )
        )
    return (*absent, *faults)[:3]


def _is_asked_of_the_facts(name: str) -> bool:
    """Whether a name is the lead's to fill; for a missing name or offer of a customer the agent is asked."""
    if name == "customer.salutation":
        return True  # a name that the language cannot write; the agent would be asked for a made-up one
    return name in BY_PATH and name.partition(".")[0] not in ("customer", "offer")


def _facts_of(facts: FactSet, draw: Choose, phrase: Phrase, lang: str, setting: Setting) -> Facts:
    return Facts(
        customer=facts.customer,
        incident=facts.incident,
        agent=facts.agent.get(lang, ""),
        brand=facts.brand.get(lang, ""),
        values=draw_values(draw, phrase, lang, setting.now),
        offer=draw_offer(draw, phrase, lang),
        now=setting.now,
        tz=setting.tz,
    )


def _read(text: str) -> Template:
    problem = template_problem(text)
    if problem is None:
        return Template(names=variables(text))
    return Template(mistake=f"{problem.reason} {problem.hint}".strip())


def _placeholders(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(placeholder.text for placeholder in placeholders_in_template(template)))


def _typed(field: Field, lang: str, now: dt.datetime) -> str:
    """Return what an agent may type for a field; "" for free text, so that a sample cannot pass for a remedy."""
    match field.control:
        case "datetime":
            return (now + dt.timedelta(hours=2)).isoformat(timespec="seconds")
        case "number":
            return "3"
        case "choice":
            return next(iter(field.choices_in(lang)), "")
    return ""


def _sample(now: dt.datetime) -> Incident:
    """Return an incident of which everything is known, to see what a phrase says at its best."""
    return Incident(
        id="sample",
        title="登录故障",
        scope="约 15% 的用户无法登录",
        cause="数据库升级后的兼容问题",
        services=("登录",),
        workaround="请先不要退出登录",
        eta=Eta(at=now + dt.timedelta(minutes=45)),
        next_update_due=now + dt.timedelta(minutes=20),
        started_at=now - dt.timedelta(minutes=30),
        updated_at=now,
        translations={
            "en": {
                "title": "Sign-in outage",
                "scope": "about 15% of users cannot sign in",
                "services": "sign-in",
                "cause": "a compatibility problem after a database upgrade",
                "workaround": "please stay signed in",
            }
        },
    )
