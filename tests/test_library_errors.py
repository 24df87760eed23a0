"""Messages of libraries are read in one module. Each test here fails with the library's name when a new version words
its messages differently."""

import sqlite3
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any, Literal

import click
import msgspec
import psycopg
import pytest
from liquid.exceptions import LiquidError

from agent_assist import library_errors
from agent_assist.library_errors import SchemaError, TemplateSyntaxError, TomlSyntaxError
from agent_assist.replies.dialect import dialect


@pytest.mark.parametrize(
    ("text", "what", "place"),
    [
        ("a = 1\nb = ", "Invalid value", (0, 0)),
        ("a = 1\n  b = login", "Invalid value", (2, 7)),
        ("a = 1\na = 2\n", "Cannot overwrite a value", (2, 6)),
        ("[[phrase]\n", "Expected ']]' at the end of an array declaration", (1, 9)),
        ('a = "x\n', "Illegal character '\\n'", (1, 7)),
    ],
)
def test_tomllib(text: str, what: str, place: tuple[int, int]) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as raised:
        tomllib.loads(text)
    expected = TomlSyntaxError(what, *place)
    assert library_errors.toml_syntax_error(str(raised.value)) == expected, f"tomllib changed: {raised.value}"


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A table below the entry."""

    id: str
    control: Literal["text", "choice"] = "text"


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One field of each type that our files have."""

    id: str
    stages: tuple[Literal["open", "over"], ...] = ()
    title: str | dict[str, str] = ""
    review_by: date | None = None
    retired: bool = False
    parts: dict[str, Part] = {}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"id": None}, SchemaError("type", "Expected `str`, got `null`", ("id",), expected="str", got="null")),
        (
            {"title": 1},
            SchemaError("type", "Expected `str | object`, got `int`", ("title",), expected="str | object", got="int"),
        ),
        ({"title": {"zh": 1}}, SchemaError("type", "Expected `str`, got `int`", ("title", "…"), "", "", "str", "int")),
        (
            {"review_by": time(1)},
            SchemaError("type", "Expected `date | null`, got `time`", ("review_by",), "", "", "date | null", "time"),
        ),
        ({"review_by": "soon"}, SchemaError("other", "Invalid RFC3339 encoded date", ("review_by",))),
        (
            {"stages": ["over", "no"]},
            SchemaError("choice", "Invalid enum value 'no'", ("stages", 1), value="no"),
        ),
        (
            {"stages": ["it's - at `$.id`"]},
            SchemaError("choice", 'Invalid enum value "it\'s - at `$.id`"', ("stages", 0), value="it's - at `$.id`"),
        ),
        ({"colour": "red"}, SchemaError("unknown", "Object contains unknown field `colour`", (), "colour")),
        ({"parts": {"x": {}}}, SchemaError("missing", "Object missing required field `id`", ("parts", "…"), "id")),
        (
            {"parts": {"x": {"id": "", "control": "slider"}}},
            SchemaError("choice", "Invalid enum value 'slider'", ("parts", "…", "control"), value="slider"),
        ),
    ],
)
def test_msgspec(fields: dict[str, Any], error: SchemaError) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert({"id": "a"} | fields, Entry)
    assert library_errors.schema_error(str(raised.value)) == error, f"msgspec changed: {raised.value}"


def test_msgspec_names_a_field_that_the_whole_document_lacks() -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert({}, Entry)
    found = library_errors.schema_error(str(raised.value))
    assert (found.kind, found.full_path) == ("missing", ("id",)), f"msgspec changed: {raised.value}"


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("a\n{% endif %}", TemplateSyntaxError("tag", "endif")),
        ("{% else %}", TemplateSyntaxError("tag", "else")),
        ("{% include 'x' %}", TemplateSyntaxError("tag", "include")),
        ("{% if a %}x", TemplateSyntaxError("unclosed", "endif")),
        ("{% unless a %}x", TemplateSyntaxError("unclosed", "endunless")),
        ("{{ a b }}", TemplateSyntaxError("expression")),
        ("{{ }}", TemplateSyntaxError("expression")),
        ("{{ a | }}", TemplateSyntaxError("expression")),
        ("{% if %}x{% endif %}", TemplateSyntaxError("expression")),
        ("{% if a = b %}x{% endif %}", TemplateSyntaxError("expression")),
        ("{{ a | append: 'y }}", TemplateSyntaxError("expression")),
        ("{% if a %}" * 13, TemplateSyntaxError("other")),
    ],
)
def test_liquid(template: str, error: TemplateSyntaxError) -> None:
    with pytest.raises(LiquidError) as raised:
        dialect().from_string(template)
    message = raised.value.message
    assert library_errors.template_syntax_error(str(message)) == error, f"liquid changed: {message}"


@pytest.mark.parametrize(("words", "extra"), [(["1", "2"], "2"), (["1", "2", "(3) x"], "2 (3) x")])
def test_click(words: list[str], extra: str) -> None:
    command = click.Command("x", params=[click.Argument(["one"])])
    with pytest.raises(click.UsageError) as raised:
        command.main(words, standalone_mode=False)
    message = raised.value.format_message()
    assert library_errors.extra_arguments(message) == extra, f"click changed: {message}"
    assert library_errors.extra_arguments("No such option: --x") is None


def test_sqlite(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"only some text" * 500)
    connection = sqlite3.connect(tmp_path / "x")
    with pytest.raises(sqlite3.DatabaseError) as raised:
        connection.execute("SELECT * FROM sqlite_master")
    connection.close()
    assert library_errors.is_not_a_database(str(raised.value)), f"sqlite changed: {raised.value}"


def test_psycopg(tmp_path: Path) -> None:
    with pytest.raises(psycopg.OperationalError) as raised:
        psycopg.connect(f"postgresql:///x?host={tmp_path}/none")
    reason = library_errors.database_reason(str(raised.value))
    assert str(raised.value).startswith("connection is bad: "), f"psycopg changed: {raised.value}"
    assert reason.startswith("connection to server on socket"), f"psycopg changed: {raised.value}"
    assert "\n" not in reason
