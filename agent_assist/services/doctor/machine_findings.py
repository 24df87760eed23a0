"""What `doctor` says about the machine: folder, settings, terminal, language, clipboard and phrasebooks."""

import datetime as dt
import locale as platform_locale
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from agent_assist import clipboard, files
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.files import is_there
from agent_assist.locale import N_, REPLY_LANGUAGES, _, current, is_translated
from agent_assist.phrasebook import load
from agent_assist.services.doctor.finding import Finding
from agent_assist.settings import MIN_TERMINAL_SIZE, SETTINGS_FILE, Settings
from agent_assist.time_zone import find_local_zone


def home_finding(settings: Settings) -> Finding:
    """Return whether the user's folder can be written to and is closed to others."""
    path = settings.home
    shown = clean_line(str(path))
    details: dict[str, object] = {"path": shown, "agent": settings.agent}
    found = _("{path}, agent {agent}", path=shown, agent=settings.agent)
    finding = Finding(name="home", label=N_("Your folder"), state="ok", found=found, details=details)
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        hint = _("It is made when something has to be kept.")
        return msgspec.structs.replace(finding, state="note", hint=hint, details=details | {"exists": False})
    except OSError as error:
        return msgspec.structs.replace(finding, state="bad", hint=clean_line(error.strerror or ""))
    details |= {"exists": True} if files.ON_WINDOWS else {"exists": True, "mode": f"{mode:04o}"}
    finding = msgspec.structs.replace(finding, details=details)
    if not os.access(path, os.W_OK | os.X_OK):
        hint = _("Nothing can be written there. Name another one with --home DIR or AGENT_ASSIST_HOME.")
        return msgspec.structs.replace(finding, state="bad", hint=hint)
    if not files.ON_WINDOWS and (open_to := sorted(_readable_by_others(path))):
        names = ", ".join(clean_line(name) for name in open_to)
        hint = _("Others on this machine can read: {names}. Close it with: chmod go= …", names=names)
        return msgspec.structs.replace(finding, state="note", hint=hint)
    return finding


def settings_finding(settings: Settings, refused: Refused | None) -> Finding:
    """Return whether the settings file can be used; `refused` says why not."""
    path = settings.home / SETTINGS_FILE
    shown = clean_line(str(path))
    finding = Finding(name="settings", label=N_("Settings"), state="ok", found=shown, details={"path": shown})
    if refused is not None:
        hint = _("Below are the defaults. To put a setting right: agent-assist settings set NAME VALUE")
        return msgspec.structs.replace(finding, state="bad", found=refused.message, hint=hint)
    return finding if is_there(path) else msgspec.structs.replace(finding, found=_("none; the defaults are in force"))


def _readable_by_others(home: Path) -> Iterator[str]:
    for path in (home, home / "desk.db", home / SETTINGS_FILE):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield str(path)


def terminal_finding() -> Finding:
    """Return whether the desk can be drawn here and Chinese be shown."""
    size = shutil.get_terminal_size()
    encoding = (sys.stdout.encoding or "").lower()
    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    term = clean_line(os.environ.get("TERM", ""))
    details = {
        "is_terminal": is_terminal,
        "term": term,
        "columns": size.columns,
        "rows": size.lines,
        "encoding": encoding,
    }
    state: Literal["ok", "note", "bad"] = "ok"
    hint = ""
    if not is_terminal:
        state, hint = "note", _("Input or output is not a terminal: commands work, the desk does not open here.")
    elif term in ("", "dumb"):
        state, hint = "bad", _("The desk cannot draw on this terminal. Set TERM, for example TERM=xterm-256color.")
    elif size.columns < MIN_TERMINAL_SIZE[0] or size.lines < MIN_TERMINAL_SIZE[1]:
        columns, rows = MIN_TERMINAL_SIZE
        state, hint = "note", _("The desk needs {columns}x{rows} to be useful.", columns=columns, rows=rows)
    if encoding.replace("-", "") != "utf8":  # this comes on top of what else is wrong
        state = "note" if state == "ok" else state
        utf8 = _("Chinese may not show. Use a UTF-8 locale, for example LANG=C.UTF-8.")
        hint = f"{hint} {utf8}".strip()
    found = _(
        "{term}, {columns}x{rows}, {encoding}",
        term=term or "—",
        columns=size.columns,
        rows=size.lines,
        encoding=encoding or "—",
    )
    return Finding(name="terminal", label=N_("Terminal"), state=state, found=found, hint=hint, details=details)


