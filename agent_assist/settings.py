"""Where user data lives and what the user chose, read once at the start and passed on as a value.

Order: command line over environment over `settings.toml` over the default.
"""

import getpass
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.locale import Language, _, detect

APP = "agent-assist"

Signal = Literal["stage", "scene", "language", "recent", "often", "team", "chosen", "approved", "pinned"]
"""What may order phrases besides the words typed; `search.signals` says what each means."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the program needs to know before it opens a database or a screen."""

    home: Path
    database: str
    """A database URL; `sqlite:///…` below `home` unless the user names another."""
    agent: str
    language: Language
    phrasebooks: tuple[Path, ...]
    """Folders in order; a later one replaces phrases of an earlier one by id. The shipped books come first."""
    currency: str = "CNY"
    theme: str = ""
    role: Literal["agent", "lead"] = "lead"
    """What this person may do where the database does not say so itself: one's own desk has no other lead."""
    signals_off: tuple[str, ...] = ()
    """Ranking signals that are switched off."""
    demo: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys that `settings.toml` may hold."""

    database: str = ""
    agent: str = ""
    language: Language | None = None
    phrasebooks: tuple[str, ...] = ()
    currency: str = "CNY"
    theme: str = ""
    role: Literal["agent", "lead"] = "lead"
    signals_off: tuple[Signal, ...] = ()


def shipped_phrasebooks() -> Path:
    """The folder of the phrasebooks that come with the program, installed or in a checkout."""
    installed = Path(__file__).parent / "_shipped"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "phrasebooks"


def default_home() -> Path:
    """The platform's folder for this user's data; does not create it."""
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def read(*, home: Path | None = None, environ: Mapping[str, str] = os.environ, demo: bool = False) -> Settings:
    """The settings in force. Raises Refused with file and reason when `settings.toml` cannot be used."""
    home = home or (Path(environ["AGENT_ASSIST_HOME"]) if environ.get("AGENT_ASSIST_HOME") else default_home())
    home = home.expanduser().absolute()
    file = _read_file(home / "settings.toml")
    own = home / "phrasebooks"
    folders = (shipped_phrasebooks(), *(Path(folder).expanduser() for folder in file.phrasebooks))
    database = environ.get("AGENT_ASSIST_DATABASE") or file.database or f"sqlite:///{home / 'desk.db'}"
    return Settings(
        home=home,
        database=database,
        agent=clean_line(
            environ.get("AGENT_ASSIST_AGENT") or _account(database, environ) or file.agent or _login_name()
        ),
        language=detect(environ) if environ.get("AGENT_ASSIST_LANG") or not file.language else file.language,
        phrasebooks=(*folders, own) if own.is_dir() else folders,
        currency=file.currency,
        theme=file.theme,
        role=file.role,
        signals_off=file.signals_off,
        demo=demo,
    )


def prepare_home(settings: Settings) -> None:
    """Make the user's folder, readable by its owner only. Raises Refused when that is not possible."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            _(
                "The folder {home} cannot be created: {reason}.",
                home=clean_line(str(settings.home)),
                reason=error.strerror,
            ),
            way_out=_("Name another one with --home DIR or AGENT_ASSIST_HOME."),
        ) from error


def _read_file(path: Path) -> _File:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), _File)
    except FileNotFoundError:
        return _File()
    except (OSError, ValueError) as error:  # TOMLDecodeError, ValidationError and UnicodeDecodeError are ValueErrors
        reason = clean_line(getattr(error, "strerror", None) or str(error))
        raise Refused(
            f"{clean_line(str(path))}: {reason}.", way_out=_("Correct the file or move it away; nothing was changed.")
        ) from error


def _account(database: str, environ: Mapping[str, str]) -> str:
    """Who signs in to a team's database: there nobody may write under another name."""
    try:
        address = urlsplit(database)
        if not address.scheme.startswith("postgres"):
            return ""
        return unquote(address.username or "") or environ.get("PGUSER", "")
    except ValueError:  # not a URL: opening the database says so
        return ""


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a container, no environment
        return "agent"


def is_interactive() -> bool:
    """Whether a person sits at this terminal: both ends must be one."""
    return sys.stdin.isatty() and sys.stdout.isatty()
