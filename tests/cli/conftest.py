"""Running the program in this process, on a store in memory, at a fixed time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from agent_assist.cli import main
from agent_assist.services import Services
from agent_assist.services.live_library import LiveLibrary
from agent_assist.settings import Settings, shipped_phrasebooks
from agent_assist.store import MemoryStore
from tests.conftest import NOW, SHANGHAI


class Ran(NamedTuple):
    """What one call left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> LiveLibrary:
    """The shipped books, read and indexed once for all tests."""
    return LiveLibrary((shipped_phrasebooks(),), tmp_path_factory.mktemp("cache"))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], store: MemoryStore, shipped: LiveLibrary) -> Run:
    """Calls `main` with these arguments; calls of one test share a store."""

    def desk_for(settings: Settings) -> Services:
        desk = Services(settings, store=store, clock=lambda: NOW, tz=SHANGHAI)
        if settings.phrasebooks == (shipped_phrasebooks(),):
            desk.live_library = shipped
        return desk

    def running(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments, desk_for=desk_for)
        return Ran(code, *capsys.readouterr())

    return running


@pytest.fixture
def books(tmp_path: Path) -> Callable[[str], str]:
    """Writes one phrasebook and returns its folder."""

    def written(content: str) -> str:
        folder = tmp_path / "books"
        folder.mkdir(exist_ok=True)
        (folder / "book.toml").write_text(content, "utf-8")
        return str(folder)

    return written


SMALL_BOOK = """
[[phrase]]
id = "login-apology"
kind = "apology"
stages = ["investigating"]
tags = ["登录"]
title = { zh = "登录失败致歉", en = "Apology: cannot sign in" }
text = { zh = "{{ customer.name }}，抱歉。", en = "{{ customer.name }}, sorry." }

[[phrase]]
id = "refund-status"
scene = "merchant-to-customer"
title = { zh = "退款进度" }
text = { zh = "{{ customer.name }}，退款 {{ offer.amount }} 在 {{ 到账日 }} 前到账。" }
[phrase.fields."到账日"]
label = { zh = "到账日期" }

[[phrase]]
id = "old-closing"
kind = "closing"
retired = true
title = { en = "Old closing" }
text = { en = "Goodbye." }
"""


@pytest.fixture
def small(books: Callable[[str], str]) -> str:
    """A folder with a small phrasebook: three phrases, one of them retired."""
    return books(SMALL_BOOK)
