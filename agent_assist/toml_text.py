"""Reading TOML that anybody may have written: a mistake has its place, and no text costs more than its length.

Rule: `tomllib` is called only here. It recurses with the nesting, and its time grows with the square of a key's parts.
"""

import re
import tomllib
from typing import Any

from agent_assist.cleaning import clean_line
from agent_assist.library_errors import toml_syntax_error
from agent_assist.locale import _
from agent_assist.problems import Problem

_MAX_KEY_PARTS = 20
_LONG_KEY = re.compile(r"""(?:^|[{,])[ \t\[]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){20}""")


class NotToml(ValueError):
    """Why a text is not TOML, and where; both numbers are 1-based, 0 where they are not known."""

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column

    def problem(self, file: str) -> Problem:
        """Return the mistake in the file of this name."""
        return Problem(file=file, line=self.line, column=self.column, reason=self.reason)


def parse(text: str) -> dict[str, Any]:
    """Return the document. Raises NotToml, and nothing else."""
    if line := _line_with_long_key(text):
        raise NotToml(_("This file is nested too deeply."), line)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text) from error
    except RecursionError as error:
        raise NotToml(_("This file is nested too deeply.")) from error
    except ValueError as error:  # tomllib lets some of int() through
        raise NotToml(_("Not valid TOML: {what}.", what=clean_line(str(error)).rstrip("."))) from error


def _syntax_error(message: str, text: str) -> NotToml:
    error = toml_syntax_error(message)
    what = clean_line(error.what if error else message).rstrip(".")
    reason = _("Not valid TOML: {what}.", what=what)
    if error is None:
        return NotToml(reason)
    if not error.line:  # the document ends too early
        lines = text.splitlines() or [""]
        return NotToml(reason, len(lines), len(lines[-1]) + 1)
    return NotToml(reason, error.line, error.column)


def _line_with_long_key(text: str) -> int:
    """Return the first line with a key of too many parts, 1-based; 0 when there is none."""
    lines = enumerate(text.split("\n"), 1)
    return next((n for n, line in lines if line.count(".") >= _MAX_KEY_PARTS and _LONG_KEY.search(line)), 0)
