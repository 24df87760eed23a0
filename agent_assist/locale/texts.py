"""Keeps the Chinese catalogue whole.

`python -m agent_assist.locale.texts` compiles `zh/*.po` and lists what is missing. For developers; needs Babel.
The program itself reads only the compiled file.
"""

import datetime as dt
import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_HERE = Path(__file__).parent
_UNDATED = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""Stands in the catalogue's head instead of now, so that equal texts compile to equal bytes."""

_PACKAGE = _HERE.parent


def used() -> dict[str, list[str]]:
    """Every text the code asks for, with the places that do, as `file:line`."""
    places: dict[str, list[str]] = {}
    for file, line, message, _comments, _context in extract_from_dir(
        _PACKAGE, method_map=[("**.py", "python")], keywords={"_": None, "N_": None}
    ):
        places.setdefault(message if isinstance(message, str) else message[0], []).append(f"{file}:{line}")
    return places


def translated() -> Catalog:
    """All `zh/*.po` as one catalogue. Raises ValueError when two files translate one text differently."""
    whole = Catalog(locale="zh", charset="utf-8", creation_date=_UNDATED, revision_date=_UNDATED)
    for path in sorted((_HERE / "zh").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh", abort_invalid=True):
                if not message.id or not message.string:
                    continue
                known = whole.get(message.id)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{path.name}: {message.id!r} is translated differently elsewhere")
                whole.add(message.id, message.string)
    return whole


def compiled() -> bytes:
    """The bytes that `zh.mo` should hold."""
    buffer = io.BytesIO()
    write_mo(buffer, translated())
    return buffer.getvalue()


def missing() -> dict[str, list[str]]:
    """Texts without Chinese, with their places."""
    have = translated()
    return {text: places for text, places in used().items() if have.get(text) is None}


def unused() -> list[str]:
    """Chinese texts that no code asks for."""
    asked = used()
    return [str(message.id) for message in translated() if message.id and message.id not in asked]


def main() -> int:
    """Compile, then report; exit 1 while a text has no Chinese."""
    (_HERE / "zh.mo").write_bytes(compiled())
    for text, places in missing().items():
        sys.stdout.write(f"no Chinese: {text!r} ({places[0]})\n")
    for text in unused():
        sys.stdout.write(f"unused: {text!r}\n")
    return 1 if missing() else 0


if __name__ == "__main__":
    sys.exit(main())
