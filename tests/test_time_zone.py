"""The zone is the one that was named, by its rules at each moment; a wrong name is said and never stops the program."""

import datetime as dt
import shutil
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.errors import Refused
from agent_assist.time_zone import find_local_zone, moments, start_of_day, zone_named

SUMMER = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
WINTER = dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo")


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def hours(name: str, at: dt.datetime) -> float:
    offset = at.astimezone(find_local_zone(name).tz).utcoffset()
    assert offset is not None
    return offset / dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "summer", "winter"),
    [
        ("Asia/Shanghai", 8, 8),
        ("Europe/Berlin", 2, 1),
        (":Europe/Berlin", 2, 1),  # POSIX: what follows a colon is up to the system, which takes a name
        ("CST-8", 8, 8),  # rules of POSIX count westwards
        ("<+0545>-5:45", 5.75, 5.75),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 2, 1),
        ("EST5EDT", -4, -5),
    ],
)
def test_a_named_zone_follows_its_rules_at_each_moment(name: str, summer: float, winter: float) -> None:
    assert (hours(name, SUMMER), hours(name, WINTER)) == (summer, winter)
    assert find_local_zone(name).problem == ""


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Mars/Phobos", "Asia/Shanghai"),
        ("asia/shanghai", "Did you mean Asia/Shanghai?"),
        ("Berlin", "Did you mean Europe/Berlin?"),
        ("Europe", ""),
        ("../../etc/passwd", ""),
        ("/etc/passwd", ""),
        ("/no/such/file", ""),
        ("a\0b\x1b[31m", ""),
        ("ABC5DEF", ""),
        ("CST-8,M3", ""),
        ("x" * 5000, ""),
        ("三", ""),
    ],
)
def test_a_wrong_name_is_said_and_the_system_s_zone_is_used(tmp_path: Path, name: str, hint: str) -> None:
    zone = find_local_zone(name, system_zone(tmp_path, "Asia/Tokyo"))
    assert (zone.name, zone.tz) == ("Asia/Tokyo", ZoneInfo("Asia/Tokyo"))
    assert "is not a time zone" in zone.problem
    assert hint in zone.problem
    assert "Asia/Tokyo" in zone.problem
    assert zone.problem.isprintable()
    assert len(zone.problem) < 300


@given(st.text(max_size=50))
def test_no_name_stops_the_program(name: str) -> None:
    zone = find_local_zone(name)
    assert SUMMER.astimezone(zone.tz).utcoffset() is not None


def system_zone(folder: Path, name: str) -> Path:
    """A link like /etc/localtime."""
    file = folder / "localtime"
    file.symlink_to(f"/usr/share/zoneinfo/{name}")
    return file


def test_the_system_s_zone_is_read_by_its_name(tmp_path: Path) -> None:
    zone = find_local_zone("", system_zone(tmp_path, "America/Argentina/Ushuaia"))
    assert zone == (ZoneInfo("America/Argentina/Ushuaia"), "America/Argentina/Ushuaia", "")


def test_a_copied_file_of_the_system_has_rules_too(tmp_path: Path) -> None:
    source = next((Path(folder, "Europe/Berlin") for folder in TZPATH if Path(folder, "Europe/Berlin").exists()), None)
    if source is None:
        pytest.skip("this system has no list of zones")
    file = tmp_path / "localtime"
    shutil.copy(source, file)
    zone = find_local_zone("", file)
    assert [SUMMER.astimezone(zone.tz).hour, WINTER.astimezone(zone.tz).hour] == [14, 13]
    assert find_local_zone(str(file)).problem == ""


def test_without_such_a_file_the_zone_is_asked_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import tzlocal

    monkeypatch.setattr(tzlocal, "get_localzone", lambda: BERLIN)
    assert find_local_zone("", tmp_path / "none") == (BERLIN, "Europe/Berlin", "")

    def contradicts() -> None:
        raise KeyError("Multiple conflicting time zone configurations found")

    monkeypatch.setattr(tzlocal, "get_localzone", contradicts)
    assert find_local_zone("", tmp_path / "none").tz is dt.UTC


def test_a_setting_takes_names_only() -> None:
    assert zone_named("Europe/Berlin", only_names=True) is BERLIN
    for backwards in ("UTC+8", "CST-8", "/etc/localtime"):
        with pytest.raises(Refused, match="is not a time zone"):
            zone_named(backwards, only_names=True)


def test_an_hour_comes_twice_or_not_at_all_when_the_clocks_change() -> None:
    assert moments(local("2026-10-25 02:30"), BERLIN) == (
        dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),
        dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),
    )
    assert moments(local("2026-03-29 02:30"), BERLIN) == ()
    assert moments(local("2026-03-29 03:00"), BERLIN) == (dt.datetime(2026, 3, 29, 1, 0, tzinfo=dt.UTC),)


@given(st.integers(0, 35 * 366 * 24 * 60), st.sampled_from(ZONES))
def test_every_moment_is_among_those_of_its_local_time(minutes: int, name: str) -> None:
    at = dt.datetime(2000, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
    assert at in moments(at.astimezone(ZoneInfo(name)), ZoneInfo(name))


@given(st.dates(dt.date(2000, 1, 1), dt.date(2037, 1, 1)), st.sampled_from(ZONES))
def test_a_day_begins_with_its_first_moment(day: dt.date, name: str) -> None:
    tz = ZoneInfo(name)
    start = start_of_day(day, tz)
    assert start.astimezone(tz).date() == day
    assert (start - dt.timedelta(microseconds=1)).astimezone(tz).date() == day - dt.timedelta(days=1)


def test_a_day_may_begin_at_one_o_clock() -> None:
    havana = ZoneInfo("America/Havana")
    assert start_of_day(dt.date(2026, 3, 8), havana).astimezone(havana).hour == 1
