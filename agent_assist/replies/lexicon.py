"""The patterns of each language for the reply check. Compiling takes milliseconds, so each is built on first use."""

import functools

from agent_assist.replies.patterns import Lexicon


@functools.cache
def lexicon(lang: str) -> Lexicon:
    """Return the patterns of a language; those of English for a language without any."""
    if lang.startswith("zh"):
        from agent_assist.replies.claim_patterns_zh import build  # one language is often enough
    else:
        from agent_assist.replies.claim_patterns_en import build  # one language is often enough
    return build()
