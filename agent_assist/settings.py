"""Where user data lives and what the user chose, read once at the start and passed on as a value.

Order: command line over environment over `settings.toml` over the default.
"""

import getpass
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import unquote, urlsplit

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.files import expanded, read_text, reason, sqlite_url, unreadable
from agent_assist.locale import INTERFACE_LANGUAGES, Language, _, detect
from agent_assist.problems import Problem
from agent_assist.roles import ROLES, Role
from agent_assist.toml_positions import TomlPositions

APP = "agent-assist"

Signal = Literal["stage", "scene", "language", "recent", "often", "team", "chosen", "approved", "pinned"]
"""What may order phrases besides the words typed; `search.signals` says what each means."""
Switch = Literal["on", "off"]

DEFAULT_PAGE_SECONDS = 60
"""Between two readings of the status page."""

MIN_TERMINAL_SIZE = (40, 10)
"""Columns and rows below which the desk shows nothing but this need."""


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
    time_zone: str = ""
    """What `TZ` or the file calls the zone of shown and typed times; the system's where neither does."""
    brand: Mapping[str, str] = {}
    """The company or product by language, as customers know it: for signatures, letters and text messages."""
    public_name: Mapping[str, str] | None = None
    """What customers call the agent, by language; None for the `agent` in every language."""
    role: Role = "lead"
    """What this person may do where the database does not say so itself: one's own desk has no other lead."""
    signals_off: tuple[str, ...] = ()
    """Ranking signals that are switched off."""
    clock: tuple[str, ...] = ()
    """Times of the communication clock that are not the usual ones; see `incidents.clock_rules`."""
    status_page: str = ""
    """Address of the team's status page, which leads' desks read; "" for none."""
    status_page_seconds: int = DEFAULT_PAGE_SECONDS
    """Between two readings of it."""
    clock_bell: Switch = "on"
    """Whether the terminal's bell rings once when a step of the clock becomes overdue."""
    demo: bool = False

    def __repr__(self) -> str:
        """Without the database's URL, which may hold a password: a crash shows values."""
        return f"Settings(home={str(self.home)!r}, agent={self.agent!r}, language={self.language!r})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("home", str(self.home)), ("agent", self.agent), ("language", self.language)]


class SettingsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The keys that `settings.toml` may hold."""

    database: str = ""
    agent: str = ""
    language: Language | None = None
    phrasebooks: tuple[str, ...] = ()
    currency: str = "CNY"
    theme: str = ""
    time_zone: str = ""
    brand_zh: str = ""
    brand_en: str = ""
    public_name_zh: str = ""
    public_name_en: str = ""
    role: Role = "lead"
    signals_off: tuple[Signal, ...] = ()
    clock: tuple[str, ...] = ()
    clock_bell: Switch = "on"
    status_page: str = ""
    status_page_seconds: str = ""


SETTING_NAMES = SettingsFile.__struct_fields__
LIST_SETTINGS = ("phrasebooks", "signals_off", "clock")
SETTING_CHOICES: dict[str, tuple[str, ...]] = {
    "language": INTERFACE_LANGUAGES,
    "role": ROLES,
    "signals_off": get_args(Signal),
    "clock_bell": get_args(Switch),
}
"""What a setting may be, where it may not be anything."""

SETTINGS_FILE = "settings.toml"

Source = Literal["default", "file", "environment", "database", "command"]
"""Where a value comes from; `database` is the account that its URL signs in with."""


def shipped_phrasebooks() -> Path:
    """Return the folder of the phrasebooks that come with the program, installed or in a checkout."""
    installed = Path(__file__).parent / "_shipped"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "phrasebooks"


def usual_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of this user's data when none is named on the command line; does not create it."""
    return Path(environ["AGENT_ASSIST_HOME"]).absolute() if environ.get("AGENT_ASSIST_HOME") else default_home()


def default_home() -> Path:
    """Return the platform's folder for this user's data; does not create it."""
    from platformdirs import user_data_path  # only where no folder is named

    return user_data_path(APP, appauthor=False)


