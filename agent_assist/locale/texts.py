"""Compiles the Chinese interface texts and keeps them whole.

`zh.mo` is not committed: the build hook of the package makes it, and `python -m agent_assist.locale.texts` makes it
again in a checkout whose `zh/*.po` changed, and lists what is missing. Needs Babel; the program itself reads only the
compiled file.
"""

import os
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_HERE = Path(__file__).parent
_PACKAGE = _HERE.parent

COMPILED = _HERE / "zh.mo"
"""Where the program looks for the compiled texts."""


def used() -> dict[str, list[str]]:
    """Return every text the code asks for, with the places that do, as `file:line`."""
    places: dict[str, list[str]] = {}
    for file, line, message, _comments, _context in extract_from_dir(
        _PACKAGE, method_map=[("**.py", "python")], keywords={"_": None, "N_": None}
    ):
        places.setdefault(message if isinstance(message, str) else message[0], []).append(f"{file}:{line}")
    return places


def translated() -> Catalog:
    """Return all `zh/*.po` as one catalogue. Raises ValueError when two files translate one text differently."""
    whole = Catalog(locale="zh", charset="utf-8")
    for path in sorted((_HERE / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", abort_invalid=True):
                if not message.id or not message.string:
                    continue
                earlier = whole.get(message.id)
                if earlier is not None and earlier.string != message.string:
                    raise ValueError(f"{path.name}: {message.id!r} is translated differently elsewhere")
                whole.add(message.id, message.string)
    return whole


def compile_catalogue(path: Path = COMPILED) -> None:
    """Write the compiled texts; a program that starts meanwhile reads the old file or the new one, whole."""
    handle, part = tempfile.mkstemp(prefix="zh-", suffix=".mo.part", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        write_mo(file, translated())
    Path(part).chmod(0o644)
    Path(part).replace(path)


def is_stale() -> bool:
    """Return whether a source is newer than the compiled texts, or they were never compiled."""
    if not COMPILED.exists():
        return True
    made = COMPILED.stat().st_mtime_ns
    return any(path.stat().st_mtime_ns >= made for path in (_HERE / "zh").glob("*.po"))


def missing() -> dict[str, list[str]]:
    """Return texts without Chinese, with their places."""
    have = translated()
    return {text: places for text, places in used().items() if have.get(text) is None}


def unused() -> list[str]:
    """Return chinese texts that no code asks for."""
    asked = used()
    return [str(message.id) for message in translated() if message.id and message.id not in asked]


def main() -> int:
    """Compile, then report; exit 1 while a text has no Chinese."""
    compile_catalogue()
    for text, places in missing().items():
        sys.stdout.write(f"no Chinese: {text!r} ({places[0]})\n")
    for text in unused():
        sys.stdout.write(f"unused: {text!r}\n")
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())