def language_finding(settings: Settings) -> Finding:
    """Return whether the texts of the interface language are compiled."""
    details = {"language": current(), "locale": clean_line(platform_locale.setlocale(platform_locale.LC_CTYPE))}
    return Finding(
        name="locale",
        label=N_("Language"),
        state="ok" if is_translated() else "bad",
        found=_("{language}, locale {locale}", language=settings.language, locale=details["locale"]),
        hint="" if is_translated() else "The Chinese texts are not compiled. Install the program: pip install .",
        details=details,
    )


def time_zone_finding(settings: Settings) -> Finding:
    """Return in which zone times are shown and read, and what is wrong with the one that was named."""
    zone = find_local_zone(settings.time_zone)
    now = dt.datetime.now(zone.tz)
    details = {"time_zone": clean_line(zone.name), "offset": f"{now:%z}"}
    return Finding(
        name="time_zone",
        label=N_("Time zone"),
        state="bad" if zone.problem else "ok",
        found=_("{zone}, where it is {time} now", zone=details["time_zone"], time=f"{now:%H:%M}"),
        hint=zone.problem,
        details=details,
    )


def clipboard_finding() -> Finding:
    """Return the ways to the clipboard in the order they are tried, and whether it can be read."""
    ways = clipboard.ways()
    remote = bool(os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"))
    inside = clipboard.read()
    can_be_read = inside.text is not None
    details = {
        "programs": ways,
        "osc52": True,
        "remote": remote,
        "tmux": bool(os.environ.get("TMUX")),
        "reads": can_be_read,
    }
    found = _("tried in this order: {ways}", ways=", ".join([*ways, "OSC 52"]))
    found += _("; it can be read") if can_be_read else _("; it cannot be read ({reason})", reason=inside.reason)
    hint = ""
    if not ways and remote:
        hint = _("Over SSH the terminal has to take the text (OSC 52), which it never confirms.")
    elif not ways:
        hint = _("No clipboard program was found; with wl-clipboard, xclip or xsel copying is certain.")
    elif ways == ["tmux"]:
        hint = _("tmux hands the text on to its terminal, which never confirms; prefix ] pastes it inside tmux.")
    return Finding(
        name="clipboard",
        label=N_("Clipboard"),
        state="note" if hint else "ok",
        found=found,
        hint=hint,
        details=details,
    )


def phrasebook_finding(settings: Settings) -> Finding:
    """Return how many phrases can be used and how many problems the books have."""
    library = load(settings.phrasebooks)
    errors = sum(problem.severity == "error" for problem in library.problems)
    folders = [clean_line(str(folder)) for folder in settings.phrasebooks]
    counts: dict[str, int] = {lang: sum(lang in phrase.langs for phrase in library.active) for lang in REPLY_LANGUAGES}
    details = {
        "folders": folders,
        "phrases": len(library.active),
        **counts,
        "problems": len(library.problems),
        "errors": errors,
    }
    found = _(
        "phrases: {count} ({zh} in Chinese, {en} in English), from {folders}",
        count=len(library.active),
        zh=counts["zh"],
        en=counts["en"],
        folders=", ".join(folders),
    )
    finding = Finding(name="phrasebooks", label=N_("Phrasebooks"), state="ok", found=found, details=details)
    if not library.active:
        hint = _("There is nothing to search. Name a folder in settings.toml, or see: agent-assist phrases lint")
        return msgspec.structs.replace(finding, state="bad", hint=hint)
    if library.problems:
        hint = _("Problems: {count}. See: agent-assist phrases lint", count=len(library.problems))
        return msgspec.structs.replace(finding, state="bad" if errors else "note", hint=hint)
    return finding
