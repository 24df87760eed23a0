"""What is wrong with the phrasebook files, in a sentence and as a mark that stays until it is mended."""

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from agent_assist.locale import _
from agent_assist.phrasebook import Library
from agent_assist.problems import Problem


def mistakes(library: Library) -> tuple[Problem, ...]:
    """Return what keeps a file or an entry from being used."""
    return tuple(problem for problem in library.problems if problem.severity == "error")


def books_mark(library: Library, *, is_wide: bool) -> str:
    """Return how many mistakes there are and the command that names them; "" when there is none."""
    count = len(mistakes(library))
    if not count:
        return ""
    if is_wide:
        return _("! phrasebook mistakes: {count}, see agent-assist phrases lint", count=count)
    return _("! phrasebooks: {count}", count=count)


def mistakes_message(library: Library) -> str:
    """Return what an agent is told at the start; "" when nothing is wrong."""
    return _named(mistakes(library))


def books_news(before: Library, after: Library, changed: int) -> tuple[str, bool]:
    """Return what an agent is told when files changed ("" for nothing), and whether it is a warning."""
    parts = []
    known = set(before.problems)
    wrong = [problem for problem in after.problems if problem not in known]
    if wrong:
        parts.append(_named(_worst_first(wrong), stays=any(problem.severity == "error" for problem in wrong)))
    if changed:
        parts.append(_("The phrasebooks changed. Phrases new, different or gone: {count}.", count=changed))
    return " ".join(parts), bool(wrong)


def _worst_first(problems: Collection[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.severity != "error")


def _named(problems: Sequence[Problem], *, stays: bool = False) -> str:
    """Return the first with its file, how many more there are, and where to see them."""
    if not problems:
        return ""
    first, *others = problems
    folder = f"{Path(first.file).parent}{os.sep}"
    parts = [f"{first.place.removeprefix(folder)}: {first.reason.replace(folder, '')}"]
    if others:
        parts.append(_("And {count} more.", count=len(others)))
    if stays:
        parts.append(_("What was in use stays in use."))
    parts.append(_("See: agent-assist phrases lint"))
    return " ".join(parts)
