"""Options that are chosen by typing: by the beginning of a name, of another word for it, or of its pinyin."""

import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from agent_assist.search.pinyin import reads_as


class TypedOption(NamedTuple):
    """An option: the value it stands for, its label, and what else people type for it."""

    value: str
    label: str
    words: tuple[str, ...] = ()

    def rank(self, typed: str) -> int | None:
        """Return how well a folded text names this option, 0 for exactly; None when it does not."""
        names = [fold(name) for name in (self.label, self.value, *self.words)]
        if typed in names:
            return 0
        if names[0].startswith(typed):
            return 1
        if any(name.startswith(typed) for name in names):
            return 2
        is_latin = typed.isascii() and typed.isalpha()
        return 3 if is_latin and any(reads_as(typed, name) for name in names if not name.isascii()) else None


def fold(text: str) -> str:
    """Return a text without what people spell differently: width, case, spaces around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def matching(typed: str, options: Sequence[TypedOption]) -> list[TypedOption]:
    """Return the options that a text may name, best first; none for an empty text."""
    typed = fold(typed)
    if not typed:
        return []
    ranked = [(rank, place) for place, option in enumerate(options) if (rank := option.rank(typed)) is not None]
    return [options[place] for _rank, place in sorted(ranked)]


def value_of(typed: str, options: Sequence[TypedOption]) -> str:
    """Return the value of the option that a text names best, or the text itself."""
    return next((option.value for option in matching(typed, options)), typed.strip())
