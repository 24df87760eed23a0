"""Who imports whom, also inside functions and for types: what the contracts of pyproject.toml do not say."""

import pytest

from tests.architecture.imports import Graph, circles, graph_of
from tests.architecture.source import of_work_tree

pytestmark = pytest.mark.xdist_group("one worker reads the whole tree")

TUI = "agent_assist.tui"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of(of_work_tree())


def test_the_review_knows_nothing_of_the_desk_and_the_desk_nothing_of_the_review(graph: Graph) -> None:
    for one, other in (("review", "desk"), ("desk", "review")):
        crossing = {
            (name, target)
            for name, targets in graph.items()
            for target in targets
            if name.startswith(f"{TUI}.{one}.") and target.startswith(f"{TUI}.{other}.")
        }
        assert crossing == set()


def test_no_screen_imports_its_commands(graph: Graph) -> None:
    for name, targets in graph.items():
        if name.startswith(TUI) and ".commands" not in name and not name.endswith((".app", ".warm_up")):
            assert not {target for target in targets if ".commands" in target}, name


def test_a_circle_of_three_is_found_and_what_only_leads_to_it_is_no_part_of_it() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}
    assert circles({name: frozenset(targets) for name, targets in graph.items()}) == [["a", "b", "c"]]