def home_folder(home: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[Path, Source]:
    """Return the user's folder and who named it. Raises Refused for the home of a user who does not exist."""
    source: Source = "command"
    if home is None:
        named = environ.get("AGENT_ASSIST_HOME")
        home, source = (Path(named), "environment") if named else (default_home(), "default")
    try:
        return expanded(home), source
    except OSError as error:
        raise Refused(
            f"{clean_line(str(home))}: {reason(error)}.",
            hint=_("Name another one with --home DIR or AGENT_ASSIST_HOME."),
        ) from error


def read(*, home: Path | None = None, environ: Mapping[str, str] = os.environ, demo: bool = False) -> Settings:
    """Return the settings in force. Raises Refused with file and reason when `settings.toml` cannot be used."""
    folder = home_folder(home, environ)[0]
    return resolve(folder, read_file(folder / SETTINGS_FILE), environ, demo=demo)


def read_without_file(*, home: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings as if there were no `settings.toml`: for saying what is wrong with it. Never raises."""
    try:
        folder = home_folder(home, environ)[0]
    except Refused:
        folder = (home or Path(environ.get("AGENT_ASSIST_HOME", ""))).absolute()
    return resolve(folder, SettingsFile(), environ)


def resolve(home: Path, file: SettingsFile, environ: Mapping[str, str], *, demo: bool = False) -> Settings:
    """Return what is in force in this folder with this file."""
    own = home / "phrasebooks"
    folders = (shipped_phrasebooks(), *map(_book_folder, file.phrasebooks))
    database = database_url(home, file, environ)[0]
    agent, named_by = agent_name(database, file, environ)
    brand = {"zh": clean_line(file.brand_zh or file.brand_en), "en": clean_line(file.brand_en)}
    return Settings(
        home=home,
        database=database,
        agent=agent,
        brand={lang: name for lang, name in brand.items() if name},
        public_name=public_names(agent, named_by, file),
        language=interface_language(file, environ)[0],
        phrasebooks=(*folders, own) if own.is_dir() else folders,
        currency=file.currency,
        theme=file.theme,
        time_zone=time_zone(file, environ)[0],
        role=file.role,
        signals_off=file.signals_off,
        clock=file.clock,
        clock_bell=file.clock_bell,
        status_page=clean_line(file.status_page).strip(),
        status_page_seconds=int(file.status_page_seconds or DEFAULT_PAGE_SECONDS),
        demo=demo,
    )


def database_url(home: Path, file: SettingsFile, environ: Mapping[str, str]) -> tuple[str, Source]:
    """Return the database URL and who named it."""
    if named := environ.get("AGENT_ASSIST_DATABASE"):
        return named, "environment"
    return (file.database, "file") if file.database else (sqlite_url(home / "desk.db"), "default")


def agent_name(database: str, file: SettingsFile, environ: Mapping[str, str]) -> tuple[str, Source]:
    """Return under which name the person works, and who says so."""
    candidates: tuple[tuple[str, Source], ...] = (
        (environ.get("AGENT_ASSIST_AGENT", ""), "environment"),
        (_account(database, environ), "database"),
        (file.agent, "file"),
    )
    for name, source in candidates:
        if name:
            return clean_line(name), source
    return clean_line(_login_name()), "default"


def public_names(agent: str, named_by: Source, file: SettingsFile) -> Mapping[str, str]:
    """Return what customers call the agent, by language; a name that is only an account never reaches a customer."""
    is_account = named_by == "default" or (named_by == "database" and agent.isascii() and agent == agent.lower())
    usual = "" if is_account else agent
    names = {
        "zh": clean_line(file.public_name_zh) or usual or clean_line(file.public_name_en),
        "en": clean_line(file.public_name_en) or (usual if usual.isascii() else ""),
    }
    return {lang: name for lang, name in names.items() if name}


def interface_language(file: SettingsFile, environ: Mapping[str, str]) -> tuple[Language, Source]:
    """Return the language of the program's own texts, and who chose it."""
    if environ.get("AGENT_ASSIST_LANG"):
        return detect(environ), "environment"
    return (file.language, "file") if file.language else (detect(environ), "default")


def time_zone(file: SettingsFile, environ: Mapping[str, str]) -> tuple[str, Source]:
    """Return what the time zone is called ("" for the system's), and who chose it. An empty `TZ` is UTC."""
    if "TZ" in environ:
        return environ["TZ"] or "UTC", "environment"
    return file.time_zone, "file" if file.time_zone else "default"


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
            hint=_("Name another one with --home DIR or AGENT_ASSIST_HOME."),
        ) from error


def read_file(path: Path) -> SettingsFile:
    """Return what `settings.toml` says; the defaults when there is none. Raises Refused with file, line and reason."""
    shown = clean_line(str(path))
    try:
        text = read_text(path)
        document = toml_text.parse(text)
        problem = _problem_in(document, text, shown)
    except FileNotFoundError:
        return SettingsFile()
    except OSError as error:
        problem = unreadable(shown, error)
    except toml_text.NotToml as error:
        problem = error.problem(shown)
    if problem is None:
        return checked(document)
    raise Refused(
        str(problem),
        hint=_("Correct the file or move it away; nothing was changed. What is wrong: agent-assist doctor"),
    )


def _problem_in(document: Mapping[str, object], text: str, file: str) -> Problem | None:
    """Return the first setting that is wrong, with its place in the text."""
    for name, value in document.items():
        if why := fault(name, value):
            return TomlPositions(text).problem((name,), file=file, reason=why)
    return None


def checked(document: Mapping[str, object]) -> SettingsFile:
    """Return the document as settings. Raises Refused naming the first setting that is wrong and what it may be."""
    for name, value in document.items():
        if why := fault(name, value):
            raise Refused(why)
    file = msgspec.convert(document, SettingsFile)
    return msgspec.structs.replace(file, currency=file.currency.upper())


def fault(name: str, value: object) -> str:
    """Return why the setting cannot have this value, naming it and what it may be; "" when it can."""
    shown = clean_line(name)
    if name not in SETTING_NAMES:
        return _("There is no setting “{name}”. Settings are: {names}.", name=shown, names=", ".join(SETTING_NAMES))
    if name in LIST_SETTINGS:
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            return _("“{name}” must be a list of texts.", name=shown)
        values = list(value)
    elif isinstance(value, str):
        values = [value]
    else:
        return _("“{name}” must be a text.", name=shown)
    if name == "currency":
        from agent_assist.offers.currencies import CURRENCIES  # only where a currency is set

        if values[0].upper() not in CURRENCIES:
            return _(
                "“currency” cannot be “{value}”. It is a code of ISO 4217, for example CNY, USD, EUR or JPY.",
                value=clean_line(values[0]),
            )
    try:
        _parse(name, values)
    except Refused as refused:
        return str(refused)
    for each in values:
        if name in SETTING_CHOICES and each not in SETTING_CHOICES[name]:
            return _(
                "“{name}” cannot be “{value}”. Choose from: {choices}.",
                name=shown,
                value=clean_line(each),
                choices=", ".join(SETTING_CHOICES[name]),
            )
    return ""


def _parse(name: str, values: list[str]) -> None:
    """Raise Refused for a value that another room reads, and cannot."""
    if name == "time_zone" and values[0]:
        from agent_assist.time_zone import zone_named  # only where a zone is set

        zone_named(values[0], only_names=True)
    elif name == "status_page_seconds" and values[0]:
        if not (values[0].isdecimal() and len(values[0]) < 6 and 30 <= int(values[0]) <= 86_400):
            raise Refused(_("“{name}” is a number of seconds from 30 to 86400.", name=name))
    elif name == "status_page" and values[0]:
        parts = urlsplit(values[0].strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(
                _("“{name}” is an address such as {example}.", name=name, example="https://status.example.com")
            )
    elif name == "clock":
        from agent_assist.incidents.clock_rules import parse_clock_rules  # only where its times are set

        parse_clock_rules(values)


def _book_folder(text: str) -> Path:
    try:
        return expanded(Path(text))
    except OSError:  # one folder that cannot be is a problem of the books, like one that is missing
        return Path(text)


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
