"""Cut a list of actions that ends in a failure down to few that still do (delta debugging)."""

from collections.abc import Callable, Sequence

from tests.tui.fuzz.actions import Action


def reduced(actions: Sequence[Action], fails: Callable[[Sequence[Action]], bool]) -> list[Action]:
    """A short list for which `fails` still holds. It is asked some dozens of times.

    First what came long before is left out, in halves, then parts anywhere.
    """
    left = list(actions)
    while len(left) > 1 and fails(left[len(left) // 2 :]):
        left = left[len(left) // 2 :]
    parts = 2
    while len(left) > 1:
        size = max(1, len(left) // parts)
        for start in range(0, len(left), size):
            fewer = left[:start] + left[start + size :]
            if fewer and fails(fewer):
                left, parts = fewer, max(2, parts - 1)
                break
        else:
            if size == 1:
                break
            parts *= 2
    return left
