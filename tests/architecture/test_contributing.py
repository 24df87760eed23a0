"""CONTRIBUTING.md names what exists: every path, every verb with its command, and the words of the recipes."""

import re

import pytest

from tests.architecture.source import ROOT, of_work_tree

pytestmark = pytest.mark.xdist_group("one worker reads the whole tree")

TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def test_every_path_exists() -> None:
    paths = set(re.findall(r"`((?:agent_assist|docs|tests|phrasebooks|\.ci|\.github)/[\w./-]+)`", TEXT))
    assert len(paths) > 20
    made = {"tests/tui/__snapshots__/"}
    assert [path for path in sorted(paths - made) if not (ROOT / path.split()[0]).exists()] == []


@pytest.mark.parametrize(("verb", "command"), re.findall(r"^\| `make (\w+)` \| `(.*?)` \|", TEXT, re.MULTILINE))
def test_a_verb_is_the_command_beside_it(verb: str, command: str) -> None:
    recipe = re.search(rf"^{verb}:.*\n\t(.*)$", MAKEFILE, re.MULTILINE)
    assert recipe is not None
    assert recipe[1].replace("$(BIN)", ".venv/bin") == command


def test_every_verb_but_setup_stands_in_the_table() -> None:
    verbs = set(re.findall(r"^([a-z]+): +##", MAKEFILE, re.MULTILINE)) - {"help", "setup"}
    assert verbs == set(re.findall(r"^\| `make (\w+)`", TEXT, re.MULTILINE))


def test_every_name_of_the_recipes_is_one_of_the_code() -> None:
    names = set(re.findall(r"`([A-Z_][A-Za-z_]+|_[A-Z]+|disabled_reason)`", TEXT)) - {"CHANGELOG"}
    code = "\n".join(module.text for module in of_work_tree().package.values())
    assert len(names) > 10
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", code)] == []
