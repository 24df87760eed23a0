"""Books to read: written by a test, read from a folder of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent_assist.phrasebook import Library, load

ENTRY = """
[[phrase]]
id = "login-apology"
kind = "apology"
[phrase.title]
zh = "登录致歉"
en = "Apology"
[phrase.text]
zh = "{{ customer.name }}，抱歉。"
en = "{{ customer.name }}, sorry."
"""

Read = Callable[..., Library]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads books given by file name (without .toml) and content."""

    def reading(**books: str | bytes) -> Library:
        for name, content in books.items():
            path = tmp_path / f"{name}.toml"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return load([tmp_path])

    return reading
