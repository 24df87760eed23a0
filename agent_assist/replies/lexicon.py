"""The patterns of each language for the reply check. Compiling takes milliseconds, so each is built on first use."""

import functools

from agent_assist.replies.patterns import Lexicon


@functools.cache
def lexicon(lang: str) -> Lexicon:
    """Return the patterns of a language; those of English for a language without any."""
    # imported here because a desk mostly needs only one of them
    if lang.startswith("zh"):
        from agent_assist.replies.words_zh import build
    else:
        from agent_assist.replies.words_en import build
    return build()
