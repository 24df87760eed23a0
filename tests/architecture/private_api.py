"""Where the program uses what a library calls private: a name with one leading underscore that is not ours.

Three kinds count: an import of such a name or from such a module, an attribute that none of our modules defines, and a
name of a library's class in a class of ours that is made from it (also where it hides one by chance).
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tests.architecture.imports import absolute, is_ours
from tests.architecture.source import Module, Source

PLACES = ("agent_assist/tui/textual_private/", "agent_assist/library_errors.py", "agent_assist/offers/export_xlsx.py")
"""Folders and files that are there to hold such uses, each with a test that says what changed."""

PUBLIC = {
    "_exit": "os._exit is documented",
    "_mapping": "Row._mapping is documented by SQLAlchemy",
    "_asdict": "documented for named tuples",
    "_fields": "documented for named tuples",
    "_replace": "documented for named tuples",
    "_MEIPASS": "documented by PyInstaller",
}
"""Names with an underscore that their owners document, with the reason."""

Classes = Mapping[str, tuple[frozenset[str], frozenset[str]]]
"""For each class the names of its bases, and its private names."""


def uses(source: Source) -> list[str]:
    """Return each use as `file:line name`."""
    ours = _defined(source)
    own_classes = _classes(source.package.values())
    return [
        f"{module.path}:{line} {name}"
        for module in source.package.values()
        if not module.path.startswith(PLACES)
        for line, name in sorted({*_imports(module), *_attributes(module, ours), *_overrides(module, own_classes)})
    ]


def _is_private(name: str) -> bool:
    return re.match(r"_[^_]", name) is not None and name not in PUBLIC


def _imports(module: Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{absolute(node, module)}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if not is_ours(name) and any(_is_private(part) for part in name.split(".")):
                yield node.lineno, name


def _attributes(module: Module, ours: frozenset[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr) and node.attr not in ours:
            yield node.lineno, node.attr


def _overrides(module: Module, own: Classes) -> Iterator[tuple[int, str]]:
    """Yield where a class of ours uses or replaces a private name of a library's class that it is made from."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            private = _inherited(frozenset(map(_base_name, node.bases)), own)
            for part in ast.walk(node):
                if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and part.name in private:
                    yield part.lineno, part.name
                elif isinstance(part, ast.Attribute) and _is_self(part.value) and part.attr in private:
                    yield part.lineno, part.attr


def _inherited(bases: frozenset[str], own: Classes, seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the private names of the library classes among these bases and theirs."""
    names: frozenset[str] = frozenset()
    for base in bases - seen:
        if base in own:
            names |= _inherited(own[base][0], own, seen | bases)
        elif base in _library_classes():
            further, private = _library_classes()[base]
            names |= private | _inherited(further, own, seen | bases)
    return names


def _defined(source: Source) -> frozenset[str]:
    """Return every private name that the program itself gives to something."""
    names: set[str] = set()
    for module in source.package.values():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
                names.add(node.attr)
        names.update(part for part in module.name.split(".") if _is_private(part))
    return frozenset(filter(_is_private, names))


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def _base_name(node: ast.expr) -> str:
    """Return the last name of a base class, without what stands in brackets."""
    if isinstance(node, ast.Subscript):
        return _base_name(node.value)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _classes(modules: Iterable[Module]) -> Classes:
    return {
        node.name: (frozenset(map(_base_name, node.bases)), frozenset(filter(_is_private, _names_of_class(node))))
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    }


def _names_of_class(node: ast.ClassDef) -> Iterator[str]:
    """Yield the methods of a class and what its methods store on the object."""
    for part in ast.walk(node):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            yield part.name
        elif isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and _is_self(part.value):
            yield part.attr


@cache
def _library_classes() -> Classes:
    """Return the classes of the installed libraries that many classes of ours are made from."""
    folders = [Path(spec.origin).parent for spec in map(find_spec, ("textual", "liquid")) if spec and spec.origin]
    paths = sorted(path for folder in folders for path in folder.rglob("*.py"))
    return _classes(Module(path.as_posix(), path.read_text("utf-8")) for path in paths)
