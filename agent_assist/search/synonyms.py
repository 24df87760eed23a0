"""Words for the same thing: agents search 登不上 for 登录失败, customers write "money back" for a refund.

`synonyms.toml` holds groups of words in any language; the shipped file comes first, a file in a user's folder adds to
it. What cannot be used adds nothing and raises nothing; `synonyms_lint` says what it is and where.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from agent_assist import toml_text
from agent_assist.files import read_text
from agent_assist.phrasebook.folders import SYNONYMS_FILE
from agent_assist.search.keys import HAN_PAIR, word_key
from agent_assist.search.normalise import FIRST, LAST, fold, units
from agent_assist.search.words import FUNCTION_WORDS, stem

MIN_TERM_LENGTH = 2
"""Characters or letters; a shorter word would match everywhere."""

Term = tuple[str, ...]
"""A word, or several in a row, as its units."""


class Synonyms:
    """Groups of terms, looked up by their first unit."""

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self.groups: list[tuple[Term, ...]] = []
        self._keys: dict[int, tuple[tuple[int, float], ...]] = {}
        self._starts: dict[str, list[tuple[Term, int]]] = {}
        for terms in _usable(groups):
            for term in terms:
                stems = tuple(map(stem, term))
                self._starts.setdefault(stems[0], []).append((stems, len(self.groups)))
            self.groups.append(terms)

    def keys(self, group: int) -> tuple[tuple[int, float], ...]:
        """Return the keys of a group: pairs of characters and words of each term, with their share in it."""
        keys_of_group = self._keys.get(group)
        if keys_of_group is None:
            shares: dict[int, float] = {}
            for term in self.groups[group]:
                pairs = [
                    HAN_PAIR | ord(a) << 16 | ord(b)
                    for a, b in itertools.pairwise(term)
                    if FIRST <= a <= LAST and FIRST <= b <= LAST
                ]
                words = [word_key(unit) for unit in term if not FIRST <= unit <= LAST and unit not in FUNCTION_WORDS]
                for keys in (pairs, words):
                    for key in keys:
                        shares.setdefault(key, 1 / len(keys))
            keys_of_group = self._keys[group] = tuple(shares.items())
        return keys_of_group

    def found(self, stems: Sequence[str]) -> list[tuple[int, int, int]]:
        """Return where a text, given as stems of its units, uses a term: first unit, last unit, number of the group."""
        places = []
        for first, unit in enumerate(stems):
            for term, number in self._starts.get(unit, ()):
                if tuple(stems[first : first + len(term)]) == term:
                    places.append((first, first + len(term) - 1, number))
        return places


def load(folders: Iterable[Path]) -> Synonyms:
    """Return the groups of the `synonyms.toml` files in these folders, in order; a folder without one is fine."""
    groups: list[list[str]] = []
    for folder in folders:
        try:
            groups += read(folder / SYNONYMS_FILE)
        except (OSError, ValueError):
            continue
    return Synonyms(groups)


def read(path: Path) -> list[list[str]]:
    """Return the groups of words in a file, in order; what is no group is left out. Raises OSError or NotToml."""
    content = read_text(path)
    try:
        return _plain(content)
    except msgspec.MsgspecError:
        entries = toml_text.parse(content).get("group", [])
        return [words for words in map(words_of, entries) if words] if isinstance(entries, list) else []


def words_of(entry: object) -> list[str]:
    """Return the words of a group as the file holds it; none when it is not written as a group."""
    words = entry.get("words") if isinstance(entry, dict) else None
    return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else []


def _plain(content: str) -> list[list[str]]:
    """Return a file of nothing but `[[group]]` and `words = ["…"]`, forty times faster than by TOML's whole grammar."""
    lines = [line for line in content.splitlines() if line and line[0] != "#"]
    heads, rest = lines[::2], lines[1::2]
    start = "words = "
    if "\\" in content or set(heads) != {"[[group]]"} or not all(line.startswith(start) for line in rest):
        raise msgspec.DecodeError("not that plain")
    return msgspec.json.decode("[" + ",".join(line[len(start) :] for line in rest) + "]", type=list[list[str]])


def _usable(groups: Iterable[Sequence[str]]) -> Iterator[tuple[Term, ...]]:
    """Yield groups of at least two different terms, as their units. All words are folded at once: each call costs."""
    every = [[" ".join(word.split()) for word in group] for group in groups]
    lines = iter(fold("\n".join(itertools.chain.from_iterable(every))).split("\n"))
    for group in every:
        terms = dict.fromkeys(tuple(units(line)) for line in itertools.islice(lines, len(group)))
        usable = tuple(term for term in terms if sum(map(len, term)) >= MIN_TERM_LENGTH)
        if len(usable) > 1:
            yield usable
