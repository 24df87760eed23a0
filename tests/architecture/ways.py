"""The ways through the program that ARCHITECTURE.md describes, read so that a test can hold them to the code.

A way is a numbered list between `<!-- way NAME -->` marks. Each stop begins with the function in backticks, below
`agent_assist`. It is called by the stop before it or, where it says `(from 3)`, by an earlier one; `(starts here)` runs
by itself. What is called by way of a message, a registry, an argument or a function in between says so:
(by `FactsChanged`). A callback that is kept as `_typed` counts as `typed`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tests.architecture.source import PACKAGE, ROOT, Module, Source

_WAY = re.compile(r"<!-- way (\w+) -->\n(.*?)<!-- /way -->", re.DOTALL)
_STOP = re.compile(r"^(\d+)\. `([\w.]+)`(?: \((starts here|from \d+)?(?:, )?(?:by `(\w+)`)?\))?", re.MULTILINE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Stop:
    """One function of a way; `caller` is the number of the stop that calls it, 0 where none does."""

    number: int
    function: str
    caller: int
    by: str

    @property
    def name(self) -> str:
        """The last part: the name by which it is called."""
        return self.function.rpartition(".")[2]


def written_ways() -> Mapping[str, list[Stop]]:
    """Return the ways by name, as ARCHITECTURE.md has them."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    return {name: [*_stops(body)] for name, body in _WAY.findall(text)}


def _stops(body: str) -> Iterator[Stop]:
    for number, function, origin, by in _STOP.findall(body):
        earlier = origin.removeprefix("from ")
        caller = 0 if origin == "starts here" else int(earlier or int(number) - 1)
        yield Stop(int(number), function, caller, by)


def place(stop: Stop, source: Source) -> tuple[Module, Function] | None:
    """Return the module and the function of a stop; None when there is none."""
    parts = f"{PACKAGE}.{stop.function}".split(".")
    for length in range(len(parts) - 1, 1, -1):
        module = source.package.get(".".join(parts[:length]))
        if module is not None:
            function = _inside(module.tree, parts[length:])
            return (module, function) if function else None
    return None


def _inside(node: ast.AST, names: list[str]) -> Function | None:
    """Return the function that lies in a module under these names: a class's, or one inside another."""
    for child in ast.walk(node):
        if isinstance(child, Function | ast.ClassDef) and child.name == names[0] and child is not node:
            if len(names) > 1:
                return _inside(child, names[1:])
            return child if isinstance(child, Function) else _inside(child, ["__init__"])
    return None


@cache
def names_in(node: ast.AST) -> frozenset[str]:
    """Return every name, attribute, argument and short text that stands in a piece of code."""
    names: set[str] = set()
    for part in ast.walk(node):
        for field, value in ast.iter_fields(part):
            if isinstance(value, str) and field in ("id", "attr", "arg", "name", "value"):
                names.add(value.rpartition(".")[2])
    return frozenset(names)


def leads_to(stop: Stop, caller: Stop, source: Source) -> bool:
    """Tell whether the caller names the stop, or names by what it is reached and that names the stop."""
    here, there = place(caller, source), place(stop, source)
    if here is None or there is None:
        return False
    named = names_in(here[1])
    named |= {name.lstrip("_") for name in named}
    if not stop.by:
        return stop.name in named or (stop.name == "__init__" and stop.function.split(".")[-2] in named)
    return stop.by in named and (stop.by in names_in(there[1]) or _is_between(stop, source))


def _is_between(stop: Stop, source: Source) -> bool:
    """Tell whether a value, an argument or a function of the name in `by`, somewhere in the program, names the stop."""
    for module in source.package.values():
        for node in ast.walk(module.tree):
            match node:
                case ast.Assign() | ast.AnnAssign():
                    is_between = stop.by in names_in(node)
                case ast.keyword(arg=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    is_between = name == stop.by
                case _:
                    continue
            if is_between and stop.name in names_in(node):
                return True
    return False


def lengths(source: Source) -> dict[str, tuple[int, int]]:
    """Return for each way how often its reader comes to a file, and how often to one that was left before."""
    result = {}
    for name, stops in written_ways().items():
        files = [found[0].path for stop in stops if (found := place(stop, source))]
        stays = [file for number, file in enumerate(files) if not number or files[number - 1] != file]
        result[name] = (len(stays), len(stays) - len(set(stays)))
    return result
