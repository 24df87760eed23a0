"""Commands as this program has them: loaded when called, with help in the interface language.

Texts are marked with `N_` where they stand and translated when shown, because modules are imported before the language
is settled. Options that every command shares are added here once: `--json`, and `--home` and `--demo` in any position.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from agent_assist.cli.help import help_text
from agent_assist.cli.session import Session
from agent_assist.locale import N_, _

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _note(name: str) -> Any:
    """A callback that keeps a shared option's value in the session."""

    def keep(ctx: click.Context, _param: click.Parameter, value: object) -> None:
        if value:
            ctx.ensure_object(Session).note(name, value)

    return keep


def home_option(*, hidden: bool) -> click.Option:
    """--home DIR"""
    return click.Option(
        ["--home"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_note("home"),
        is_eager=True,
        hidden=hidden,
        help=N_("The folder with everything of yours: settings, database, phrasebooks."),
    )


def demo_option(*, hidden: bool) -> click.Option:
    """--demo"""
    return click.Option(
        ["--demo"],
        is_flag=True,
        expose_value=False,
        callback=_note("demo"),
        is_eager=True,
        hidden=hidden,
        help=N_("A sample incident with three chats; nothing of yours is read or changed."),
    )


def _json_option() -> click.Option:
    return click.Option(
        ["--json"],
        is_flag=True,
        expose_value=False,
        callback=_note("json"),
        help=N_("Print data as JSON, for programs."),
    )


def _is_other_bytes(value: object) -> bool:
    """Whether bytes of the command line that are not UTF-8 are in it, which Python keeps as lone surrogates."""
    return isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value)


class _Helped:
    """Shows help in the interface language; mixed into commands and groups."""

    examples: Sequence[str]

    def get_help(self, ctx: click.Context) -> str:
        ctx.ensure_object(Session).settle_language()
        return help_text(cast("click.Command", self), ctx, self.examples)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = N_("Show this help.")
        return cast("click.Option | None", option)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - shells cut it to their width
        """Return the first line of the help, for the completion of commands."""
        return _(cast("click.Command", self).help or "").partition("\n")[0]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Return what may follow, options with their help in the interface language."""
        items: list[CompletionItem] = super().shell_complete(ctx, incomplete)  # type: ignore[misc]
        for item in items:
            item.help = item.help and _(item.help)
        return items


class Command(_Helped, click.Command):
    """A command with `--json`; `examples` are lines to try."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Names and texts are UTF-8; only the path of a file may be other bytes."""
        rest = super().parse_args(ctx, args)
        for param in self.params:
            given = ctx.params.get(param.name or "")
            values = given if isinstance(given, tuple) else (given,)
            if not isinstance(param.type, click.Path) and any(_is_other_bytes(value) for value in values):
                raise click.BadParameter(_("This is not UTF-8."), ctx, param)
        return rest

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples
        self.params += [_json_option(), home_option(hidden=True), demo_option(hidden=True)]


class Group(_Helped, click.Group):
    """Commands under one name."""

    command_class = Command

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


class LazyGroup(Group):
    """The top of the program. `modules` maps a command to the module that holds it as `command`, and its short help."""

    def __init__(self, *args: Any, modules: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.modules)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """With the global options read, before anything about the command can be said."""
        ctx.ensure_object(Session).settle_language()
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in self.modules:
            return None
        return cast("click.Command", import_module(self.modules[cmd_name][0]).command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Return what may follow, commands with the line that the help has for them."""
        items = super().shell_complete(ctx, incomplete)
        for item in items:
            if item.value in self.modules:
                item.help = _(self.modules[item.value][1])
        return items
