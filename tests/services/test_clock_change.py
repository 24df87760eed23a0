"""A desk used before and after a change of the clocks reads, shows and counts each time by the rules of then."""

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest

from agent_assist.cli import main
from agent_assist.cli.session import Session
from agent_assist.offers import OfferFilter
from agent_assist.services import Services
from agent_assist.services.export_job import ExportJob
from agent_assist.settings import read
from agent_assist.store import MemoryStore

JULY = dt.datetime(2026, 7, 3, 8, 0, tzinfo=dt.UTC)
NOVEMBER = dt.datetime(2026, 11, 27, 8, 0, tzinfo=dt.UTC)
SATURDAY_EVENING = dt.datetime(2026, 3, 28, 21, 0, tzinfo=dt.UTC)
SUNDAY_MORNING = dt.datetime(2026, 3, 29, 5, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")


def desk(now: dt.datetime, store: MemoryStore) -> Services:
    return Services(read(), store=store, clock=lambda: now)


def an_outage(services: Services, **typed: str) -> Any:
    return services.open_incident({"title": "Outage", "scope": "some users cannot sign in", **typed})


def test_a_time_of_the_morning_after_is_that_morning_s() -> None:
    store = MemoryStore()
    saturday, sunday = desk(SATURDAY_EVENING, store), desk(SUNDAY_MORNING, store)
    incident = an_outage(saturday, eta="tomorrow 09:00")
    assert incident.eta.at == dt.datetime(2026, 3, 29, 7, 0, tzinfo=dt.UTC)
    phrase = sunday.phrase("login-failure-apology")
    for services in (saturday, sunday):
        reply = services.reply_for(phrase, {"customer.name": "X"}, incident, lang="en")
        assert "09:00" in reply.text


def test_a_time_of_last_summer_is_read_in_summer_time() -> None:
    incident = an_outage(desk(NOVEMBER, MemoryStore()), started="2026-07-01 09:00")
    assert incident.started_at == dt.datetime(2026, 7, 1, 7, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize("now", [JULY, NOVEMBER])
def test_an_offer_stays_on_its_day(now: dt.datetime, tmp_path: Path) -> None:
    """Made on 2 July at 00:30 in Berlin."""
    store = MemoryStore()
    early = desk(dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC), store)
    typed = {"kind": "coupon", "amount": "7", "customer": "B", "sentence": "s"}
    early.compensation.add(early.compensation.new_offer(typed, op_id="op"))
    services = desk(now, store)
    assert [day.key for day in store.sums(OfferFilter(), "day", services.tz)] == ["2026-07-02"]
    ExportJob(services.context, OfferFilter()).to(tmp_path / "offers.csv", "csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "offers.csv").read_text("utf-8-sig"))))
    assert any(cell == "2026-07-02 00:30:00" for cell in rows[1])


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (dt.datetime(2026, 3, 29, 12, tzinfo=dt.UTC), dt.datetime(2026, 3, 28, 23, tzinfo=dt.UTC)),
        (dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC), dt.datetime(2026, 10, 24, 22, tzinfo=dt.UTC)),
    ],
)
def test_the_limits_of_a_day_count_from_its_own_midnight(now: dt.datetime, begins: dt.datetime) -> None:
    services = desk(now, MemoryStore())
    offer = services.compensation.new_offer(
        {"kind": "coupon", "amount": "7", "customer": "B", "sentence": "s"}, op_id="op"
    )
    assert services.compensation.terms(offer).day_begins == begins


def test_the_zone_of_the_environment_comes_before_that_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('time_zone = "Asia/Tokyo"', "utf-8")
    assert read(home=tmp_path, environ={}).time_zone == "Asia/Tokyo"
    assert read(home=tmp_path, environ={"TZ": "Europe/Berlin"}).time_zone == "Europe/Berlin"
    assert read(home=tmp_path, environ={"TZ": ""}).time_zone == "UTC"
    monkeypatch.delenv("TZ")
    assert Services(read(home=tmp_path), store=MemoryStore()).local_zone.name == "Asia/Tokyo"


def test_a_wrong_zone_is_said_by_commands_and_by_doctor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TZ", "Mars/Phobos")
    assert main(["incident", "list"]) == 0
    assert "“Mars/Phobos” is not a time zone." in capsys.readouterr().err
    assert main(["doctor"]) == 1
    assert "✗ Time zone" in capsys.readouterr().out
    assert main(["settings", "set", "time_zone", "Berlin"]) == 1
    assert "Did you mean Europe/Berlin?" in capsys.readouterr().err


def test_the_log_tells_the_two_hours_of_the_same_name_apart() -> None:
    store = MemoryStore()
    session = Session(desk_for=lambda settings: Services(settings, store=store, clock=lambda: NOVEMBER))
    shown = [session.clock_time(dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)) for hour in (0, 1, 2)]
    assert shown == ["2026-10-25 02:30+0200", "2026-10-25 02:30+0100", "2026-10-25 03:30"]
