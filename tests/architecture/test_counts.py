"""What the house counts about itself does not grow, and the counting sees what it should."""

import pytest

from tests.architecture import counts, private_api
from tests.architecture.imports import circles, graph_of
from tests.architecture.source import Source, of_work_tree

pytestmark = pytest.mark.xdist_group("one worker reads the whole tree")

KEPT = counts.kept()


@pytest.fixture(scope="module")
def source() -> Source:
    return of_work_tree()


def test_every_figure_has_a_bound() -> None:
    assert list(KEPT) == list(counts.MEASURES), "run: python -m tests.architecture.counts --keep"


@pytest.mark.parametrize("name", counts.MEASURES)
def test_no_figure_grows(source: Source, name: str) -> None:
    places = counts.MEASURES[name](source)
    assert len(places) <= KEPT[name], "\n".join([f"{name}: {len(places)}, and no more than {KEPT[name]}:", *places])


def test_every_name_that_may_exist_twice_exists(source: Source) -> None:
    modules = {module.own_name for module in source.package.values()}
    classes = {name for module in source.package.values() for name in counts.public_classes(module)}
    assert set(counts.SAME_MODULE_NAMES) - modules == set()
    assert set(counts.SAME_CLASS_NAMES) - classes == set()


def sample(**files: str) -> Source:
    """Return a program of these files; `tui__desk` stands for tui/desk.py."""
    return Source({f"agent_assist/{name.replace('__', '/')}.py": text for name, text in files.items()})


def test_a_circle_through_a_function_and_a_type_is_found() -> None:
    source = sample(
        a="def f():\n    from agent_assist import b\n",
        b="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from agent_assist.c import C\n",
        c="import agent_assist.a\nimport agent_assist.d\n",
        d="import agent_assist.a_thing\n",
    )
    assert circles(graph_of(source)) == [["agent_assist.a", "agent_assist.b", "agent_assist.c"]]


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from textual._ansi_sequences import KEYS", ["1 textual._ansi_sequences.KEYS"]),
        ("import asyncio\nasyncio.get_event_loop()._ready", ["2 _ready"]),
        ("class Box(Widget):\n    def _on_key(self): ...", ["2 _on_key"]),
        ("class Box(Input): ...\nclass Own(Box):\n    def f(self):\n        self._suggestion = 1", ["4 _suggestion"]),
        ("class Box(Widget):\n    def _ours(self):\n        return self._ours", []),
        ("import os\nos._exit(1)", []),
    ],
)
def test_private_names_of_libraries_are_told_from_ours(code: str, names: list[str]) -> None:
    assert private_api.uses(sample(x=code)) == [f"agent_assist/x.py:{name}" for name in names]


def test_what_stands_in_the_folder_for_private_names_is_not_counted() -> None:
    assert private_api.uses(sample(tui__textual_private__keys="from textual._x import Y")) == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("def f():\n    import x\n", 1),
        ("def f():\n    import x  # loaded with the first reply\n", 0),
        ("def f():\n    # loaded with the first reply\n    import x\n    from y import (\n        z,\n    )\n", 0),
        ("def f():\n    'No comment.'\n    import x\n", 1),
        ("import x\n", 0),
    ],
)
def test_an_import_inside_a_function_needs_a_reason(code: str, count: int) -> None:
    assert len(counts.unexplained_imports(sample(x=code))) == count


def test_names_that_exist_twice_are_named_with_their_files() -> None:
    source = sample(a__one="class Thing: ...\nclass _Own: ...\n", b__one="class Thing: ...\nclass _Own: ...\n")
    assert counts.same_class_names(source) == ["Thing: agent_assist/a/one.py, agent_assist/b/one.py"]
    assert counts.same_module_names(source) == ["one: agent_assist/a/one.py, agent_assist/b/one.py"]
