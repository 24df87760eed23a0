"""`agent-assist phrases`: look through the phrasebooks, read one phrase, check all of them."""

from typing import TYPE_CHECKING, get_args

import click

from agent_assist.cli import json_views, output
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import say
from agent_assist.cli.options import phrasebook_option
from agent_assist.cli.session import Session
from agent_assist.errors import NotFound
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, REPLY_LANGUAGES, _, current
from agent_assist.phrasebook.phrase import Kind, Scene, Stage
from agent_assist.problems import place

if TYPE_CHECKING:
    from agent_assist.phrasebook import Phrase


@click.group("phrases", cls=Group, help=N_("Look through the phrasebooks and check them."))
def command() -> None:
    """The commands on phrasebooks."""


@command.command(
    "list",
    help=N_("List phrases, all or those that fit."),
    examples=("agent-assist phrases list --kind apology --stage investigating", "agent-assist phrases list --tag 登录"),
)
@click.option("--kind", type=click.Choice(get_args(Kind)), help=N_("Only this kind."))
@click.option("--stage", type=click.Choice(get_args(Stage)), help=N_("Only what fits this stage of an incident."))
@click.option("--lang", type=click.Choice(REPLY_LANGUAGES), help=N_("Only what can be sent in this language."))
@click.option("--scene", type=click.Choice(get_args(Scene)), help=N_("Only this scene: who speaks to whom."))
@click.option("--tag", metavar="TAG", help=N_("Only what carries this tag."))
@click.option("--retired", is_flag=True, help=N_("Also phrases that are no longer sent."))
@phrasebook_option()
@click.pass_obj
def list_phrases(
    session: Session,
    kind: str | None,
    stage: str | None,
    lang: str | None,
    scene: str | None,
    tag: str | None,
    retired: bool,
) -> int:
    """Every condition given must hold."""
    library = session.services.library
    fitting = [
        phrase
        for phrase in (library.phrases if retired else library.active)
        if (kind is None or phrase.kind == kind)
        and (stage is None or not phrase.stages or stage in phrase.stages)
        and (lang is None or lang in phrase.langs)
        and (scene is None or phrase.scene == scene)
        and (tag is None or tag.casefold() in (own_tag.casefold() for own_tag in phrase.tags))
    ]
    if session.json:
        output.as_json([json_views.phrase(phrase) for phrase in fitting])
        return ExitCode.DONE
    output.table(
        [
            (phrase.id, _title(phrase, lang), phrase.kind, ",".join(phrase.stages) or "*", ",".join(phrase.langs))
            for phrase in fitting
        ],
        (_("ID"), _("TITLE"), _("KIND"), _("STAGES"), _("LANGUAGES")),
    )
    say(_("Phrases: {count} of {total}.", count=len(fitting), total=len(library.phrases)))
    return ExitCode.DONE


@command.command(
    "show",
    help=N_("Show one phrase as it stands in its book."),
    examples=("agent-assist phrases show login-failure-apology --lang en",),
)
@click.argument("phrase_id", metavar="ID")
@click.option("--lang", type=click.Choice(REPLY_LANGUAGES), help=N_("Only the text in this language."))
@phrasebook_option()
@click.pass_obj
def show(session: Session, phrase_id: str, lang: str | None) -> int:
    """The raw template, with what the book says about it."""
    phrase = session.services.library.get(phrase_id)
    if phrase is None or (lang is not None and lang not in phrase.langs):
        raise NotFound(
            _("There is no phrase {id}.", id=phrase_id)
            if phrase is None
            else _("The phrase {id} has no text in {lang}.", id=phrase_id, lang=lang),
            hint=_("List them: agent-assist phrases list"),
        )
    if session.json:
        output.as_json(json_views.phrase(phrase))
        return ExitCode.DONE
    facts = [
        (_("ID"), phrase.id),
        (_("KIND"), phrase.kind),
        (_("SCENE"), phrase.scene),
        (_("STAGES"), ", ".join(phrase.stages)),
        (_("CHANNELS"), ", ".join(phrase.channels)),
        (_("TAGS"), ", ".join(phrase.tags)),
        (_("WHEN"), phrase.when),
        (_("TONE"), phrase.tone),
        (_("APPROVED BY"), ", ".join(phrase.approved_by)),
        (_("REVIEW BY"), phrase.review_by.isoformat() if phrase.review_by else ""),
        (_("FIELDS"), ", ".join(phrase.fields)),
        (_("PLACE"), place(phrase.file, phrase.line)),
    ]
    output.table([(name, value) for name, value in facts if value])
    for shown in [lang] if lang else phrase.langs:
        output.text(f"\n[{shown}] {phrase.title.get(shown, '')}\n{phrase.text[shown]}")
    return ExitCode.DONE


@command.command(
    "lint",
    help=N_("Check the phrasebooks and name every problem with file and line. Exit code 1 when there are errors."),
    examples=("agent-assist phrases lint", "agent-assist phrases lint --phrasebook ./our-phrases"),
)
@phrasebook_option()
@click.pass_obj
def lint(session: Session) -> int:
    """Errors keep an entry out of use or a reply from being complete; warnings are for the lead to look at."""
    from agent_assist.services.book_check import lint_phrases  # loads search and Liquid

    problems = lint_phrases(session.services)
    errors = sum(problem.severity == "error" for problem in problems)
    if session.json:
        output.as_json([json_views.problem(problem) for problem in problems])
    else:
        words = {"error": _("error"), "warning": _("warning")}
        for problem in problems:
            of = f" [{problem.phrase_id}]" if problem.phrase_id else ""
            output.text(f"{problem.place}: {words[problem.severity]}: {problem.reason}{of}")
    say(
        _(
            "Phrases: {phrases}. Errors: {errors}. Warnings: {warnings}.",
            phrases=len(session.services.library.phrases),
            errors=errors,
            warnings=len(problems) - errors,
        )
    )
    return ExitCode.FAILED if errors else ExitCode.DONE


def _title(phrase: "Phrase", lang: str | None) -> str:
    wanted = lang or current()
    return phrase.title.get(wanted) or next(iter(phrase.title.values()), "")
