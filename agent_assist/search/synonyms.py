"""Words for the same thing: agents search 登不上 for 登录失败, customers write "money back" for a refund.

`synonyms.toml` holds groups of words in any language; the shipped file comes first, a file in a user's folder adds to
it. A file that cannot be read adds nothing and becomes a sentence for the reader, never an exception.
"""

import itertools
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from agent_assist.locale import _
from agent_assist.search.keys import HAN_PAIR, word_key
from agent_assist.search.normalise import fold, is_han, units
from agent_assist.search.words import stem

FILE = "synonyms.toml"
Words = tuple[str, ...]
"""A word or term as its units."""


class Synonyms:
    """Groups of terms, looked up by their first unit. `problems` says in words what could not be used."""

    def __init__(self, groups: Iterable[Sequence[str]] = (), problems: Sequence[str] = ()) -> None:
        self.groups: list[tuple[Words, ...]] = []
        self.problems = tuple(problems)
        self._keys: dict[int, tuple[tuple[int, float], ...]] = {}
        self._starts: dict[str, list[tuple[Words, int]]] = {}
        for number, group in enumerate(groups):
            terms = tuple(dict.fromkeys(tuple(units(fold(word))) for word in group))
            self.groups.append(terms)
            for term in terms:
                stems = tuple(map(stem, term))
                if stems:
                    self._starts.setdefault(stems[0], []).append((stems, number))

    def keys(self, group: int) -> tuple[tuple[int, float], ...]:
        """What to look up for a group: the pairs of characters and the words of each term, and their share in it."""
        known = self._keys.get(group)
        if known is None:
            shares: dict[int, float] = {}
            for term in self.groups[group]:
                pairs = [(a, b) for a, b in itertools.pairwise(term) if is_han(a) and is_han(b)]
                words = [unit for unit in term if not is_han(unit)]
                for a, b in pairs:
                    shares.setdefault(HAN_PAIR | ord(a) << 16 | ord(b), 1 / len(pairs))
                for word in words:
                    shares.setdefault(word_key(word), 1 / len(words))
            known = self._keys[group] = tuple(shares.items())
        return known

    def found(self, stems: Sequence[str]) -> list[tuple[int, int, int]]:
        """Where a text, given as stems of its units, uses a term: first unit, last unit, number of the group."""
        found = []
        for first, unit in enumerate(stems):
            for term, number in self._starts.get(unit, ()):
                if tuple(stems[first : first + len(term)]) == term:
                    found.append((first, first + len(term) - 1, number))
        return found


def load(folders: Iterable[Path]) -> Synonyms:
    """The groups of the `synonyms.toml` files in these folders, in order; a folder without one is fine."""
    groups: list[list[str]] = []
    problems: list[str] = []
    for folder in folders:
        path = folder / FILE
        try:
            content = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            problems.append(_("{file} cannot be read: {why}", file=path, why=error))
            continue
        read, wrong = parse(content)
        groups += read
        problems += [f"{path}: {problem}" for problem in wrong]
    return Synonyms(groups, problems)


def parse(content: str) -> tuple[list[list[str]], list[str]]:
    """The groups in a file's text that can be used, and what is wrong with the others."""
    try:
        table = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        return [], [_("this is not TOML: {why}", why=error)]
    problems = [_("{name} is not known here; only group is", name=name) for name in table if name != "group"]
    entries = table.get("group", [])
    groups: list[list[str]] = []
    if not isinstance(entries, list):
        return [], [*problems, _("group must be written [[group]]")]
    for place, entry in enumerate(entries, 1):
        words = entry.get("words") if isinstance(entry, dict) else None
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words) or set(entry) != {"words"}:
            problems.append(_("group {place} must hold only words, a list of texts", place=place))
            continue
        wrong = list(_wrong(place, words))
        problems += wrong
        if not wrong:
            groups.append(words)
    return groups, problems


def _wrong(place: int, words: list[str]) -> Iterable[str]:
    folded = [tuple(units(fold(word))) for word in words]
    if len(words) < 2:
        yield _("group {place} needs at least two words", place=place)
    for word, parts in zip(words, folded, strict=True):
        if sum(map(len, parts)) < 2:
            yield _("group {place}: {word} is too short, it would match everywhere", place=place, word=word)
        elif folded.count(parts) > 1:
            yield _("group {place}: {word} stands there twice", place=place, word=word)
