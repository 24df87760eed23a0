"""What the program's source is counted for: `python -m tests.architecture.counts` prints the figures of the work tree.

The ways are those of ARCHITECTURE.md, followed as they are written. With `--rev REVISION` it prints the figures of a
revision beside them, with `--list NAME` every place that a figure counts. `--keep` writes figures that have become
smaller into figures.toml, above which `test_counts.py` lets none grow.
"""

import argparse
import ast
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tests.architecture import private_api, ways
from tests.architecture.imports import circles, graph_of
from tests.architecture.source import Module, Source, of_revision, of_work_tree

FIGURES = Path(__file__).with_name("figures.toml")

LONG_FUNCTION = 40
"""Lines, with the one that says `def`."""

SAME_MODULE_NAMES = {
    **dict.fromkeys(
        ("actions", "commands", "dialogs", "messages", "render", "screen", "state", "widgets"),
        "the parts that every screen has",
    ),
    **dict.fromkeys(
        ("doctor", "incident", "offer", "phrases", "policy", "reply", "search", "settings", "store", "team"),
        "a file of cli/ is called like its command",
    ),
}
"""Module names that may exist twice, with the reason."""

SAME_CLASS_NAMES: dict[str, str] = {}
"""Names of public classes that may exist twice, with the reason."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Places = list[str]
Measure = Callable[[Source], Places]


def circle_places(source: Source) -> Places:
    """Return the groups of modules that import each other in a circle."""
    return [" ".join(group) for group in circles(graph_of(source))]


def same_class_names(source: Source) -> Places:
    """Return the public classes whose name exists twice."""
    pairs = ((name, module) for module in source.package.values() for name in public_classes(module))
    return _twice(pairs, SAME_CLASS_NAMES)


def public_classes(module: Module) -> Iterator[str]:
    """Yield the names of the classes that others may use."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def same_module_names(source: Source) -> Places:
    """Return the modules and packages whose last name exists twice."""
    pairs = ((module.own_name, module) for module in source.package.values() if not module.own_name.startswith("_"))
    return _twice(pairs, SAME_MODULE_NAMES)


def _twice(pairs: Iterable[tuple[str, Module]], allowed: Mapping[str, str]) -> Places:
    where: defaultdict[str, list[str]] = defaultdict(list)
    for name, module in pairs:
        where[name].append(module.path)
    return [f"{name}: {', '.join(paths)}" for name, paths in where.items() if len(paths) > 1 and name not in allowed]


def formatter_opt_outs(source: Source) -> Places:
    """Return the lines that the formatter must leave alone, in the program and its tests."""
    return [
        f"{module.path}:{number}"
        for module in source.all.values()
        for number, line in enumerate(module.lines, 1)
        if "# fmt: " + "skip" in line
    ]


def inner_imports(source: Source) -> Places:
    """Return the imports inside functions."""
    return [f"{module.path}:{node.lineno}" for module in source.package.values() for node in _inner_imports(module)]


def unexplained_imports(source: Source) -> Places:
    """Return the imports inside functions with no comment at, or directly above, the block in which they stand."""
    return [
        f"{module.path}:{node.lineno}"
        for module in source.package.values()
        for node in _inner_imports(module)
        if not _is_explained(node, module)
    ]


def _inner_imports(module: Module) -> Iterator[ast.Import | ast.ImportFrom]:
    inside = {
        node
        for function in ast.walk(module.tree)
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    yield from sorted(inside, key=lambda node: node.lineno)


def _is_explained(node: ast.Import | ast.ImportFrom, module: Module) -> bool:
    """Look at the lines of the import and, as far as they are imports or comments, at those above it."""
    if any("#" in line for line in module.lines[node.lineno - 1 : node.end_lineno]):
        return True
    for line in reversed(module.lines[: node.lineno - 1]):
        if "#" in line:
            return True
        if not line.lstrip().startswith(("import ", "from ")):
            return False
    return False


def long_functions(source: Source) -> Places:
    """Return the functions of more than `LONG_FUNCTION` lines."""
    return [
        f"{module.path}:{node.lineno} {node.name} {_length(node)}"
        for module in source.package.values()
        for node in ast.walk(module.tree)
        if isinstance(node, Function) and _length(node) > LONG_FUNCTION
    ]


def _length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


MEASURES: Mapping[str, Measure] = {
    "circles of modules": circle_places,
    "class names twice": same_class_names,
    "module names twice": same_module_names,
    "fmt: skip": formatter_opt_outs,
    "private names of libraries": private_api.uses,
    "imports inside functions": inner_imports,
    "such imports without a reason": unexplained_imports,
    f"functions above {LONG_FUNCTION} lines": long_functions,
}


def figures(source: Source) -> dict[str, int]:
    """Return every figure by its name."""
    return {name: len(measure(source)) for name, measure in MEASURES.items()}


def kept() -> dict[str, int]:
    """Return the figures that none may grow above."""
    return tomllib.loads(FIGURES.read_text("utf-8"))


def keep(now: Mapping[str, int]) -> None:
    """Write the smaller of each figure of today and the one on file."""
    before = kept() if FIGURES.exists() else {}
    lines = [f'"{name}" = {min(count, before.get(name, count))}' for name, count in now.items()]
    head = "# None of these may grow: tests/architecture/test_counts.py. `counts --keep` writes smaller ones."
    FIGURES.write_text("\n".join([head, *lines, ""]), "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rev", metavar="REVISION", help="compare with this revision")
    parser.add_argument("--list", metavar="NAME", choices=MEASURES, help="print each place that is counted")
    parser.add_argument("--keep", action="store_true", help="write smaller figures into figures.toml")
    options = parser.parse_args()
    source = of_revision(options.rev) if options.rev else of_work_tree()
    if options.list:
        print(*MEASURES[options.list](source), sep="\n")
        return
    now = figures(of_work_tree())
    columns = {**({options.rev: figures(source)} if options.rev else {}), "now": now}
    print(f"{'':32}", *(f"{name:>10}" for name in columns))
    for name in now:
        print(f"{name:32}", *(f"{column[name]:>10}" for column in columns.values()))
    for name, (stays, returns) in ways.lengths(of_work_tree()).items():
        print(f"the way of one {name:17} {stays} stays in a file, {returns} returns to one")
    if options.keep:
        keep(now)


if __name__ == "__main__":
    main()
