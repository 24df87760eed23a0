"""`agent-assist search`: phrases for a question, best first.

Starts in a fraction of a second: it imports neither the screen's libraries nor the database's nor the templates'.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent_assist.cleaning import clean_line
from agent_assist.cli import output
from agent_assist.cli.click_command import Command
from agent_assist.cli.diagnostics import say
from agent_assist.cli.options import phrasebook_option
from agent_assist.cli.session import Session
from agent_assist.errors import Refused, Usage
from agent_assist.exit_code import ExitCode
from agent_assist.files import read_text, reason
from agent_assist.locale import N_, REPLY_LANGUAGES, _

if TYPE_CHECKING:
    from agent_assist.search import Hit

MAX_BATCH_SIZE = 100_000_000
"""Bytes of a file of queries."""

MAX_BATCH_LINE = 100_000
"""Bytes of one query that is read from standard input."""


@click.command(
    "search",
    cls=Command,
    help=N_(
        "Find phrases and FAQ for what a customer asks: Chinese, English, pinyin, initials, slips of the keyboard, "
        "or the whole message."
    ),
    examples=(
        "agent-assist search denglu",
        "agent-assist search --lang en refudn",
        "agent-assist search --batch questions.txt > hits.jsonl",
    ),
)
@click.argument("query", nargs=-1)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, metavar="N", help=N_("At most N phrases (default 10).")
)
@click.option(
    "--lang", type=click.Choice([*REPLY_LANGUAGES, "all"]), default="all", help=N_("Only this language (default all).")
)
@click.option(
    "--batch",
    metavar="FILE",
    type=click.Path(path_type=str),
    help=N_("One query per line, “-” for standard input; one JSON line for each."),
)
@click.option("--explain", is_flag=True, help=N_("Say of each phrase why it stands where it stands."))
@phrasebook_option()
@click.pass_obj
def command(session: Session, query: tuple[str, ...], limit: int, lang: str, batch: str | None, explain: bool) -> int:
    """Search once, or once for each line of a file."""
    words = clean_line(" ".join(query))
    if bool(words) == (batch is not None):
        raise Usage(
            _("Say what to search for, or name a file with --batch."),
            hint=_("For example: {line}", line="agent-assist search denglu"),
        )
    services, only = session.services, None if lang == "all" else lang
    _warn(session)
    for line in [words] if batch is None else _lines(batch):
        typed = clean_line(line)
        _ready = services.live_library.index
        before = time.perf_counter()
        hits = services.search(typed, limit=limit, lang=only)
        took = (time.perf_counter() - before) * 1000
        answer = {"query": typed, "ms": round(took, 3), "hits": [_hit(hit, typed if explain else "") for hit in hits]}
        if batch is not None:
            output.as_json_line(answer)
        elif session.json:
            output.as_json(answer)
        else:
            _show(hits, typed, explain=explain)
    return ExitCode.DONE


def _hit(hit: "Hit", explained_for: str) -> dict[str, object]:
    phrase = hit.phrase
    shown: dict[str, object] = {
        "id": phrase.id,
        "title": _title(hit),
        "lang": hit.lang,
        "kind": phrase.kind,
        "score": round(hit.score, 4),
    }
    return shown | {"why": _why(hit, explained_for)} if explained_for else shown


def _why(hit: "Hit", query: str) -> str:
    from agent_assist.search.explain import explain  # only with --explain

    return explain(query, hit)


def _title(hit: "Hit") -> str:
    return hit.phrase.title.get(hit.lang) or next(iter(hit.phrase.title.values()), "")


def _show(hits: "list[Hit]", query: str, *, explain: bool) -> None:
    if not hits:
        say(_("Nothing was found for “{query}”. Try fewer or other words.", query=query))
    output.table(
        [(hit.phrase.id, _title(hit), hit.phrase.kind, hit.lang) for hit in hits],
        (_("ID"), _("TITLE"), _("KIND"), _("LANGUAGE")),
    )
    if explain:
        output.text("\n" + "\n".join(f"{hit.phrase.id} ({hit.score:.2f}): {_why(hit, query)}" for hit in hits))


def _warn(session: Session) -> None:
    if count := len(session.services.library.problems):
        say(_("Problems in the phrasebooks: {count}. See: agent-assist phrases lint", count=count))


def _lines(batch: str) -> Iterator[str]:
    """Yield the lines of a file, or of standard input as they come; there, bytes that are not UTF-8 become marks."""
    if batch == "-":
        yield from _typed_lines()
        return
    try:
        yield from read_text(Path(batch), MAX_BATCH_SIZE).removesuffix("\n").split("\n")
    except OSError as error:
        raise Refused(
            f"{clean_line(batch)}: {reason(error)}.", hint=_("“-” reads standard input, a pipe too.")
        ) from error


def _typed_lines() -> Iterator[str]:
    number = 0
    while line := sys.stdin.buffer.readline(MAX_BATCH_LINE + 1):
        if len(line) > MAX_BATCH_LINE:
            raise Refused(
                _(
                    "Line {line} of standard input is longer than {size} kB.",
                    line=number + 1,
                    size=MAX_BATCH_LINE // 1000,
                )
            )
        yield line.decode("utf-8-sig" if number == 0 else "utf-8", "replace").rstrip("\r\n")
        number += 1
