"""Keys until the wanted phrase is first: `python tests/benchmarks/search_keys.py [--sample N] [--data FOLDER]`.

Beside the search index stands `fzf --filter` on lines of text with pinyin and initials, what a practised terminal user
would build. Each mode types an entry's title letter by letter: in Chinese, in full pinyin, by initials, in English.
The entries are the shipped phrases, or those of a folder with `corpus.jsonl` and `keystrokes.jsonl` ({"mode", "text",
"relevant"}). Goal: no mode needs more keys than fzf, English fewer.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from agent_assist.phrasebook import Phrase, load
from agent_assist.search import Index
from agent_assist.search.normalise import FIRST, LAST, fold, units
from agent_assist.search.pinyin import readings
from agent_assist.search.synonyms import load as load_synonyms

ROOT = Path(__file__).resolve().parents[2]
LOST = 5
"""Keys added when the whole title does not bring its phrase to the first place."""


class Typing(msgspec.Struct, frozen=True):
    """One title as it is typed, and the phrases that would be right."""

    mode: str
    text: str
    wanted: frozenset[str]


def sounds(text: str) -> list[str]:
    """The usual reading of each Chinese character of a text; other words as they are."""
    return [readings().get(unit, (unit,))[0] if FIRST <= unit <= LAST else unit for unit in units(fold(text))]


def typings(phrases: Sequence[Phrase], sample: int) -> list[Typing]:
    """Titles of some phrases in every mode."""
    every = []
    for phrase in random.Random(7).sample(list(phrases), min(sample, len(phrases))):
        wanted = frozenset(other.id for other in phrases if set(other.title.values()) & set(phrase.title.values()))
        if zh := phrase.title.get("zh"):
            said = sounds(zh)
            every += [
                Typing("Chinese", zh, wanted),
                Typing("pinyin", "".join(said), wanted),
                Typing("initials", "".join(sound[0] for sound in said), wanted),
            ]
        if en := phrase.title.get("en"):
            every.append(Typing("English", en.lower(), wanted))
    return every


def of_folder(folder: Path) -> tuple[list[Phrase], list[Typing]]:
    """Entries and typings of an evaluation's folder."""

    def rows(name: str) -> list[dict[str, object]]:
        return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]

    phrases = [
        msgspec.convert(
            {"id": e["id"], "title": {e["lang"]: e["title"]}, "text": {e["lang"]: e["body"]}, "tags": e["tags"]}, Phrase
        )
        for e in rows("corpus.jsonl")
    ]
    typed = [msgspec.convert({**s, "wanted": s["relevant"]}, Typing) for s in rows("keystrokes.jsonl")]
    return phrases, typed


def keys_needed(typing: Typing, first: Callable[[str], str | None]) -> int:
    """Keys until a wanted phrase is first; spaces cost a key too."""
    for keys in range(1, len(typing.text) + 1):
        if typing.text[keys - 1] != " " and first(typing.text[:keys]) in typing.wanted:
            return keys
    return len(typing.text) + LOST


def fzf(phrases: Sequence[Phrase], file: Path) -> Callable[[str], str | None]:
    """The first line that fzf finds, as the phrase's id."""
    with file.open("w", encoding="utf-8") as lines:
        for phrase in phrases:
            said = [sounds(title) for title in phrase.title.values()]
            text = " ".join((*phrase.title.values(), *phrase.keywords, *phrase.tags))
            spelt = " ".join("".join(way) + " " + "".join(sound[0] for sound in way) for way in said)
            lines.write(f"{phrase.id}\t{' '.join(text.split())} {spelt}\n")
    command = ["fzf", "-i", "--delimiter", "\t", "--nth", "2..", "--filter"]

    def first(query: str) -> str | None:
        with file.open(encoding="utf-8") as lines:
            found = subprocess.run([*command, query], stdin=lines, capture_output=True, text=True, check=False).stdout
        return found.split("\t", 1)[0] or None

    return first


def main() -> None:
    """Print the mean number of keys for each mode, ours and fzf's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=60, help="so many of the shipped phrases are typed")
    parser.add_argument("--data", type=Path, help="a folder with corpus.jsonl and keystrokes.jsonl")
    options = parser.parse_args()
    books = [ROOT / "phrasebooks"]
    if options.data:
        phrases, typed = of_folder(options.data)
    else:
        phrases = list(load(books).active)
        typed = typings(phrases, options.sample)
    index = Index(phrases, synonyms=load_synonyms(books))

    def ours(query: str) -> str | None:
        return next((hit.phrase.id for hit in index.search(query, 1)), None)

    with tempfile.TemporaryDirectory() as folder:
        theirs = fzf(phrases, Path(folder) / "lines")
        print(f"{'mode':10} {'titles':>6} {'ours':>6} {'fzf':>6}")
        for mode in dict.fromkeys(typing.mode for typing in typed):
            those = [typing for typing in typed if typing.mode == mode]
            means = [statistics.mean(keys_needed(typing, first) for typing in those) for first in (ours, theirs)]
            print(f"{mode:10} {len(those):6} {means[0]:6.2f} {means[1]:6.2f}")


if __name__ == "__main__":
    main()
