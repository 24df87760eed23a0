"""Help pages in the interface language, wrapped by terminal cells so that Chinese lines up too."""

import shutil
from collections.abc import Sequence

import click

from agent_assist.locale import _
from agent_assist.terminal_text import pad, width, wrap_lines

MAX_LINE_CELLS = 100
"""Longer lines are hard to read even where the window has room."""


def wrapped(text: str, cells: int) -> list[str]:
    """Return the lines of a text; options and addresses stay in one piece, lists of values break at their bars."""
    return wrap_lines(text, cells, break_after="/|", keeps_words=True)


def help_text(command: click.Command, ctx: click.Context, examples: Sequence[str]) -> str:
    """Usage, what it does, options or commands, examples."""
    line_cells = min(MAX_LINE_CELLS, shutil.get_terminal_size().columns)
    lines = [_("Usage: {line}", line=" ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])), ""]
    lines += [f"  {line}".rstrip() for line in wrapped(_shown(command.help), line_cells - 2)]
    if isinstance(command, click.Group):
        lines += _section(_("Commands:"), _commands(command, ctx), line_cells)
    lines += _section(_("Options:"), _options(command, ctx), line_cells)
    if examples:
        lines += ["", _("Examples:"), *(f"  {example}" for example in examples)]
    return "\n".join(lines)


def _shown(text: str | None) -> str:
    return _(text) if text else ""


def _options(command: click.Command, ctx: click.Context) -> list[tuple[str, str]]:
    rows = []
    for param in command.get_params(ctx):
        record = param.get_help_record(ctx)
        if isinstance(param, click.Option) and record is not None:
            rows.append((record[0], _shown(param.help)))
    return rows


def _commands(group: click.Group, ctx: click.Context) -> list[tuple[str, str]]:
    summaries: dict[str, tuple[str, str]] = getattr(group, "modules", {})
    rows = []
    for name in group.list_commands(ctx):
        if name in summaries:
            rows.append((name, _(summaries[name][1])))
        elif (command := group.get_command(ctx, name)) is not None:
            rows.append((name, _shown(command.help).partition("\n")[0]))
    return rows


def _section(heading: str, rows: Sequence[tuple[str, str]], line_cells: int) -> list[str]:
    """Names on the left, words on the right; a long name gets a line of its own."""
    left = min(30, max((width(name) for name, _words in rows), default=0))
    lines = ["", heading]
    for name, words in rows:
        first, *rest = wrapped(words, max(20, line_cells - left - 4))
        if width(name) > left:
            lines += [f"  {line}" for line in wrapped(name, line_cells - 2)]
            name = ""
        lines.append(f"  {pad(name, left)}  {first}".rstrip())
        lines += [f"  {' ' * left}  {line}" for line in rest]
    return lines
