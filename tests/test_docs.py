"""What the documentation says is what the program does."""

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
assert _spec is not None
assert _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("path", generate.PAGES)
def test_tables_taken_from_the_code_are_fresh(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == generate.page(path), "run: python docs/generate.py"


LINKING = ("README", "docs/phrasebooks", "docs/team", "docs/sizing")


@pytest.mark.parametrize("path", [f"{page}{language}.md" for page in LINKING for language in ("", ".zh")])
def test_links_and_pictures_exist(path: str) -> None:
    page = ROOT / path
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_both_readmes_name_the_same_commands() -> None:
    def commands(path: str) -> list[str]:
        return re.findall(r"```sh\n(.*?)```", (ROOT / path).read_text("utf-8"), re.DOTALL)

    assert commands("README.md") == commands("README.zh.md")
