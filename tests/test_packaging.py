"""What is installed: the lock, the constraints made from it, and the libraries that pyproject.toml names."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

import agent_assist

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


def test_the_version_stands_in_one_place() -> None:
    assert PROJECT["dynamic"] == ["version"]
    assert agent_assist.__version__ == version("agent-assist"), "run: make setup"


def sections() -> list[str]:
    """Return the headings of the changelog, in their order."""
    return re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)


def test_the_changelog_has_what_is_not_released_first_and_then_versions_with_their_dates() -> None:
    first, *released = sections()
    assert first == "Unreleased"
    dated = [re.fullmatch(r"(\d+)\.(\d+)\.(\d+) \(\d{4}-\d\d-\d\d\)", heading) for heading in released]
    assert None not in dated, "## 1.2.3 (2026-12-31)"
    versions = [tuple(map(int, heading.groups())) for heading in dated if heading]
    assert versions == sorted(set(versions), reverse=True)
    assert [heading.partition(" ")[0] for heading in released[:1]] in ([], [agent_assist.__version__])


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_notes_of_a_release_are_its_section_of_the_changelog() -> None:
    def notes(heading: str) -> subprocess.CompletedProcess[str]:
        script = [str(ROOT / ".ci" / "release-notes"), heading.partition(" ")[0]]
        return subprocess.run(script, capture_output=True, text=True, check=False)

    for heading in sections():
        found = notes(heading)
        assert found.returncode == 0
        assert found.stdout.strip()
        assert "\n## " not in found.stdout
    assert notes("99.0.0").returncode == 1


def test_every_verb_of_the_makefile_is_explained_and_every_script_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    verbs = re.findall(r"^([a-z]+):", makefile, re.MULTILINE)
    assert set(verbs) == set(re.findall(r"^([a-z]+): +## \w", makefile, re.MULTILINE))
    assert {"setup", "check", "test", "quick", "slow", "docs", "texts", "snapshots", "lock"} <= set(verbs)
    scripts = set(re.findall(r"\.ci/[a-z-]+", makefile + (ROOT / ".ci" / "run").read_text("utf-8")))
    assert [script for script in scripts if not (ROOT / script).stat().st_mode & 0o100] == []
