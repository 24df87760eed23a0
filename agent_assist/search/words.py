"""English words: their stems, and how far a slip of the fingers is from a word.

The stemmer only takes off what joins the forms agents and customers mix (plural, -ing, -ed, -ly, -er); it need not be
right, only the same for both sides. Slips are the four of keyboard studies: a neighbour key, a dropped, a doubled or
inserted and two swapped letters, that is one step of optimal string alignment.
"""

from collections.abc import Callable
from functools import cache, lru_cache

_PLURALS = (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", ""))
_ENDINGS = (
    ("ications", "y"),
    ("ication", "y"),
    ("ations", ""),
    ("ation", ""),
    ("iness", "y"),
    ("ment", ""),
    ("ying", "y"),
    ("ing", ""),
    ("ied", "y"),
    ("edly", ""),
    ("ed", ""),
    ("ly", ""),
)
_KEPT = frozenset("aeiouys")


@lru_cache(65536)
def stem(word: str) -> str:
    """Return a form that inflections of one word share."""
    if len(word) <= 3 or not word.isascii():
        return word
    if not word.endswith(("ss", "us", "is")):
        word = _without(word, _PLURALS)
    word = _without(word, _ENDINGS)
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _KEPT:
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > 3 else word


def _without(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, instead in endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: len(word) - len(ending)] + instead
    return word


_JOINING = (
    "a able about actually after again all already also although always am an and another any anybody anyone "
    "anything are aren arent around as ask asking assist assistance at away back be because been before being "
    "both but by can cannot cant come could couldnt currently did didnt do does doesnt doing done dont down "
    "during each easily either else even ever every everything exactly explain far few find finding first for "
    "from further get gets getting give giving go goes going gone got had has hasnt have havent having he hello "
    "help helping her here hers hi him his hope how however i id if ill im in information inside instead into is "
    "isnt it its itself ive just know knowing let lets like likely long look looking lot made make making many "
    "may maybe me mean might more most much must my myself near need needed needs never next no nor not now of "
    "off often ok okay on once one only onto or other others our ours out over own perhaps please possible "
    "possibly probably problem put question questions quite rather really right said same saw say says see seem "
    "seems seen several shall she should show since so some somebody somehow someone something soon still such "
    "sure take taking tell than thanks that thats the their them then there theres these they thing things think "
    "this those though through to together told too toward tried try trying two u unable understand until up upon "
    "ur us use used using usually very via wanna want wanted wants was wasnt way we well went were what whats "
    "when where wheres whether which while who whom whos whose why will wish with within without wondering wont "
    "would wouldnt yes yet you your youre yours yourself"
)
FUNCTION_WORD_WEIGHT = 0.3
"""What is left of the weight of a word that joins or asks."""
FUNCTION_WORDS = frozenset(_JOINING.split())
"""Words that join or ask and say little about the matter; also without their apostrophes."""


def letters(word: str) -> int:
    """Return the letters of a word as bits; one slip changes at most two bits."""
    bits = 0
    for character in word:
        bits |= 1 << (ord(character) & 31)
    return bits


@lru_cache(65536)
def shape(word: str) -> tuple[str, int]:
    """Return stem and letters of a word."""
    return stem(word), letters(word)


def one_slip(typed: str, word: str) -> bool:
    """Whether one slip turns the word into what was typed; equal words are no slip."""
    return _distance()(typed, word, score_cutoff=1) == 1


def slip_in_beginning(typed: str, word: str) -> bool:
    """Whether what was typed is the beginning of the word but for one slip."""
    distance, size = _distance(), len(typed)
    if distance(typed, word[:size], score_cutoff=2) > 2:  # a slip, and a letter more or less at the end
        return False
    return any(distance(typed, word[:n], score_cutoff=1) == 1 for n in (size - 1, size, size + 1) if 0 < n <= len(word))


@cache
def _distance() -> Callable[..., int]:
    """Optimal string alignment, imported with the first word that no entry holds: it takes longer than the search."""
    from rapidfuzz.distance import OSA  # loaded with the first unknown word

    return OSA.distance
