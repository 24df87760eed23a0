"""The announcements of an incident: every channel and language, from the phrasebook and the facts."""

import datetime as dt
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.incidents import Eta, Incident
from agent_assist.incidents.catalogue import load_catalogue
from agent_assist.incidents.compose import compose
from agent_assist.incidents.incident import STATUSES, Status
from agent_assist.phrasebook import Phrase
from agent_assist.services import Services
from agent_assist.services.announcements import Announcement, fitting_phrases
from agent_assist.settings import Settings, shipped_phrasebooks
from agent_assist.store import MemoryStore
from tests.conftest import NOW, SHANGHAI

BRAND = {"zh": "示例云", "en": "Example Cloud"}


def minutes(count: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=count)


ETAS = {
    "known": Eta(at=minutes(30)),
    "range": Eta(start=minutes(20), end=minutes(50)),
    "unknown": Eta(),
    "passed": Eta(at=minutes(-5)),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Services:
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        database="",
        agent="小李",
        public_name={},
        language="zh",
        phrasebooks=(shipped_phrasebooks(),),
        brand=BRAND,
    )
    return Services(settings, store=MemoryStore(), clock=lambda: NOW, tz=SHANGHAI)


def incident(status: Status = "identified", eta: str = "known", **facts: object) -> Incident:
    known = {
        "services": ("login",),
        "effect": "down",
        "share": "15%",
        "cause_kind": "change",
        "action": "roll-back",
        "prevention": "rehearse",
        "workaround": "请先不要退出登录",
        "translations": {"en": {"workaround": "please stay signed in"}},
        "next_update_due": minutes(15),
    } | facts
    made = Incident(
        id="INC-1",
        title="",
        status=status,
        eta=ETAS[eta],
        started_at=minutes(-40),
        updated_at=minutes(-3),
        **known,  # type: ignore[arg-type]
    )
    return compose(made, load_catalogue(()))


def of(desk: Services, facts: Incident, channel: str, lang: str) -> Announcement:
    (made,) = desk.announcements.make(facts, (channel,), (lang,))  # type: ignore[arg-type]
    return made


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("eta", ETAS)
@pytest.mark.parametrize("sparse", [False, True])
def test_every_channel_says_every_stage_whole_and_within_its_limit(
    desk: Services, status: Status, eta: str, *, sparse: bool
) -> None:
    nothing = dict.fromkeys(("share", "cause_kind", "action", "prevention", "workaround"), "")
    facts = incident(status, eta, **(nothing | {"translations": {}, "next_update_due": None} if sparse else {}))
    for made in desk.announcements.make(facts):
        where = (made.channel, made.lang, status, eta, made.text)
        assert made.is_ready, (where, made.objections)
        assert made.phrase is not None, where
        assert status in made.phrase.stages, where
        assert made.size is None or not made.size.is_too_long, where
        assert not re.search(r"[。，；：][。，；]|[.,;] ?[.,;]|  |\s[,.]|,[a-z]|[一-鿿]{1} [一-鿿]", made.text), where
        if made.lang == "en":
            assert not re.search(r"[.!?] [a-z]", made.text.replace("o'clock", "")), where
        else:
            assert made.text.rstrip()[-1] in "。？日云", where


@pytest.mark.parametrize("kind", ["change", "supplier", "hardware", "customer-side", "unknown"])
def test_nobody_takes_the_fault_of_another_and_everybody_the_own(desk: Services, kind: str) -> None:
    for made in desk.announcements.make(incident(cause_kind=kind), ("in-app", "mail", "letter")):
        is_owned = "这是我们的责任" in made.text or "our fault" in made.text
        assert is_owned == (kind == "change"), made.text


def test_the_forms_of_the_channels(desk: Services) -> None:
    facts = incident()
    assert of(desk, facts, "sms", "zh").text.startswith("【示例云】")
    assert of(desk, facts, "sms", "en").text.startswith("Example Cloud: ")
    mail = of(desk, facts, "mail", "zh")
    assert mail.subject
    assert mail.text.startswith(f"主题：{mail.subject}\n\n")
    assert mail.text.endswith("\n示例云")
    letter = of(desk, facts, "letter", "en").text
    assert letter.startswith("Dear Sir or Madam,")
    assert letter.endswith("____________\nExample Cloud\n20 November 2026")
    assert "签字：____" in of(desk, facts, "letter", "zh").text
    assert of(desk, facts, "letter", "zh").text.endswith("2026年11月20日")


