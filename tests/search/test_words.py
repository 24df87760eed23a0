"""What counts as one slip of the fingers, against every slip made by hand."""

from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.search.words import one_slip, slip_in_beginning

KEYS = "abc退é"
words = st.text(alphabet=KEYS, max_size=7)


def slips_of(word: str) -> set[str]:
    """Everything that one dropped, doubled or wrong key, or two swapped ones make of a word."""
    made = {word[:at] + key + word[at:] for at in range(len(word) + 1) for key in KEYS}
    for at in range(len(word)):
        made.add(word[:at] + word[at + 1 :])
        made.update(word[:at] + key + word[at + 1 :] for key in KEYS)
        made.add(word[:at] + word[at : at + 2][::-1] + word[at + 2 :])
    return made - {word}


@settings(deadline=None)
@given(words, words)
def test_two_words_are_one_slip_apart_when_a_slip_makes_one_of_the_other(word: str, other: str) -> None:
    assert one_slip(other, word) == (other in slips_of(word)) == one_slip(word, other)


@settings(deadline=None)
@given(words)
def test_every_slip_of_a_word_is_known_as_one(word: str) -> None:
    made = slips_of(word)
    assert all(one_slip(typed, word) for typed in made)
    assert not one_slip(word, word)


@settings(deadline=None)
@given(words, words)
def test_a_beginning_with_a_slip_is_that_of_the_word_that_goes_on(word: str, typed: str) -> None:
    made = {slip for end in range(1, len(word) + 1) for slip in slips_of(word[:end])}
    assert slip_in_beginning(typed, word) == (typed in made)
