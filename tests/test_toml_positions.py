"""Every key and list element of a TOML text is found at its line and column, whatever surrounds it."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.settings import shipped_phrasebooks
from agent_assist.toml_positions import TomlPositions

TEXT = '''# a comment: x = 1
title = "登录 = 故障"   # [title]
services = ["a", 'b',
  "c", # one ] more
  ["d"],
]
site.'name of "it"' . color = 0xff

[en]
scope = """
scope = "no"
[[rule]]
"""
cause = \'\'\'x'\'\'\'

[[rule]]
name = { zh = "甲", "en\\u0041" = ["x", { deep = 1979-05-27 07:32:00 }] }
  [rule.allow]
  coupon = "20"
[[ rule ]]
name = 1.5
[[rule.limits]]
n = 1
[[rule.limits]]
n = 2
'''

PLACES: list[tuple[tuple[str | int, ...], tuple[int, int]]] = [
    (("title",), (2, 1)),
    (("services",), (3, 1)),
    (("services", 1), (3, 18)),
    (("services", 2), (4, 3)),
    (("services", 3, 0), (5, 4)),
    (("site",), (7, 1)),
    (("site", 'name of "it"', "color"), (7, 23)),
    (("en",), (9, 1)),
    (("en", "scope"), (10, 1)),
    (("en", "cause"), (14, 1)),
    (("rule",), (16, 1)),
    (("rule", 0), (16, 1)),
    (("rule", 0, "name", "zh"), (17, 10)),
    (("rule", 0, "name", "enA", 1, "deep"), (17, 41)),
    (("rule", 0, "allow", "coupon"), (19, 3)),
    (("rule", 1), (20, 1)),
    (("rule", 1, "name"), (21, 1)),
    (("rule", 1, "limits", 0, "n"), (23, 1)),
    (("rule", 1, "limits", 1, "n"), (25, 1)),
    (("rule", 0, "allow", "voucher"), (18, 3)),
    (("rule", 7), (16, 1)),
    (("site", "…", "color"), (7, 23)),
    (("en", "…"), (9, 1)),
    (("nothing",), (0, 0)),
    ((), (0, 0)),
]


@pytest.mark.parametrize(("path", "place"), PLACES, ids=[".".join(map(str, path)) or "all" for path, _place in PLACES])
def test_a_key_is_found_where_it_is_written_and_a_missing_one_where_it_should_be(
    path: tuple[str | int, ...], place: tuple[int, int]
) -> None:
    tomllib.loads(TEXT)
    assert TomlPositions(TEXT).of(*path) == place


def paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path below a value."""
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in inner:
        yield (*path, key)
        yield from paths(held, (*path, key))


_WORDS = st.text(st.sampled_from("ab=[]{}#\"'\\.,\n 登é"), max_size=6)
_VALUES = st.recursive(
    st.integers() | st.booleans() | st.dates() | st.datetimes() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_WORDS, _VALUES, max_size=4), st.booleans())
def test_every_path_of_any_document_has_a_place_of_its_own(document: dict[str, Any], multiline: bool) -> None:
    text = tomli_w.dumps(document, multiline_strings=multiline)
    positions = TomlPositions(text)
    lines = text.split("\n")
    for path in paths(tomllib.loads(text)):
        line, column = positions.of(*path)
        rest = lines[line - 1][column - 1 :]
        if isinstance(path[-1], int):
            assert rest
        else:
            assert _starts_with(rest, path[-1]), (text, path, rest)


def _starts_with(rest: str, name: str) -> bool:
    """Whether the key is written here, or the header of its table is."""
    written = {name, tomli_w.dumps({name: 1}).removesuffix(" = 1\n")}
    return any(rest.startswith(key) for key in written) or (
        rest.startswith("[") and any(key in rest for key in written)
    )


@pytest.mark.parametrize("path", sorted(shipped_phrasebooks().rglob("*.toml")), ids=lambda path: path.name)
def test_every_path_of_the_shipped_files_is_found(path: Path) -> None:
    text = path.read_text("utf-8")
    positions = TomlPositions(text)
    assert all(positions.of(*each) != (0, 0) for each in paths(tomllib.loads(text)))


@pytest.mark.parametrize("text", ["a = ", "[", "[[a", "a = [1", 'a = "', "= 1", "a = {b", "\x00", "]", '"""'])
def test_a_text_that_is_not_toml_ends_the_scan_too(text: str) -> None:
    TomlPositions(text).of("a")
