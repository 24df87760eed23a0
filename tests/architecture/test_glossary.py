"""Every term of the glossary is a word of the code and has a word in both languages."""

import ast
import re

import pytest

from tests.architecture.source import ROOT, of_work_tree

pytestmark = pytest.mark.xdist_group("one worker reads the whole tree")

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| term ")
]


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Return every name of the program: of modules, functions, classes, values, fields and arguments."""
    names: set[str] = set()
    for module in of_work_tree().package.values():
        names.add(module.own_name)
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Constant):
                names.update(value for _field, value in ast.iter_fields(node) if isinstance(value, str))
    return names


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_each_term_has_a_chinese_word_a_meaning_and_a_name_that_the_code_uses(row: list[str], used: set[str]) -> None:
    _term, chinese, meaning, name = row
    assert re.search("[\u4e00-\u9fff]", chinese)
    assert meaning
    assert name.strip("`") in used


def test_terms_stand_in_the_order_of_the_alphabet() -> None:
    terms = [row[0].casefold() for row in ROWS]
    assert terms == sorted(terms)
    assert 25 <= len(terms) <= 45
