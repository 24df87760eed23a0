"""A clause of the impact in the past: "users cannot sign in" was "users could not sign in" once it is over."""

import re

_VERBS = {
    "cannot": "could not",
    "can't": "could not",
    "can": "could",
    "is": "was",
    "are": "were",
    "has": "had",
    "have": "had",
    "do": "did",
    "does": "did",
    "works": "worked",
    "work": "worked",
    "takes": "took",
    "take": "took",
    "shows": "showed",
    "show": "showed",
    "arrives": "arrived",
    "arrive": "arrived",
    "fails": "failed",
    "fail": "failed",
    "ends": "ended",
    "end": "ended",
    "reports": "reported",
    "report": "reported",
    "sees": "saw",
    "see": "saw",
    "gets": "got",
    "get": "got",
    "loses": "lost",
    "lose": "lost",
    "stops": "stopped",
    "stop": "stopped",
    "drops": "dropped",
    "drop": "dropped",
    "loads": "loaded",
    "load": "loaded",
    "returns": "returned",
    "appears": "appeared",
    "appear": "appeared",
}
_WORD = re.compile(r"\b(?<!could not )(" + "|".join(sorted(_VERBS, key=len, reverse=True)) + r")\b(?!-)")
_MODAL = re.compile(r"\b(?:can|cannot|can't|could|could not|to) (?:not )?[a-z]+(?:(?:, [a-z]+)* (?:or|and) [a-z]+)?")


def in_past(clause: str) -> str:
    """Return the English clause in the past tense; verbs that the table does not list stay as they are."""
    parts, end = [], 0
    for modal in _MODAL.finditer(clause):
        verb, _space, rest = modal[0].partition(" ")
        parts += [_simple(clause[end : modal.start()]), _VERBS.get(verb, verb) + " " + rest]
        end = modal.end()
    return "".join([*parts, _simple(clause[end:])])


def _simple(text: str) -> str:
    return _WORD.sub(lambda match: _VERBS[match[1]], text)
