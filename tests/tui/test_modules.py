"""How the modules of the terminal interface depend on each other, imports inside functions and for types included."""

import ast
from collections.abc import Iterator
from pathlib import Path

import agent_assist

ROOT = Path(agent_assist.__file__).parent.parent


def name_of(file: Path) -> str:
    """The dotted name of a module."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file: Path, modules: frozenset[str]) -> Iterator[str]:
    """The modules that this one imports, wherever the import stands."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in modules else node.module


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other in a ring (strongly connected, more than one module)."""
    reached: dict[str, set[str]] = {}
    for module in imports:
        seen: set[str] = set()
        left = [module]
        while left:
            for other in imports.get(left.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    left.append(other)
        reached[module] = seen
    rings = {frozenset(other for other in reached[module] if module in reached[other]) for module in imports}
    return sorted(sorted(ring) for ring in rings if ring)


def graph(folder: str) -> dict[str, set[str]]:
    """What each module of a folder imports."""
    files = {name_of(file): file for file in (ROOT / folder).rglob("*.py")}
    return {name: {*imported(file, frozenset(files))} & {*files} - {name} for name, file in files.items()}


def test_no_two_modules_import_each_other_in_a_ring() -> None:
    assert circles(graph("agent_assist/tui")) == []


def test_a_ring_would_be_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def test_the_review_knows_nothing_of_the_desk_and_the_desk_nothing_of_the_review() -> None:
    imports = graph("agent_assist/tui")
    for one, other in (("review", "desk"), ("desk", "review")):
        crossing = {
            (name, target)
            for name, targets in imports.items()
            for target in targets
            if name.startswith(f"agent_assist.tui.{one}.") and target.startswith(f"agent_assist.tui.{other}")
        }
        assert crossing == set()


def test_no_screen_imports_its_commands() -> None:
    for name, targets in graph("agent_assist/tui").items():
        if ".commands" not in name and not name.endswith((".app", ".warm_up")):
            assert not {target for target in targets if ".commands" in target}, name
