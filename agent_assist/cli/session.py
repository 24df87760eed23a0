"""One call of the program: the options that every command shares, and the desk it works at, made when first needed."""

import datetime as dt
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from agent_assist import locale
from agent_assist.cli.diagnostics import say
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.settings import Settings, read, read_without_file, usual_home

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from agent_assist.services import Services  # loaded by the commands that work with it; help and settings do not


MOST_NAMED = 5
"""Rows that a message names."""


class Session:
    """Holds what was asked for on the command line until a command needs settings, phrases or the database."""

    def __init__(self, desk_for: "Callable[[Settings], Services] | None" = None) -> None:
        self.home: Path | None = None
        self.demo = False
        self.json = False
        self.phrasebooks: tuple[Path, ...] = ()
        self._desk_for = desk_for

    @property
    def crash_folder(self) -> "Path":
        """Where details of a fault of the program go; a demo leaves nothing in the user's own folder."""
        if self.demo:
            return Path(tempfile.gettempdir())
        return self.home.expanduser().absolute() if self.home else usual_home()

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; reading them also settles the interface language."""
        found = read(home=self.home, demo=self.demo)
        locale.use(found.language)
        return replace(found, phrasebooks=self.phrasebooks) if self.phrasebooks else found

    def settings_or_why(self) -> tuple[Settings, Refused | None]:
        """The settings in force, or those of a fresh folder and why the user's own cannot be used."""
        try:
            return self.settings, None
        except Refused as refused:
            return read_without_file(home=self.home), refused

    def note(self, name: str, value: object) -> None:
        """Keep a shared option, wherever on the line it stood; settings read before it are read again."""
        setattr(self, name, value)
        self.__dict__.pop("settings", None)

    def settle_language(self) -> None:
        """Use the language of the settings, if they can be read; the command itself says what is wrong with them."""
        with suppress(Refused):
            _read = self.settings

    @cached_property
    def services(self) -> "Services":
        """The desk, for finding and filling. In the demo it stands in a folder of its own that goes with the call."""
        from agent_assist.services import Services  # loaded by the commands that work with it; help and settings do not

        settings = self.settings
        if self.demo:
            from agent_assist.services.demo import demo_settings  # only for --demo

            settings = demo_settings(settings)
        services = (self._desk_for or Services)(settings)
        if services.local_zone.problem:
            say(services.local_zone.problem)
        return services

    @cached_property
    def records(self) -> "Services":
        """The desk with its database open to work with; in the demo the sample story is told first."""
        if self.demo:
            from agent_assist.services.demo import fill_demo  # only for --demo

            fill_demo(self.services)
        return self.services

    def clock_time(self, at: dt.datetime) -> str:
        """Day and time of the moment in the user's time zone; with the offset where clocks show that time twice."""
        return self.services.local_zone.date_and_time(at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        if "services" not in self.__dict__:
            return
        self._name_left_out()
        self.services.close()
        if self.demo:
            from agent_assist.services.demo import forget  # only for --demo

            forget(self.services.settings)

    def _name_left_out(self) -> None:
        """Say on stderr which rows of the database could not be used, so that nobody takes what is left for all."""
        found = self.services.store.left_out() if "store" in self.services.__dict__ else ()
        if not found:
            return
        named = ", ".join(f"{row.table} {row.key}" for row in found[:MOST_NAMED])
        said = _("! Left out, since it cannot be used: {rows}.", rows=named + ("…" if len(found) > MOST_NAMED else ""))
        say(said + " " + _("Which, and why: agent-assist doctor"))
