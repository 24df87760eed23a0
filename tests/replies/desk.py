"""A phrase and its facts for the tests of replies."""

from collections.abc import Mapping
from typing import Any

from agent_assist.chats import Customer
from agent_assist.phrasebook import Phrase
from agent_assist.replies import Facts, Filled, fill
from tests.conftest import NOW, SHANGHAI
from tests.incidents.facts import outage

EN = {
    "en": {
        "title": "Sign-in failure",
        "scope": "about 15% of users cannot sign in",
        "cause": "a compatibility problem after a database upgrade",
        "workaround": "please stay signed in on your other devices",
        "services": "sign-in, payments",
    }
}


def phrase(text: str = "", **more: Any) -> Phrase:
    """A phrase with this text in Chinese and English alike, unless `text_by` says otherwise."""
    texts = more.pop("text_by", {"zh": text, "en": text})
    return Phrase(**{"id": "p", "title": {"zh": "标题"}, "text": texts} | more)


def facts(**changes: Any) -> Facts:
    """Customer 王女士, the outage in both languages, agent 小李, at 14:10."""
    usual: dict[str, Any] = {
        "customer": Customer(name="王女士"),
        "incident": outage(translations=EN),
        "agent": "小李",
        "values": {},
        "now": NOW,
        "tz": SHANGHAI,
    }
    return Facts(**usual | changes)


def filled(text: str, lang: str = "zh", values: Mapping[str, str] | None = None, **changes: Any) -> Filled:
    """The text filled with the facts."""
    return fill(phrase(text), lang, facts(values=values or {}, **changes))
