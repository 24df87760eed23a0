"""Lint finds what would reach a customer wrong, and says where; a sound book has no finding."""

import datetime as dt
import re

import pytest
from msgspec.structs import replace

from agent_assist.phrasebook.lint import LintContext, Template, filled_sample, lint
from tests.phrasebook.conftest import ENTRY, Read

TODAY = dt.date(2026, 11, 20)
NAMES = frozenset({"customer.name", "incident.eta", "offer.amount", "now"})


def read_template(text: str) -> Template:
    """What desk passes in, reduced to this test: names in braces, and one mistake."""
    if "{%" in text:
        return Template(mistake="“{%” is never closed.")
    return Template(names=tuple(re.findall(r"\{\{\s*([^\s|}]+)", text)))


KNOWN = LintContext(names=NAMES, read=read_template, today=TODAY)


def entry(zh: str = "{{ customer.name }}，抱歉。", en: str = "{{ customer.name }}, sorry.", **keys: str) -> str:
    """A sound entry with a text and keys replaced."""
    texts = [f'{lang} = """{text}"""' for lang, text in (("zh", zh), ("en", en)) if text]
    table = {"id": '"a-b"', "title": '{ zh = "题", en = "Title" }', "text": f"{{ {', '.join(texts)} }}"} | keys
    return "[[phrase]]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())


THIRD = entry(title='{ zh = "题", en = "T", fr = "T" }', text='{ zh = "文", en = "T", fr = "T" }')
LABEL = entry("{{ g }}", "{{ g }}", fields='{ g = { label = { zh = "赠品" } } }')
CHOICE = entry("{{ g }}", "{{ g }}", fields='{ g = { control = "choice" } }')
UNEVEN = entry(zh="{{ customer.name }} {{ incident.eta }}")

FINDINGS = [
    ("a name nothing fills", entry("{{ now.x }}", "{{ now.x }}"), "error", "Nothing fills “now.x”."),
    ("a broken template", entry(zh="{%"), "error", "zh: “{%” is never closed."),
    ("a choice without choices", CHOICE, "error", "without choices"),
    ("used, not declared", entry("{{ 赠品 }}", "{{ 赠品 }}"), "warning", "“赠品” is used but not declared"),
    ("declared, not used", entry(fields="{ gift = {} }"), "warning", "“gift” is declared but not used"),
    ("declared, but a fact", entry(fields='{ "customer.name" = {} }'), "warning", "is filled by the facts"),
    ("one language", entry(en=""), "warning", "The text is missing in: en."),
    ("a third language", THIRD, "warning", "“fr” is not one of"),
    ("different placeholders", UNEVEN, "warning", "Only the zh text uses: incident.eta."),
    ("a label in one language", LABEL, "warning", "no label in: en"),
    ("a passed review date", entry(review_by="2026-11-19"), "warning", "The review date 2026-11-19 has passed."),
    ("an id of one word", entry(id='"sorry"'), "warning", "The id should be"),
    ("an id in capitals", entry(id='"Login-Sorry"'), "warning", "The id should be"),
    ("too long", entry(zh="长" * 201, en="", channels='["sms"]'), "warning", "long for sms: about 201, and 70 fit."),
]


@pytest.mark.parametrize(("content", "severity", "reason"), [pytest.param(*row[1:], id=row[0]) for row in FINDINGS])
def test_each_finding_has_its_place_and_severity(read: Read, content: str, severity: str, reason: str) -> None:
    problems = lint(read(book="\n" + content), KNOWN)
    (problem,) = [problem for problem in problems if reason in problem.reason]
    assert (problem.severity, problem.line) == (severity, 2)
    assert problem.file.endswith("book.toml")


def test_a_sound_book_has_no_finding(read: Read) -> None:
    sound = entry(
        "{{ now }} {{ gift }}",
        "{{ now }} {{ gift }}",
        review_by="2026-11-20",
        channels='["sms", "chat"]',
        fields='{ gift = { label = { zh = "赠品", en = "Gift" }, control = "choice", choices = ["券"] } }',
    )
    assert lint(read(book=sound), KNOWN) == ()


def test_mistakes_found_while_reading_are_findings_too(read: Read) -> None:
    (problem,) = lint(read(book="[[phrase]"), KNOWN)
    assert (problem.severity, problem.line) == ("error", 1)


def test_an_apology_without_one_of_its_parts_is_named(read: Read) -> None:
    known = replace(KNOWN, lacking=lambda _phrase, lang: ["scope", "remedy"] if lang == "zh" else [])
    (problem,) = lint(read(book=entry(kind='"apology"')), known)
    assert (problem.severity, problem.reason) == ("warning", "The zh apology lacks: scope, remedy.")
    assert lint(read(book=entry(kind='"status"')), known) == ()


def test_retired_phrases_are_left_alone(read: Read) -> None:
    assert lint(read(book=entry("{{ customer.nmae }}", retired="true")), KNOWN) == ()


TITLES = [
    ("登录失败，致歉", "致歉：登录失败", True),
    ("Sorry: sign-in", "sign in SORRY", True),
    ("登录失败致歉", "登录缓慢致歉", False),
]


@pytest.mark.parametrize(("one", "other", "near"), TITLES)
def test_titles_of_the_same_words_are_near_duplicates(read: Read, one: str, other: str, near: bool) -> None:
    books = {
        name: entry(id=f'"{name}-x"', title=f'{{ zh = "{title}", en = "{name}" }}')
        for name, title in (("a", one), ("b", other))
    }
    found = [problem for problem in lint(read(**books), KNOWN) if "is nearly that of a-x" in problem.reason]
    assert [problem.phrase_id for problem in found] == (["b-x"] if near else [])


def test_findings_come_in_the_order_of_files_and_lines(read: Read) -> None:
    problems = lint(read(b=entry(id='"x"') + ENTRY + entry(id='"y"'), a=entry(id='"z"')), KNOWN)
    places = [(problem.file, problem.line) for problem in problems]
    assert places == sorted(places)


def test_a_placeholder_is_measured_as_a_value_of_the_text_s_own_script() -> None:
    assert filled_sample("抱歉{% if a %}，{% endif %}{{ customer.name }} ok") == "抱歉，字字字字字字 ok"
    assert filled_sample("Sorry {{ customer.name }}") == "Sorry xxxxxxxxxxxx"


def test_a_frame_that_breaks_with_some_facts_is_a_warning(read: Read) -> None:
    def broken(_phrase: object, lang: str) -> tuple[str, ...]:
        return ("“目前目前”",) if lang == "zh" else ()

    problems = lint(read(book=entry()), replace(KNOWN, broken=broken))
    assert [(problem.severity, problem.reason) for problem in problems] == [
        ("warning", "The zh text breaks with some facts: “目前目前”")
    ]
