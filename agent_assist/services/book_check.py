"""Lint of the phrasebooks with what other rooms know: names that facts fill, templates, the check, words, services."""

import datetime as dt

from agent_assist.chats import Customer
from agent_assist.errors import Refused
from agent_assist.incidents import Eta, Incident
from agent_assist.incidents.catalogue import load_catalogue
from agent_assist.locale import N_, _
from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.lint import LintContext, Template, lint
from agent_assist.phrasebook.phrase import Field
from agent_assist.problems import Problem
from agent_assist.replies import VALUE_NAMES, template_problem, variables
from agent_assist.replies.placeholders import placeholders_in_template
from agent_assist.search import synonyms_lint
from agent_assist.services.facade import Services
from agent_assist.services.make_reply import Reply, make_reply

_PARTS = {"responsibility": N_("responsibility"), "scope": N_("scope"), "remedy": N_("remedy")}


def lint_phrases(services: Services) -> tuple[Problem, ...]:
    """Return everything a lead should look at, by file and line."""
    today = services.clock().astimezone(services.tz).date()
    sample = _sample(services.clock())

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
        LintContext(names=names, read=_read, today=today, lacking=lacking, failure=failure, placeholders=_placeholders),
    )
    folders = services.settings.phrasebooks
    return (*in_books, *synonyms_lint.lint(folders), *load_catalogue(folders).problems)


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
