"""Who imports whom: every import counts, also one inside a function and one for types only."""

import ast
from collections.abc import Iterator, Mapping

from tests.architecture.source import PACKAGE, Module, Source

Graph = Mapping[str, frozenset[str]]


def graph_of(source: Source) -> Graph:
    """Return for each module of the program the other modules of the program that it imports."""
    modules = source.package
    return {
        name: frozenset(target for target in imported(module, modules) if target != name)
        for name, module in modules.items()
    }


def imported(module: Module, modules: Mapping[str, Module]) -> Iterator[str]:
    """Yield the modules that one module imports: the module itself where it is named, else the package of the name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            package = absolute(node, module)
            for alias in node.names:
                named = f"{package}.{alias.name}"
                if named in modules:
                    yield named
                elif package in modules:
                    yield package


def absolute(node: ast.ImportFrom, module: Module) -> str:
    """Return the dotted name that stands behind `from`."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    above = node.level - 1 if module.is_package else node.level
    base = ".".join(parts[: len(parts) - above])
    return f"{base}.{node.module}" if node.module else base


def is_ours(name: str) -> bool:
    """Tell whether a dotted name is one of this repository."""
    return name.partition(".")[0] in (PACKAGE, "tests", "docs")


def circles(graph: Graph) -> list[list[str]]:
    """Return the groups of modules in which each reaches each other, largest first (Tarjan's algorithm)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for target in sorted(graph[name]):
            if target not in order:
                visit(target)
                lowest[name] = min(lowest[name], lowest[target])
            elif target in stack:
                lowest[name] = min(lowest[name], order[target])
        if lowest[name] == order[name]:
            start = stack.index(name)
            groups.append(sorted(stack[start:]))
            del stack[start:]

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group))
