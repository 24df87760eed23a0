"""The one border for text from outside: customers, phrase files, facts, file names, error messages of other programs.

Terminals obey some characters (ESC, C1, OSC 52) and reorder by others (bidi controls). None of them may reach the
screen, a file or the clipboard. Nothing is dropped silently: each becomes a visible mark.
"""

import re
from functools import cache

_MARK = "�"

# Bidi embeddings, overrides and isolates reorder what is read (CVE-2021-42574); U+2028/9 break lines unseen.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\ufffe\uffff]"
)
_LINE_ENDS = "\r\n|\r|\u2028|\u2029|\x85|\x0b|\x0c"
_SPACES_IN_LINE = re.compile(r"[\t\n]+")


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when a text first needs it: classes with wide characters take milliseconds."""
    return re.compile(source)


def clean(text: str) -> str:
    """Text that is safe to show, store and copy. Line ends become `\\n`; idempotent."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # every unsafe character is one that is not
        return text
    return _pattern(_UNSAFE).sub(_visible, _pattern(_LINE_ENDS).sub("\n", text))


def clean_line(text: str) -> str:
    """As `clean`, on one line without spaces around it: names, titles, order numbers."""
    return _SPACES_IN_LINE.sub(" ", clean(text)).strip()


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else _MARK