def test_a_phone_script_can_be_spoken_at_every_stage(desk: Services) -> None:
    for status in STATUSES:
        for eta in ETAS:
            for lang in ("zh", "en"):
                text = of(desk, incident(status, eta), "phone", lang).text
                assert not re.search(r"[（）()【】\[\]“”%/]|回复|截图|reply|\d{2}:\d{2}.*(?<!ing)(?<!oon)\.$", text), (
                    text
                )


def test_a_missing_brand_is_named_with_the_way_on(desk: Services) -> None:
    nameless = Services(replace(desk.settings, brand={}), store=MemoryStore(), clock=lambda: NOW, tz=SHANGHAI)
    sms = of(nameless, incident(), "sms", "zh")
    assert [gap.name for gap in sms.gaps] == ["brand"]
    assert sms.ways_on == ("agent-assist settings set brand_zh …",)
    assert of(nameless, incident(), "banner", "zh").is_ready


def test_a_broken_time_is_owned_and_never_quoted_as_a_promise(desk: Services) -> None:
    for made in desk.announcements.make(incident(eta="passed")):
        assert "预计" not in made.text, made.text
        assert "we expect" not in made.text.lower(), made.text
        assert "没有做到" in made.text or "and were not" in made.text or "missed the time" in made.text, made.text


def test_what_works_again_is_said_while_the_rest_is_repaired(desk: Services) -> None:
    part = incident(services=("login", "payment"), recovered=("login",))
    assert "登录已经恢复，其余部分仍在修复" in of(desk, part, "in-app", "zh").text
    assert "Working again: sign-in." in of(desk, part, "mail", "en").text


def test_a_notice_that_was_wrong_is_corrected_by_name_only(desk: Services) -> None:
    over = incident("resolved")
    usual = of(desk, over, "sms", "zh")
    (corrected,) = desk.announcements.make(over, ("sms",), ("zh",), phrase_id="notice-sms-false-alarm")
    assert usual.phrase
    assert usual.phrase.id == "notice-sms-resolved"
    assert "更正" in corrected.text


def test_a_teams_own_words_win(tmp_path: Path) -> None:
    def phrase(name: str, file: Path, stages: tuple[str, ...]) -> Phrase:
        return Phrase(
            id=name,
            title={},
            text={"zh": "甲"},
            kind="announcement",
            channels=("sms",),
            file=str(file),
            stages=stages,  # type: ignore[arg-type]
        )

    shipped = phrase("shipped-one", shipped_phrasebooks() / "zh-en" / "a.toml", ("identified",))
    own = phrase("own-one", tmp_path / "a.toml", ("identified",))
    own_other_stage = phrase("own-other", tmp_path / "a.toml", ("investigating",))
    own_over = phrase("own-over", tmp_path / "a.toml", ("resolved",))
    fits = fitting_phrases((own_over, own_other_stage, shipped, own), "sms", "zh", "identified")
    assert [each.id for each in fits] == ["own-one", "shipped-one", "own-other"]


def test_what_was_published_takes_its_steps_of_the_clock(desk: Services) -> None:
    opened = desk.open_incident({"title": "登录故障", "services": "login", "effect": "down", "share": "15%"})
    assert {step.name: step.state for step in desk.communication.read_clock(opened.id)}["notice"] == "due"
    made = desk.announcements.make(opened, ("phone",), ("zh",))
    publication = desk.announcements.record(made)
    assert (publication.channel, publication.version, publication.tells) == ("phone", 1, ("notice",))
    assert {step.name: step.state for step in desk.communication.read_clock(opened.id)}["notice"] == "done"
    assert set(desk.announcements.published(opened.id)) == {"phone"}


def test_a_time_in_spoken_words_counts_as_the_plan(desk: Services) -> None:
    opened = desk.open_incident({"title": "支付故障", "title.en": "Payments", "eta": "+30m"})
    made = desk.announcements.make(opened, ("phone",), ("en",))
    assert "plan" in desk.announcements.record(made).tells
