"""`agent-assist policy`: what may be offered, in words; where a mistake stands; and setting it, alone or for a team."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import json_views, output
from agent_assist.cli.click_command import Group
from agent_assist.cli.diagnostics import say
from agent_assist.cli.session import Session
from agent_assist.exit_code import ExitCode
from agent_assist.locale import N_, _, current
from agent_assist.offers import policy_words
from agent_assist.offers.policy_file import DEFAULT_PATH
from agent_assist.problems import place as problem_place
from agent_assist.services.current_policy import POLICY_FILE, notes, read_file, read_policy_text, write_default
from agent_assist.settings import prepare_home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent_assist.offers import Policy
    from agent_assist.problems import Problem


@click.group("policy", cls=Group, help=N_("What may be offered to whom, and the limits."))
def command() -> None:
    """The commands on the policy."""


@command.command(
    "check",
    help=N_("Explain the policy in force, or that of a file, and name the line of each mistake."),
    examples=("agent-assist policy check", "agent-assist policy check policy.toml --json"),
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def check(session: Session, file: Path | None) -> int:
    """Exit code 1 when there are mistakes. Changes nothing."""
    if file is not None:
        policy, problems = read_file(file)
        return _explained(session, "file", clean_line(str(file)), policy, problems)
    found = session.records.compensation.policy()
    code = _explained(session, found.source, found.place, None if found.problems else found.policy, found.problems)
    for note in notes(found):
        say(f"! {note}")
    return code


@command.command("show", help=N_("Print the text of the policy in force."))
@click.pass_obj
def show(session: Session) -> int:
    """As it stands in its file, comments and all."""
    services = session.records
    found, published = services.compensation.policy(), services.store.policy()
    path = services.settings.home / POLICY_FILE if found.source == "file" else DEFAULT_PATH
    text = published.text if published else read_policy_text(path)[0]
    if session.json:
        output.as_json({"text": text})
    else:
        output.text(text.rstrip("\n"))
    for note in notes(found):
        say(f"! {note}")
    return ExitCode.DONE


@command.command("init", help=N_("Put the shipped policy into your folder as policy.toml, to be changed there."))
@click.pass_obj
def init(session: Session) -> int:
    """Never replaces a file."""
    prepare_home(session.services.settings)
    path = clean_line(str(write_default(session.services.settings.home)))
    if session.json:
        output.as_json({"path": path})
    else:
        output.text(_("Written: {path}", path=path))
    return ExitCode.DONE


@command.command(
    "publish",
    help=N_("Put a policy file into force for everybody who works with this database. Only a lead does this."),
    examples=("agent-assist policy publish policy.toml",),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def publish(session: Session, file: Path) -> int:
    """Every version stays on record."""
    version = session.records.compensation.publish(file)
    if session.json:
        output.as_json({"version": version.version, "at": version.at, "author": version.author})
    else:
        output.text(_("In force for everybody: version {version}.", version=version.version))
    return ExitCode.DONE


def _explained(
    session: Session, source: str, place: str, policy: "Policy | None", problems: "Sequence[Problem]"
) -> int:
    advice = policy_words.advice(policy) if policy else []
    if session.json:
        output.as_json(
            {
                "source": source,
                "place": place,
                "ok": policy is not None,
                "faults": [
                    {"line": problem.line, "column": problem.column, "reason": problem.reason} for problem in problems
                ],
                "advice": [{"line": line, "reason": reason} for line, reason in advice],
                "policy": json_views.policy(policy) if policy else None,
            }
        )
    elif policy is not None:
        names = {"published": _("published"), "file": _("your file"), "shipped": _("as shipped")}
        output.text(_("Policy: {place} ({source})", place=place, source=names[source]))
        output.table([(_("Limit"), name, most) for name, most in policy_words.limits(policy)])
        if never := policy_words.never(policy):
            output.text(_("Never: {kinds}", kinds=never))
        if policy.repeat_needs_approval:
            output.text(_("A second offer to the same customer for the same incident waits for approval."))
        for number, rule in enumerate(policy.rules, 1):
            output.text(f"{number}. {rule.title(current())}")
            output.text(_("   when: {conditions}", conditions=policy_words.conditions(rule)))
            output.text(_("   allowed: {allowances}", allowances=policy_words.allowances(rule)))
        output.text(_("The first rule that holds is in force; what it does not allow waits for approval."))
        output.text(_("Said meanwhile: {sentence}", sentence=policy_words.holding_reply(policy, current())))
    for problem in problems:
        say(str(problem))
    for line, reason in advice:
        say(f"! {problem_place(place, line)}: {reason}")
    if policy is None:
        say(_("Until this is corrected, every offer waits for approval."))
        return ExitCode.FAILED
    return ExitCode.DONE
