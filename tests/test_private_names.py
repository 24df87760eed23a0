"""Private names of libraries are used in few known places, so that a new version of a library has one place to break.

Three ways to use one: importing it, reading it from an object, and overriding it in a subclass.
"""

import ast
import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import agent_assist

ROOT = Path(agent_assist.__file__).parent

ALLOWED = {
    "tui/textual_private": "the one place for Textual's; each use has a test that says what changed",
    "offers/export_xlsx.py": "openpyxl: the temporary file of an unfinished sheet (tests/offers/test_export.py)",
}

PUBLIC_DESPITE_ITS_NAME = {
    "_mapping": "SQLAlchemy documents Row._mapping",
    "_exit": "os._exit is documented",
}

MADE_BY_A_METACLASS = frozenset(
    [
        "_abc_impl",
        "_computes",
        "_css_bases",
        "_css_type_name",
        "_css_type_names",
        "_decorated_handlers",
        "_inherit_bindings",
        "_inherit_css",
        "_inherit_component_classes",
        "_is_protocol",
        "_is_runtime_protocol",
        "_merged_bindings",
        "_parameters",
        "_reactives",
    ]
)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def allowed(path: Path) -> bool:
    inside = path.relative_to(ROOT).as_posix()
    return any(inside.startswith(place) for place in ALLOWED)


@cache
def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in sorted(ROOT.rglob("*.py"))}


@cache
def own_names() -> frozenset[str]:
    """Names that this program gives to something itself."""
    names = set()
    for node in (node for tree in trees().values() for node in ast.walk(tree)):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                names.add(name)
    return frozenset(names)


def private_uses(tree: ast.Module, own: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                modules = [f"{module}.{alias.name}" for alias in names]
            case ast.Attribute(attr=name) if is_private(name) and name not in own | PUBLIC_DESPITE_ITS_NAME.keys():
                yield f"line {node.lineno}: {ast.unparse(node)}"
                continue
            case _:
                continue
        for module in modules:
            if not module.startswith("agent_assist.") and any(map(is_private, module.split("."))):
                yield f"line {node.lineno}: import {module}"


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(agent_assist.__path__, "agent_assist."):
        if not found.name.endswith(("__main__", "migrations.env")) and ".versions." not in found.name:
            yield importlib.import_module(found.name)


def overridden(one: type) -> Iterator[str]:
    """Private names of a library's class that this class gives another meaning."""
    for name in filter(is_private, vars(one)):
        bases = [base for base in one.__mro__[1:] if not base.__module__.startswith("agent_assist")]
        base = next((base for base in bases if name in vars(base)), None)
        if base is not None and base.__module__.partition(".")[0] not in sys.stdlib_module_names:
            yield f"{one.__name__}.{name} of {base.__name__}"


def test_no_private_name_of_a_library_is_used() -> None:
    found = [
        f"{path.relative_to(ROOT)} {use}"
        for path, tree in trees().items()
        if not allowed(path)
        for use in private_uses(tree, own_names())
    ]
    assert found == [], "put it behind agent_assist/tui/textual_private"


def test_no_private_name_of_a_library_is_overridden() -> None:
    found = [
        use
        for module in modules()
        if not allowed(Path(str(module.__file__)))
        for one in vars(module).values()
        if inspect.isclass(one) and one.__module__ == module.__name__
        for use in overridden(one)
        if use.split(".")[1].split(" ")[0] not in MADE_BY_A_METACLASS
    ]
    assert found == [], "put it behind agent_assist/tui/textual_private"


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("from textual._cells import cell_len", 1),
        ("from textual import _time", 1),
        ("import textual.widgets._toast", 1),
        ("app._compositor", 1),
        ("from textual.widgets import Input", 0),
        ("self._own", 0),
        ("row._mapping", 0),
    ],
)
def test_control_a_private_name_is_noticed(source: str, uses: int) -> None:
    assert len([*private_uses(ast.parse(source), frozenset(["_own"]))]) == uses


def test_control_an_overridden_name_is_noticed() -> None:
    from textual.app import App

    class Changed(App[None]):
        def _refresh_notifications(self) -> None: ...

    assert "Changed._refresh_notifications of App" in overridden(Changed)
