"""The one border for text from outside: customers, phrase files, facts, file names, error messages of other programs.

Terminals obey some characters (ESC, C1, OSC 52) and reorder by others (bidi overrides). None of them may reach the
screen, a file or the clipboard: each becomes a visible mark, which the reply check stops. Marks that nobody can see and
that chat programs and spreadsheets leave in names (direction marks, zero-width spaces, fillers, byte order marks) are
dropped; a joiner or a variation selector stays where emoji, Persian or Indic words need it.
"""

import re
import unicodedata
from functools import cache

_MARK = "�"

# Bidi overrides reverse what is read (CVE-2021-42574); U+2028/9 break lines unseen.
_UNSAFE = "\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ufff9-\ufffb\ud800-\udfff\ufffe\uffff"
_LINE_ENDS = "\r\n|\r|\u2028|\u2029|\x85|\x0b|\x0c"
_SPACES_IN_LINE = re.compile(r"[\t\n]+")

_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202c\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_UNSEEN_BUT_PRINTABLE = "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
"""What Python calls printable although there is nothing to see."""

_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
"""A flag spelled in tags, such as Scotland's."""
_JOINED_SCRIPTS = (
    "[\u0600-\u0605\u0610-\u061a\u0620-\u06ff\u0700-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u17ff"
    "\u1800-\u180a\u1820-\u18aa\u1900-\u1aff\u1b00-\u1c7f\ua840-\ua87f\ua8e0-\uaadf\ufb50-\ufdff\ufe70-\ufefc"
    "\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
"""Scripts in which a joiner changes how a word is written: Arabic, Indic and their neighbours, Mongolian."""


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """Compiled when a text first needs it: classes with wide characters take milliseconds."""
    return re.compile(source)


def clean(text: str) -> str:
    """Text that is safe to show, store and copy. Line ends become `\\n`; idempotent."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # every unsafe character is one that is not
        if text.isascii() or not _pattern(_UNSEEN_BUT_PRINTABLE).search(text):
            return text
    else:
        text = _pattern(_LINE_ENDS).sub("\n", text)
    return _pattern(f"{_FLAG}|[{_UNSAFE}]|[{_UNSEEN}]").sub(_cleaned, text)


def clean_line(text: str) -> str:
    """As `clean`, on one line without spaces around it: names, titles, order numbers."""
    return _SPACES_IN_LINE.sub(" ", clean(text)).strip()


def clean_line_after(before: str, text: str) -> str:
    """As `clean_line`, parted from what stands `before` it where the text begins with a line end."""
    line = clean_line(text)
    return f" {line}" if line and text[0] in "\r\n" and before.strip() else line


def identity(text: str) -> str:
    """Return what two spellings of one name or order number have in common: equal when people would read the same.

    Width, case, composed or decomposed accents, spaces beside Chinese characters and marks that nobody sees do not
    count. For comparing only, never to be shown or stored in the place of what was written.
    """
    seen = _pattern(f"[{_UNSEEN}]").sub("", clean_line(text))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return _pattern("(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])").sub("", " ".join(folded.split()))


def _cleaned(match: re.Match[str]) -> str:
    unsafe = match.group()
    if len(unsafe) > 1:  # a flag
        return unsafe
    code = ord(unsafe)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0x80 <= code < 0xA0 or code in (0x202D, 0x202E) or 0xD800 <= code < 0xE000 or 0xFFF9 <= code <= 0xFFFF:
        return _MARK
    return unsafe if _is_needed(unsafe, match.string, match.start()) else ""


def _is_needed(mark: str, text: str, place: int) -> bool:
    """Whether an invisible mark belongs to the character before it; both neighbours are visible then, so that cleaning
    once more decides the same."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if mark == "\u200d":
        base = text[place - 2 : place - 1] if before == "\ufe0f" else before
        return _is_joined(before) or (_is_pictured(base) and _is_pictured(after))
    if mark == "\u200c":
        return _is_joined(before) and _is_joined(after)
    if mark in "\ufe0e\ufe0f":
        return _is_pictured(before) or (before in "0123456789#*" and before != "" and after == "\u20e3")
    if "\ufe00" <= mark <= "\ufe0d" or mark >= "\U000e0100":
        return _is_seen(before) and unicodedata.category(before) in ("Lo", "Sm", "So", "Po")
    return "\u180b" <= mark <= "\u180f" and "\u1820" <= before <= "\u18aa"


def _is_joined(char: str) -> bool:
    return _pattern(_JOINED_SCRIPTS).match(char) is not None


def _is_pictured(char: str) -> bool:
    """Whether a character can be an emoji or part of one."""
    return _is_seen(char) and (unicodedata.category(char) in ("So", "Sm", "Sk", "Po") or char in "\u3030\u303d")


def _is_seen(char: str) -> bool:
    """Whether this is a visible character beyond ASCII."""
    return char != "" and not char.isascii() and not _pattern(f"[{_UNSEEN}]").match(char)
