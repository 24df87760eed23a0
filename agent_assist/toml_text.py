"""Reading TOML that anybody may have written: a mistake has its line, and no text costs more than its length.

Rule: `tomllib` is called only here. It recurses with the nesting, and its time grows with the square of a key's parts.
"""

import re
import tomllib
from typing import Any

from agent_assist.cleaning import clean_line
from agent_assist.locale import _

_MAX_KEY_PARTS = 20
_LONG_KEY = re.compile(r"""(?:^|[{,])[ \t\[]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){20}""")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class TomlMistake(ValueError):
    """Why a text is not TOML, and where; `line` is 1-based, 0 when the text as a whole is meant."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def parse(text: str) -> dict[str, Any]:
    """The document. Raises TomlMistake, and nothing else."""
    if line := _line_with_long_key(text):
        raise TomlMistake(line, _("This file is nested too deeply."))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _mistake(error, text) from error
    except RecursionError as error:
        raise TomlMistake(0, _("This file is nested too deeply.")) from error
    except ValueError as error:  # tomllib lets some of int() through
        raise TomlMistake(0, _("Not valid TOML: {what}.", what=clean_line(str(error)).rstrip("."))) from error


def _mistake(error: tomllib.TOMLDecodeError, text: str) -> TomlMistake:
    place = _PLACE.search(str(error))
    what = clean_line(_PLACE.sub("", str(error)))
    if place is None or place[1] is None:
        return TomlMistake(max(1, len(text.splitlines())), _("Not valid TOML: {what}.", what=what))
    return TomlMistake(int(place[1]), _("Not valid TOML, column {column}: {what}.", column=place[2], what=what))


def _line_with_long_key(text: str) -> int:
    """The first line with a key of too many parts, 1-based; 0 when there is none."""
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if line.count(".") >= _MAX_KEY_PARTS and _LONG_KEY.search(line)), 0)
