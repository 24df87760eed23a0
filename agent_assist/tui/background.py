"""What the program does beside the screen so that typing stays smooth."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def deferred_gc() -> Iterator[None]:
    """Collect no garbage while the program starts; `resume_gc` ends that early, leaving the block in any case."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def resume_gc() -> None:
    """Collect garbage again, but never look through what was loaded until now: phrases and index stay, and looking
    through them again and again took 0.1 s in the middle of typing."""
    gc.enable()
    gc.freeze()
