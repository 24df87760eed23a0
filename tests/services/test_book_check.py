"""The shipped phrasebooks hold to their own rules, and lint looks at a phrase at its best."""

from pathlib import Path

from msgspec.structs import replace

from agent_assist.services import Services
from agent_assist.services.book_check import lint_phrases
from agent_assist.settings import read, shipped_phrasebooks
from tests.conftest import NOW, SHANGHAI

LATE = """
[[phrase]]
id = "late"
kind = "apology"
review_by = 2030-01-01
approved_by = ["support"]
title = "Late"
lang = "en"
text = "Orders are late; that is our fault and we are sorry. Yours should leave by {{ ship_by | clock }}."
[phrase.fields.ship_by]
label = { en = "Leaves by" }
control = "datetime"
"""


def found(home: Path, book: str = "") -> list[str]:
    """What is found in this book, or in the shipped ones."""
    (home / "own").mkdir(exist_ok=True)
    (home / "own" / "own.toml").write_text(book, "utf-8")
    folder = home / "own" if book else shipped_phrasebooks()
    services = Services(replace(read(home=home, environ={}), phrasebooks=(folder,)), clock=lambda: NOW, tz=SHANGHAI)
    return [f"{problem.phrase_id}: {problem.reason}" for problem in lint_phrases(services)]


def test_nothing_is_left_to_warn_of_in_the_shipped_books(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_time_that_the_agent_fills_in_counts_as_a_remedy(tmp_path: Path) -> None:
    assert "remedy" not in " ".join(found(tmp_path, LATE))


def test_an_apology_without_a_time_or_a_way_out_is_found(tmp_path: Path) -> None:
    without, _field = LATE.replace(" Yours should leave by {{ ship_by | clock }}.", "").split("[phrase.fields")
    assert "remedy" in " ".join(found(tmp_path, without))


def test_placeholders_of_other_programs_are_errors_in_texts_and_in_what_fields_offer(tmp_path: Path) -> None:
    book = LATE.replace("Orders are late", "Hi {first_name}, orders are late") + 'default = "[date]"\n'
    assert {
        "late: The field “ship_by” offers [date], which nothing fills.",
        "late: en: {first_name} is not filled by anything here.",
    } <= set(found(tmp_path, book))


def test_a_phrase_that_cannot_be_filled_is_named_and_the_others_are_checked(tmp_path: Path) -> None:
    bomb = "{% if (1..1000000000000) contains 'z' %}y{% endif %}"
    book = LATE + LATE.replace('"late"', '"late-bomb"').replace("Orders", bomb + "Orders")
    book += LATE.replace('"late"', '"late-broken"').replace("Orders", "{{ 'a' | append }}Orders")
    reasons = found(tmp_path, book)
    assert "late-bomb: en: A range such as (1..9) cannot be used in phrases." in reasons
    assert any(reason.startswith("late-broken: en: ") and "wrong number of values" in reason for reason in reasons)


def test_a_mistake_in_a_list_of_services_is_found_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "services.toml").write_text('[[service]]\nid = "points"\nname = { zh = "积分。" }\n', "utf-8")
    assert any("leave the punctuation off" in reason for reason in found(tmp_path, LATE))


def test_a_frame_is_tried_with_many_sets_of_facts(tmp_path: Path) -> None:
    frame = LATE.replace(
        "Orders are late;", "Right now Currently {{ incident.scope }}, because of {{ incident.cause }};"
    )
    reasons = " ".join(found(tmp_path, frame))
    assert "late: The en text breaks with some facts: “Right now Currently" in reasons
    assert "“incident.cause” can be absent" in reasons
