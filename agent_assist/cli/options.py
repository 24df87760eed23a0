"""Options that several commands have, and what is read from them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from agent_assist.cleaning import clean, clean_line
from agent_assist.cli.session import Session
from agent_assist.errors import Usage
from agent_assist.files import is_folder
from agent_assist.locale import N_, _

_F = TypeVar("_F", bound=Callable[..., Any])


def phrasebook_option() -> Callable[[_F], _F]:
    """--phrasebook DIR, any number of times."""
    return click.option(
        "--phrasebook",
        multiple=True,
        metavar="DIR",
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=_use_books,
        help=N_("Use the phrasebooks in this folder instead of your own; may be repeated."),
    )


def _use_books(ctx: click.Context, _param: click.Parameter, folders: tuple[Path, ...]) -> None:
    for folder in folders:
        if not is_folder(folder):
            raise Usage(_("There is no folder {folder}.", folder=clean_line(str(folder))))
    if folders:
        ctx.ensure_object(Session).note("phrasebooks", folders)


def set_option(help: str) -> Callable[[_F], _F]:  # noqa: A002 - the name it has on every option
    """--set NAME=VALUE, any number of times."""
    return click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help=help)


def values_from(pairs: Iterable[str]) -> dict[str, str]:
    """The pairs as clean values by name; the last one of a name counts. Raises Usage for a pair without `=`."""
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise Usage(
                _("“{pair}” is not NAME=VALUE.", pair=clean_line(pair)),
                hint=_("For example: --set customer.name=王女士"),
            )
        values[clean_line(name)] = clean(value)
    return values
