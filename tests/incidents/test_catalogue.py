"""The service catalogue: complete in both languages, extended by a lead's file, never broken by one."""

from pathlib import Path

import pytest

from agent_assist.incidents.catalogue import (
    CATALOGUE_FILE,
    EFFECTS,
    Audience,
    Place,
    Service,
    load_catalogue,
    read_catalogue,
    shipped_catalogue,
)

SHIPPED = shipped_catalogue()
OWN = """
[[service]]
id = "points"
name = { zh = "积分", en = "points" }
plural = true
words = ["loyalty"]
down = { zh = "无法查看积分", en = "cannot see their points" }

[[service]]
id = "login"
name = { zh = "登入", en = "login" }
"""


def test_the_shipped_catalogue_is_whole() -> None:
    assert SHIPPED.problems == ()
    assert len(SHIPPED.services) >= 20
    for names in (
        *(service.name for service in SHIPPED.services),
        *(audience.name for audience in SHIPPED.audiences),
        *(place.name for place in (*SHIPPED.regions, *SHIPPED.platforms)),
    ):
        assert set(names) == {"zh", "en"}, names
    for service in SHIPPED.services:
        for effect in EFFECTS:
            assert set(service.clauses[effect]) == {"zh", "en"}, (service.id, effect)


def test_no_word_of_the_shipped_catalogue_means_two_things() -> None:
    for service in SHIPPED.services:
        for word in (service.id, *service.name.values(), *service.words):
            assert SHIPPED.service(word) == service, word
    for audience in SHIPPED.audiences:
        for word in (audience.id, *audience.name.values(), *audience.words):
            assert SHIPPED.audience(word) == audience, word


@pytest.mark.parametrize("name", ["login", "登录", "Sign-in", "ＳＩＧＮ－ＩＮ", "sign in", " 登陆 ", "LOG IN"])
def test_a_service_is_known_by_its_id_its_names_and_what_people_call_it(name: str) -> None:
    service = SHIPPED.service(name)
    assert service is not None
    assert service.id == "login"


def test_a_file_of_ones_own_adds_services_and_replaces_those_with_the_same_id(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE_FILE).write_text(OWN, "utf-8")
    both = load_catalogue([tmp_path, tmp_path / "no such folder"])
    points, login = both.service("loyalty"), both.service("login")
    assert points is not None
    assert points.clause("down", "en") == "cannot see their points"
    assert points.clause("slow", "zh") == "使用积分很慢"
    assert points.clause("wrong", "en") == "points do not work correctly"
    assert Service("crm", {"zh": "CRM", "en": "CRM"}).clause("slow", "zh") == "使用 CRM 很慢"
    assert login is not None
    assert login.clause("down", "zh") == "无法使用登入"
    assert both.service("payment") == SHIPPED.service("payment")
    assert both.problems == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('[[service]]\nid = "a"\n', 1, "missing required field `name`"),
        ('[[service]]\nid = "a"\nname = { zh = "甲" }\nnaem = 1\n', 4, "unknown field `naem`"),
        ('[[service]]\nid = "a"\nname = { fr = "jeu" }\n', 3, "“fr” is not a language"),
        ('[[service]]\nid = "a"\nname = { zh = "甲" }\ndown = { en = "can not pay" }\n', 4, "must begin with"),
        ('[[service]]\nid = "a"\nname = { zh = "甲" }\nslow = { zh = "很慢。" }\n', 4, "leave the punctuation off"),
        ('[[service]]\nid = "a"\nname = { zh = "甲" }\n[[service]]\nid = "a"\nname = { zh = "乙" }\n', 5, "used twice"),
        ('[service]\nid = "a"\n', 1, "[[service]]"),
        ('[[region]]\nid = ""\nname = { zh = "甲" }\n', 2, "needs an id"),
        ("[[planet]]\n", 1, "Unknown key “planet”"),
        ("[[service]\n", 1, "Not valid TOML"),
    ],
)
def test_a_broken_entry_is_named_with_its_line_and_the_others_stand(text: str, line: int, reason: str) -> None:
    good = '[[audience]]\nid = "drivers"\nname = { zh = "司机", en = "drivers" }\n'
    catalogue = read_catalogue(text + good, "services.toml")
    assert [(problem.file, problem.line) for problem in catalogue.problems] == [("services.toml", line)]
    assert reason in catalogue.problems[0].reason
    if reason != "Not valid TOML":
        assert catalogue.audience("司机") == Audience("drivers", {"zh": "司机", "en": "drivers"})


def test_a_name_that_nobody_listed_is_none() -> None:
    assert SHIPPED.service("") is None
    assert SHIPPED.service("月球") is None
    assert isinstance(SHIPPED.region("华东"), Place)
    assert isinstance(SHIPPED.service("app"), Service)
