"""One reply as the agent sees it: the phrase filled for this customer and incident, its gaps, its check.

No database, no file and no thread between a key and this value: everything needed is passed in.
"""

import datetime as dt
import re
from collections.abc import Mapping

import msgspec

from agent_assist.chats import Chat, Customer
from agent_assist.incidents import Incident
from agent_assist.incidents.incident import SAYINGS
from agent_assist.locale import LANGUAGES, Language
from agent_assist.phrasebook import Phrase
from agent_assist.replies import Check, Facts, Gap, Mark, Warning_, check, fill

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers, when and where: what every reply of this desk shares."""

    agent: str
    now: dt.datetime
    tz: dt.tzinfo


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A reply in progress. `text` is exactly what would be copied; `marks` index into it."""

    phrase: Phrase
    lang: str
    text: str
    gaps: tuple[Gap, ...]
    marks: tuple[Mark, ...]
    check: Check
    incident_id: str = ""
    facts_version: int = 0
    is_edited: bool = False

    @property
    def blockers(self) -> tuple[Warning_, ...]:
        """Warnings that keep it from being copied without an explicit decision."""
        return tuple(warning for warning in self.check.warnings if warning.blocking)


def make_reply(
    phrase: Phrase,
    setting: Setting,
    *,
    customer: Customer,
    incident: Incident | None = None,
    values: Mapping[str, str] | None = None,
    offer: Mapping[str, str] | None = None,
    lang: str = "",
    channel: str = "chat",
    edited: str = "",
    drafted_version: int = 0,
) -> Reply:
    """Fill and check. `edited` replaces the filled text; it was written from facts version `drafted_version`.

    Raises Refused when the phrase's template cannot be filled at all, naming phrase and place.
    """
    lang = phrase.lang_for(lang or customer.language)
    facts = Facts(
        customer=customer, incident=incident, agent=setting.agent, values=values or {}, now=setting.now, tz=setting.tz,
        offer=offer or {},
    )  # fmt: skip
    filled = fill(phrase, lang, facts)
    text, gaps, marks = (edited, (), ()) if edited else (filled.text, filled.gaps, filled.marks)
    version = incident.version if incident else 0
    verdict = check(
        text, lang, facts=facts, phrase=phrase, gaps=gaps, channel=channel,
        facts_version=drafted_version if edited and drafted_version else version,
    )  # fmt: skip
    return Reply(
        phrase=phrase, lang=lang, text=text, gaps=gaps, marks=marks, check=verdict, is_edited=bool(edited),
        incident_id=incident.id if incident else "", facts_version=version,
    )  # fmt: skip


def spoken(incident: Incident | None, customer_name: str, fallback: Language) -> Language:
    """The language for a reply when nobody named one: the customer's by the script of the name, unless the facts can
    be told in another one only."""
    wanted: Language = fallback if not customer_name else "zh" if _HAN.search(customer_name) else "en"
    if incident is None:
        return wanted
    tellable = [lang for lang in LANGUAGES if not any(incident.is_known_elsewhere(fact, lang) for fact in SAYINGS)]
    return wanted if wanted in tellable or not tellable else tellable[0]


def reply_for_chat(phrase: Phrase, setting: Setting, chat: Chat, incident: Incident | None, lang: str = "") -> Reply:
    """The reply for one slot, with that slot's customer, values and hand-made changes only."""
    own = phrase.id == chat.phrase_id
    return make_reply(
        phrase, setting, customer=chat.customer, incident=incident, values=chat.values, lang=lang,
        edited=chat.edited if own else "", drafted_version=chat.drafted_version if own else 0,
    )  # fmt: skip
