"""The source that is measured: the work tree, or any revision of it."""

import ast
import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "agent_assist"


@dataclass(frozen=True)
class Module:
    """One Python file: its path below the root of the repository and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The text by lines, without line ends."""
        return self.text.splitlines()

    @property
    def is_package(self) -> bool:
        """Whether this is the `__init__.py` of a package."""
        return self.path.endswith("/__init__.py")

    @property
    def name(self) -> str:
        """The dotted name under which it is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def own_name(self) -> str:
        """The last part of the dotted name."""
        return self.name.rpartition(".")[2]


class Source:
    """All Python files of one state of the repository, by path."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.all = {path: Module(path, text) for path, text in sorted(texts.items())}

    @cached_property
    def package(self) -> dict[str, Module]:
        """The modules of the program by dotted name, without migrations: those are never touched again."""
        modules = (module for path, module in self.all.items() if path.startswith(f"{PACKAGE}/"))
        return {module.name: module for module in modules if "/migrations/versions/" not in module.path}


@cache
def of_work_tree() -> Source:
    """Return the files as they lie on the disk; read once, since parsing all of them takes a second."""
    files = (path for folder in (PACKAGE, "tests", "docs") for path in (ROOT / folder).rglob("*.py"))
    return Source({path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in files})


def of_revision(revision: str) -> Source:
    """Return the files of a revision, read from the repository without checking it out."""
    command = ["git", "archive", "--format=tar", revision, PACKAGE, "tests", "docs"]
    archive = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    return Source(dict(_python_files(archive)))


def _python_files(archive: bytes) -> Iterator[tuple[str, str]]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            content = files.extractfile(member) if member.name.endswith(".py") else None
            if content is not None:
                yield member.name, content.read().decode()
