"""What the reply check has to know of a language: one pattern for each part of an apology and each claim.

`claim_patterns_zh` and `claim_patterns_en` fill them in. They look only within a sentence, so that a "not" elsewhere
does not undo what was said.
"""

import re
from typing import NamedTuple


class Claims(NamedTuple):
    """What a text says about the state of the incident. The `not_…` patterns tell what only looks like a claim: those
    searched before a match see its clause up to there, those after it see the rest of the clause."""

    recovered: re.Pattern[str]
    """It is over, or the repair is in place."""
    repairing: re.Pattern[str]
    """It is being repaired, or will be by some time."""
    recovering: re.Pattern[str]
    """It comes back, or is not back yet."""
    found: re.Pattern[str]
    """The cause is known."""
    sought: re.Pattern[str]
    """The cause is not known yet."""
    still: re.Pattern[str]
    """In another clause: a part of it is not over, so that no more than a part was said to be."""
    not_before: re.Pattern[str]
    """Before a claim: denied, asked, only under a condition, said earlier, or of a part only."""
    others: re.Pattern[str]
    """Within a claim or before it: it is said of one customer's own matter."""
    not_after: re.Pattern[str]
    """Right after a claim: asked, only under a condition, or about something else."""
    planned: re.Pattern[str]
    """Before “recovered”: a wish or a plan, unless the claim itself says `done`."""
    done: re.Pattern[str]
    conditional: re.Pattern[str]
    """In an earlier clause of the sentence: what follows depends on it, unless the claim itself says `done`."""
    earlier: re.Pattern[str]
    """Before “repairing”: at another time, or with another aim than to repair."""
    asks: re.Pattern[str]
    """At the end of a clause: it is a question."""


class Lexicon(NamedTuple):
    """One language. Each pattern is searched in the text in lower case: ignoring case costs three times as much."""

    owns: re.Pattern[str]
    """Says in words that it is ours."""
    not_ours: re.Pattern[str]
    """Pushes it away."""
    sorry: re.Pattern[str]
    failed: re.Pattern[str]
    """Names a failure; with `sorry`, that takes responsibility too."""
    vague: re.Pattern[str]
    scope: re.Pattern[str]
    remedy: re.Pattern[str]
    no_remedy: re.Pattern[str]
    """Denies a remedy; taken out of the text before `remedy` is searched."""
    empty_address: re.Pattern[str]
    admits_passed: re.Pattern[str]
    """In a sentence with a passed time: says that it has passed."""
    claims: Claims


def rule(*alternatives: str) -> re.Pattern[str]:
    """Return a pattern that matches any of the alternatives, in a text in lower case."""
    return re.compile("|".join(f"(?:{one})" for one in alternatives))


def words(*several: str) -> str:
    """Join the alternatives of several lines into one group."""
    return f"(?:{'|'.join(several)})"
