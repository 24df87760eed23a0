"""The picture of the rooms in ARCHITECTURE.md: who imports whom, in the order of the layers in pyproject.toml.

An import goes to a room further down, so that every mark stands right of the diagonal; one left of it would go
upwards. `python docs/generate.py` draws it, and a test of the documentation says when it is stale.
"""

import string
import tomllib
from collections.abc import Iterator, Sequence

from tests.architecture.imports import Graph, graph_of
from tests.architecture.source import PACKAGE, ROOT, of_work_tree

Layers = Sequence[Sequence[str]]

_LETTERS = string.ascii_lowercase + string.ascii_uppercase
_SELF, _IMPORTS, _NOTHING = "╲", "■", "·"


def pictures() -> str:
    """Return the picture of the whole program and that of the terminal interface, as Markdown."""
    graph = graph_of(of_work_tree())
    parts = []
    for title, container in (("The whole program", PACKAGE), ("The terminal interface", f"{PACKAGE}.tui")):
        parts.append(f"{title}:\n\n```\n{picture(graph, container, layers_of(container))}\n```\n")
    return "\n" + "\n".join(parts)


def layers_of(container: str) -> Layers:
    """Return the rooms of a package from the contract about its layers, highest layer first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [contract] = [one for one in contracts if one.get("containers") == [container]]
    return [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def picture(graph: Graph, container: str, layers: Layers) -> str:
    """Return a line for each room, with a mark below the letter of each room that it imports."""
    order = [room for layer in layers for room in layer]
    letters = dict(zip(order, _LETTERS, strict=False))
    arrows = room_arrows(graph, container)
    width = max(map(len, order))
    rule = "  " + "─" * (width + 2 * len(order) + 2)
    lines = [" " * (width + 4) + " ".join(letters.values())]
    for layer in layers:
        lines.append(rule)
        for room in layer:
            marks = (_mark(room, other, arrows) for other in order)
            lines.append(f"{letters[room]} {room:{width}}  {' '.join(marks)}")
    return "\n".join(lines)


def _mark(room: str, other: str, arrows: frozenset[tuple[str, str]]) -> str:
    if room == other:
        return _SELF
    return _IMPORTS if (room, other) in arrows else _NOTHING


def room_arrows(graph: Graph, container: str) -> frozenset[tuple[str, str]]:
    """Return the pairs of rooms of which the first imports the second."""
    return frozenset(_arrows(graph, container))


def _arrows(graph: Graph, container: str) -> Iterator[tuple[str, str]]:
    for name, targets in graph.items():
        for target in targets:
            pair = (_room(name, container), _room(target, container))
            if all(pair) and pair[0] != pair[1]:
                yield pair


def _room(name: str, container: str) -> str:
    """Return the part of the name below the container; "" for the container itself and what lies outside."""
    return name.removeprefix(f"{container}.").partition(".")[0] if name.startswith(f"{container}.") else ""
