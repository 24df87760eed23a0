"""Looking at the settings, and changing one in `settings.toml` so that a person's comments and order stay.

Rule: a value is checked before anything is written, and what is written says the same as before in everything else.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from agent_assist import settings, toml_text
from agent_assist.cleaning import clean_line
from agent_assist.errors import NotSaved, Refused, Usage
from agent_assist.files import (
    MAX_TEXT_SIZE,
    decode,
    expanded,
    locked,
    read_whole,
    real_path,
    reason,
    unreadable,
    write_whole,
)
from agent_assist.locale import _
from agent_assist.settings import LIST_SETTINGS, SETTING_NAMES, SETTINGS_FILE, Source

LOCK_PATIENCE = 2.0
"""Seconds that another program may take to change the same file."""

Value = str | list[str]


class Shown(msgspec.Struct, frozen=True):
    """A setting as it is in force, and who says so. A database URL comes without its password."""

    name: str
    value: Value
    source: Source


def in_force(home: Path | None, environ: Mapping[str, str]) -> tuple[Shown, ...]:
    """Every setting, the user's folder first. Raises Refused when the file cannot be used."""
    folder, named_by = settings.home_folder(home, environ)
    path = folder / SETTINGS_FILE
    file = settings.read_file(path)
    written = _document(path)[0]
    url, url_from = settings.database_url(folder, file, environ)
    agent, agent_from = settings.agent_name(url, file, environ)
    language, language_from = settings.interface_language(file, environ)
    zone, zone_from = settings.time_zone(file, environ)
    known: dict[str, tuple[Value, Source]] = {
        "database": (_shown_url(url), url_from),
        "agent": (agent, agent_from),
        "language": (language, language_from),
        "time_zone": (clean_line(zone), zone_from),
    }
    rows = [Shown("home", clean_line(str(folder)), named_by)]
    for name in SETTING_NAMES:
        value = getattr(file, name)
        own: tuple[Value, Source] = (
            list(value) if name in LIST_SETTINGS else value or "",
            "file" if name in written else "default",
        )
        rows.append(Shown(name, *known.get(name, own)))
    return tuple(rows)


def checked_value(name: str, typed: Sequence[str], themes: Sequence[str]) -> Value:
    """What was typed as the value of a setting. Raises Refused naming the setting and what it may be."""
    if name in SETTING_NAMES and name not in LIST_SETTINGS and len(typed) != 1:
        raise Usage(_("“{name}” takes one value.", name=name))
    given = [text for text in typed if text] if name in LIST_SETTINGS else clean_line(typed[0] if typed else "")
    if name == "phrasebooks":
        given = [_folder(text) for text in given]
    if why := settings.fault(name, given):
        raise Refused(why)
    if name == "database":
        from agent_assist.store.opening import parse_url  # SQLAlchemy, only for the database

        parse_url(str(given))
    elif name == "theme" and given and given not in themes:
        choices = ", ".join(themes)
        raise Refused(
            _("“{name}” cannot be “{value}”. Choose from: {choices}.", name=name, value=given, choices=choices)
        )
    return given.upper() if name == "currency" and isinstance(given, str) else given


def put(home: Path, name: str, value: Value | None) -> str:
    """Write the value, or take the setting out (None); returns what is still wrong in the file, or "".

    Raises Refused when the file cannot be changed, NotSaved when it cannot be written; then it is as it was.
    """
    path = home / SETTINGS_FILE
    try:
        path = real_path(path)  # a link to a file kept elsewhere stays one
        with locked(path, LOCK_PATIENCE) as is_ours:
            if not is_ours:
                raise NotSaved(_("Not saved: another program is changing {file}.", file=clean_line(str(path))))
            before, text, line_end = _document(path)
            if value is None and name not in before and name not in SETTING_NAMES:
                raise Refused(settings.fault(name, ""))
            after = {key: held for key, held in before.items() if key != name}
            if value is not None:
                after = {**before, name: value}
            written = _edited(text, before, name, value)
            if toml_text.parse(written) != after:
                raise _by_hand()
            write_whole(path, [written.replace("\n", line_end).encode()])
    except OSError as error:
        raise NotSaved(f"{clean_line(str(path))}: {reason(error)}.") from error
    try:
        settings.checked(after)
    except Refused as refused:
        return refused.message
    return ""


def _edited(text: str, document: Mapping[str, Any], name: str, value: Value | None) -> str:
    """The text with the setting changed: a person's own when there are comments, else ours."""
    if "#" not in text:
        import tomli_w

        others = {key: held for key, held in document.items() if key != name or value is not None}
        return tomli_w.dumps(others if value is None else {**others, name: value})
    import tomlkit  # only for a file with comments
    from tomlkit.exceptions import TOMLKitError

    try:
        whole = tomlkit.parse(text)
        if value is not None:
            whole[name] = value
        elif name in whole:
            del whole[name]
        return tomlkit.dumps(whole)
    except (TOMLKitError, RecursionError) as error:
        raise _by_hand() from error


def _by_hand() -> Refused:
    return Refused(_("settings.toml cannot be changed by a program; change it by hand."))


def _document(path: Path) -> tuple[dict[str, Any], str, str]:
    """What the file holds, its text and how its lines end; nothing where there is none. Raises Refused."""
    shown = clean_line(str(path))
    try:
        content = read_whole(path, MAX_TEXT_SIZE)
        text = decode(content)
        return toml_text.parse(text), text, "\r\n" if b"\r\n" in content else "\n"
    except FileNotFoundError:
        return {}, "", "\n"
    except OSError as error:
        raise Refused(str(unreadable(shown, error)), hint=_("Correct it by hand or move it away.")) from error
    except toml_text.NotToml as error:
        raise Refused(str(error.problem(shown)), hint=_("Correct it by hand or move it away.")) from error


def _folder(text: str) -> str:
    """The folder as it is kept: absolute, but `~` stays."""
    try:
        path = expanded(Path(text))
    except OSError as error:
        raise Refused(f"phrasebooks: {clean_line(text)}: {reason(error)}.") from error
    return text if text.startswith("~") else str(path)


def _shown_url(url: str) -> str:
    from agent_assist.store.opening import public_url  # SQLAlchemy, only for the database

    try:
        return public_url(url)
    except Refused as refused:
        return refused.message
