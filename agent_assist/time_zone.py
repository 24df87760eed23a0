"""The person's time zone, by its rules at every moment, and the moments that a local date and time stand for.

The zone is named by `TZ` (a name, a file or a rule of POSIX), else by `settings.toml`, else by the system. A time zone
is never its offset of now: a desk stays open over a change of the clocks, and shows times from before it.
"""

import datetime as dt
import io
import os
import re
import struct
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _

_SYSTEM_ZONE = Path("/etc/localtime")
_MAX_NAME = 60
_POSIX_RULE = re.compile(r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)[+-]?\d{1,3}(?::?\d\d){0,2}(?:[A-Za-z]{3,}|<.{3,}>|$).*")
"""What a rule of POSIX begins with: CST-8, CET-1CEST,M3.5.0,M10.5.0/3."""


class LocalZone(NamedTuple):
    """The zone in use, its name, and what was wrong with the one that was asked for ("" for nothing)."""

    tz: dt.tzinfo
    name: str
    problem: str = ""

    def date_and_time(self, at: dt.datetime) -> str:
        """Return the moment as 2026-11-20 14:10, with the offset where clocks show that time twice."""
        local = at.astimezone(self.tz)
        return f"{local:%Y-%m-%d %H:%M}" + (f"{local:%z}" if len(moments(local, self.tz)) > 1 else "")


def find_local_zone(name: str, system_zone: Path = _SYSTEM_ZONE) -> LocalZone:
    """Return the zone that `TZ` or a setting names, else the system's. Never raises: a wrong name is the `problem`."""
    try:
        return LocalZone(zone_named(name), name) if name else _system_zone(system_zone)
    except Refused as refused:
        zone = _system_zone(system_zone)
        used = _("Times are shown in the time zone {zone}.", zone=zone.name)
        return zone._replace(problem=f"{refused} {used}")


def zone_named(name: str, *, only_names: bool = False) -> dt.tzinfo:
    """Return the zone of a name (Asia/Shanghai) or, unless `only_names`, of a file or of a POSIX rule.

    Raises Refused for anything else. Rules count backwards (UTC+8 is west), so a setting takes none.
    """
    plain = name.strip().removeprefix(":")
    with suppress(ValueError, OSError, KeyError):
        if not only_names and Path(plain).is_absolute():
            return _from_file(Path(plain))
        return ZoneInfo(plain)
    if not only_names and _POSIX_RULE.fullmatch(plain):
        with suppress(ValueError):
            return _from_rule(plain)
    raise Refused(_("“{name}” is not a time zone.", name=clean_line(name)[:_MAX_NAME]), hint=_names_like(plain))


def moments(local: dt.datetime, tz: dt.tzinfo) -> tuple[dt.datetime, ...]:
    """Return what a local date and time (without zone) stands for, as aware UTC, earliest first.

    One moment on most days; none in the hour that is left out when clocks go forward, two in the one that comes twice
    when they go back.
    """
    naive = local.replace(tzinfo=None)
    both = {naive.replace(tzinfo=tz, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
    return tuple(sorted(moment for moment in both if moment.astimezone(tz).replace(tzinfo=None) == naive))


def start_of_day(day: dt.date, tz: dt.tzinfo) -> dt.datetime:
    """Return the first moment of a date in the zone as aware UTC: not at 00:00 where clocks skip that."""
    # With fold=0 a time that is left out is counted from before the change, which gives the change itself.
    return dt.datetime.combine(day, dt.time(), tz).astimezone(dt.UTC)


def _system_zone(file: Path) -> LocalZone:
    with suppress(OSError, ValueError):
        tz = _from_file(file)
        return LocalZone(tz, str(tz))
    # Windows keeps its zone in the registry under a name of its own, Android in a property.
    from tzlocal import get_localzone  # only where no file says it: it takes 10 ms to import

    try:
        zone = get_localzone()
    except (KeyError, ValueError, OSError):  # its settings contradict each other, or TZ is none
        return LocalZone(dt.UTC, "UTC")
    return LocalZone(zone, str(zone))


def _from_file(file: Path) -> ZoneInfo:
    """Return the zone of a TZif file, by its name where it lies in the system's folder of zones."""
    _folder, is_in_folder, name = Path(os.path.realpath(file)).as_posix().rpartition("/zoneinfo/")
    if is_in_folder:
        with suppress(KeyError, ValueError, OSError):
            return ZoneInfo(name)
    with file.open("rb") as content:
        return ZoneInfo.from_file(content, key=file.name)


def _from_rule(rule: str) -> ZoneInfo:
    """Return the zone of a POSIX rule: a TZif file (RFC 9636) of two empty blocks with the rule as its footer."""
    block = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 1) + struct.pack(">lbb", 0, 0, 0) + b"\0"
    return ZoneInfo.from_file(io.BytesIO(block + block + f"\n{rule}\n".encode()), key=rule)


def _names_like(name: str) -> str:
    folded = {zone.casefold(): zone for zone in available_timezones()}
    by_city = {zone.rpartition("/")[2]: zone for zone in folded}
    wanted = name.casefold().replace(" ", "_")
    if near := get_close_matches(wanted, folded, n=1, cutoff=0.7):
        return _("Did you mean {name}?", name=folded[near[0]])
    if near := get_close_matches(wanted.rpartition("/")[2], by_city, n=1, cutoff=0.8):
        return _("Did you mean {name}?", name=folded[by_city[near[0]]])
    return _("Write a name such as Asia/Shanghai or Europe/Berlin.")
