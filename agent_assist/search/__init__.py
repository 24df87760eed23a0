"""Finding the right reply, whatever is typed: Chinese, English, pinyin, initials, slips, cut words, whole messages.

`Index(phrases).search(query)` needs no terminal, database or file. numpy is imported only for books too large for
plain Python.
"""

from agent_assist.search.explain import explain
from agent_assist.search.hit import Hit
from agent_assist.search.index import Index
from agent_assist.search.signals import SearchContext, Signals

__all__ = ["Hit", "Index", "SearchContext", "Signals", "explain"]
