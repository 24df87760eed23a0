"""The ways in ARCHITECTURE.md are those of the code."""

import pytest

from tests.architecture import ways
from tests.architecture.source import PACKAGE, ROOT, Source, of_work_tree

pytestmark = pytest.mark.xdist_group("one worker reads the whole tree")

WAYS = ways.written_ways()
LONGEST = {"reply": (20, 4)}
"""The most stays in a file, and returns to one, that a reader of this way shall need."""


@pytest.fixture(scope="module")
def source() -> Source:
    return of_work_tree()


def test_the_four_ways_are_written() -> None:
    assert set(WAYS) == {"keystroke", "reply", "fact", "offer"}
    for stops in WAYS.values():
        assert [stop.number for stop in stops] == [*range(1, len(stops) + 1)]


@pytest.mark.parametrize("name", WAYS)
def test_each_stop_exists_and_is_named_by_the_one_that_calls_it(source: Source, name: str) -> None:
    stops = WAYS[name]
    assert [stop.function for stop in stops if ways.place(stop, source) is None] == []
    wrong = [stop for stop in stops if stop.caller and not ways.leads_to(stop, stops[stop.caller - 1], source)]
    assert [f"{stop.number}. {stop.function} is not named by {stop.caller}" for stop in wrong] == []


@pytest.mark.parametrize("name", LONGEST)
def test_a_way_does_not_grow(source: Source, name: str) -> None:
    stays, returns = ways.lengths(source)[name]
    most_stays, most_returns = LONGEST[name]
    assert stays <= most_stays
    assert returns <= most_returns


def test_every_room_stands_in_the_table() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    folders = {path.parent.name for path in (ROOT / PACKAGE).glob("*/__init__.py")} - {"locale"}  # part of the ground
    assert [room for room in sorted(folders) if f"| `{room}` |" not in text] == []


def sample(**files: str) -> Source:
    return Source({f"agent_assist/{name}.py": text for name, text in files.items()})


CODE = sample(
    a="class Screen:\n    def press(self):\n        self.post_message(Pressed())\n        later(finish)\n"
    "    def type(self):\n        self._typed()\n",
    b="@on(Pressed)\ndef hear(): ...\ndef finish(): ...\ndef typed(): ...\nCOMMANDS = {'x': finish}\n",
    c="def run():\n    COMMANDS['x']()\n    b.finish\ndef twice():\n    run()\n",
)


@pytest.mark.parametrize(
    ("caller", "stop", "by", "expected"),
    [
        ("a.Screen.press", "b.finish", "", True),
        ("a.Screen.press", "b.hear", "Pressed", True),
        ("a.Screen.press", "b.hear", "", False),
        ("a.Screen.press", "b.gone", "Pressed", False),
        ("c.run", "b.finish", "COMMANDS", True),
        ("c.run", "b.hear", "COMMANDS", False),
        ("c.run", "b.typed", "", False),
        ("a.Screen.type", "b.typed", "", True),
        ("c.twice", "b.finish", "run", True),
    ],
)
def test_a_stop_is_reached_by_its_name_or_by_what_both_name(caller: str, stop: str, by: str, expected: bool) -> None:
    assert ways.leads_to(ways.Stop(2, stop, 1, by), ways.Stop(1, caller, 0, ""), CODE) is expected
