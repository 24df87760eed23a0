"""What a terminal sends, as text: UTF-8 however it arrives, and a visible mark for what is none."""

import codecs

REPLACEMENT_CHARACTER = "\ufffd"


class TerminalText:
    """Decodes what is read from a terminal piece by piece; a character may be split between two reads."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._has_notice = False

    def decode(self, raw: bytes) -> str:
        """The text in these bytes; bytes that are not UTF-8 become one mark each character."""
        typed = self._decoder.decode(raw)
        # A mark that was sent as such is UTF-8 and nothing to talk about.
        if typed.count(REPLACEMENT_CHARACTER) > raw.count(REPLACEMENT_CHARACTER.encode()):
            self._has_notice = True
        return typed

    def rest(self) -> str:
        """What half a character comes to whose other half does not arrive."""
        left = self._decoder.decode(b"", final=True)
        self._has_notice = self._has_notice or bool(left)
        return left

    def take_notice(self) -> bool:
        """Whether bytes were replaced; True only the first time it is asked after that."""
        notice, self._has_notice = self._has_notice, False
        return notice
