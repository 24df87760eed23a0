"""What is installed: the lock, the constraints made from it, and the libraries that pyproject.toml names."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def locked() -> set[tuple[str, str]]:
    lock = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))
    return {(package["name"], package["version"]) for package in lock["package"] if "version" in package}


def constrained() -> set[tuple[str, str]]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (re.match(r"([a-z0-9-]+)==(\S+)", line) for line in lines)
    return {(pair[1], pair[2]) for pair in pairs if pair}


def test_the_constraints_are_those_of_the_lock() -> None:
    assert constrained() == {pair for pair in locked() if pair[0] != "agent-assist"}, "run: .ci/lock"


def test_every_library_that_is_asked_for_is_locked() -> None:
    asked = [*PROJECT["dependencies"], *(line for extra in PROJECT["optional-dependencies"].values() for line in extra)]
    names = {re.match(r"[A-Za-z0-9-]+", line)[0].lower() for line in asked}  # type: ignore[index]
    assert names - {name for name, _version in constrained()} == set(), "run: .ci/lock"


def test_every_library_has_a_lowest_version_that_is_tried() -> None:
    assert [line for line in PROJECT["dependencies"] if ">=" not in line] == []
