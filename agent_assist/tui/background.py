"""What the program does beside the screen so that typing stays smooth."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

_PACKAGE = Path(__file__).parent.parent


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


def place_of(error: BaseException) -> str:
    """What happened and where in the program, for a report; never what the error says, which may name a customer."""
    ours = [frame for frame in extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(_PACKAGE)]
    if not ours:
        return type(error).__name__
    return f"{type(error).__name__}, {Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()}:{ours[-1].lineno}"
