"""One reply as the agent sees it: the phrase filled for this customer and incident, its gaps, its check.

No database, no file and no thread between a key and this value: everything needed is passed in.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from agent_assist.chats import Chat, Customer
from agent_assist.incidents import Incident
from agent_assist.incidents.incident import SAYINGS
from agent_assist.incidents.publication import StepName, told_steps
from agent_assist.locale import REPLY_LANGUAGES, Language
from agent_assist.phrasebook import Phrase
from agent_assist.replies import Check, Draft, Facts, Gap, Mark, Warning_, check, fill, variables
from agent_assist.replies.person import NamesInText, is_another, still_named

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers, when and where: what every reply of this desk shares."""

    agent: str
    public_name: Mapping[str, str] | None = None
    """What customers call the agent, by language; None for `agent` in every language."""
    brand: Mapping[str, str] = {}
    now: dt.datetime
    tz: dt.tzinfo

    def agent_in(self, lang: str) -> str:
        """Return what customers call the agent in this language; "" when nobody has said it."""
        return self.agent if self.public_name is None else self.public_name.get(lang, "")


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
    stage: str = ""
    """The status of the incident; "" without one."""
    is_edited: bool = False
    tells: tuple[StepName, ...] = ()
    """The steps of the communication clock that it takes when it is sent; none when it is not about the incident."""

    @property
    def is_short(self) -> bool:
        """Whether it says the short form of its phrase."""
        own = self.phrase.short.get(self.lang, "")
        return bool(own) and not self.is_edited and self.phrase.text[self.lang] == own

    @property
    def blockers(self) -> tuple[Warning_, ...]:
        """Warnings that keep it from being copied without an explicit decision."""
        return tuple(warning for warning in self.check.warnings if warning.blocking)

    @property
    def needs_consent(self) -> bool:
        """Whether somebody responsible has to have seen it; advice for agents goes to nobody anyway."""
        return self.phrase.confirm and all(warning.code != "internal" for warning in self.check.warnings)


def make_reply(
    phrase: Phrase,
    setting: Setting,
    *,
    customer: Customer,
    incident: Incident | None = None,
    values: Mapping[str, str] | None = None,
    offer: Mapping[str, str] | None = None,
    lang: str = "",
    channel: str = "",
    edited: str = "",
    drafted_version: int = 0,
    chat_with: Customer | None = None,
    drafted_for: Iterable[Customer] = (),
    others: Iterable[Customer] = (),
) -> Reply:
    """Fill and check. `edited` replaces the filled text; it was written from facts version `drafted_version`.

    It must speak to nobody but `chat_with` (the customer where nobody else is given): not to those it was
    `drafted_for` before, nor to the `others`, the customers of the agent's other open chats.

    Raises Refused when the phrase's template cannot be filled at all, naming phrase and place.
    """
    lang = phrase.lang_for(lang or customer.language)
    facts = Facts(
        customer=customer,
        incident=incident,
        agent=setting.agent_in(lang),
        brand=setting.brand.get(lang, ""),
        values=values or {},
        now=setting.now,
        tz=setting.tz,
        offer=offer or {},
    )
    filled = fill(phrase, lang, facts)
    text, gaps, marks = (edited, (), ()) if edited else (filled.text, filled.gaps, filled.marks)
    version = incident.version if incident else 0
    draft = Draft(
        filled=filled,
        customer=chat_with or customer,
        is_edited=bool(edited),
        drafted_for=tuple(drafted_for),
        others=tuple(others),
    )
    verdict = check(
        text,
        lang,
        facts=facts,
        phrase=phrase,
        gaps=gaps,
        channel=channel,
        draft=draft,
        facts_version=drafted_version if edited and drafted_version else version,
    )
    return Reply(
        phrase=phrase,
        lang=lang,
        text=text,
        gaps=gaps,
        marks=marks,
        check=verdict,
        is_edited=bool(edited),
        incident_id=incident.id if incident else "",
        facts_version=version,
        stage=incident.status if incident else "",
        tells=_told_by(text, phrase, incident, lang, setting.tz),
    )


def _told_by(text: str, phrase: Phrase, incident: Incident | None, lang: str, tz: dt.tzinfo) -> tuple[StepName, ...]:
    """Return the steps that a text takes; a phrase that reads no fact is not about the incident."""
    template = phrase.text.get(lang, "")
    if incident is None or not any(name.startswith("incident.") for name in variables(template)):
        return ()
    return told_steps(incident, text, lang, tz)


def spoken(incident: Incident | None, customer_name: str, fallback: Language) -> Language:
    """Return the language for a reply when none was named: by the script of the customer's name, unless the facts
    can be told in another one only."""
    by_name: Language = fallback if not customer_name else "zh" if _HAN.search(customer_name) else "en"
    if incident is None:
        return by_name
    tellable = [
        lang for lang in REPLY_LANGUAGES if not any(incident.is_known_elsewhere(fact, lang) for fact in SAYINGS)
    ]
    return by_name if by_name in tellable or not tellable else tellable[0]


def reply_for_chat(
    phrase: Phrase,
    setting: Setting,
    chat: Chat,
    incident: Incident | None,
    lang: str = "",
    others: Iterable[Customer] = (),
) -> Reply:
    """Return the reply for one slot, with the customer, values and changes of this slot only.

    `others` are the customers of the agent's other open slots, whom it must not name.
    """
    own = phrase.id == chat.phrase_id
    return make_reply(
        phrase.shortened() if chat.is_short else phrase,
        setting,
        customer=chat.customer,
        incident=incident,
        values=chat.values,
        lang=lang,
        edited=chat.edited if own else "",
        drafted_version=chat.drafted_version if own else 0,
        drafted_for=chat.drafted_for,
        others=others,
    )


def with_text(chat: Chat, text: str, phrase_id: str, version: int) -> Chat:
    """Return the slot with its reply changed by hand, from this version of the facts; "" lets the phrase stand again.

    Whom the text was written for before is remembered as long as the text names them.
    """
    written = NamesInText(text, chat.customer, tuple(_others_than(chat.customer, chat.drafted_for)))
    drafted_for = (*still_named(written), *_of_values(chat, chat.values), chat.customer)
    is_draft = bool(text or chat.values)
    return replace(
        chat,
        edited=text,
        phrase_id=phrase_id,
        drafted_version=version if text else 0,
        drafted_for=tuple(dict.fromkeys(drafted_for)) if is_draft else (),
        drafted_incident=chat.drafted_incident if text and chat.edited else "",
    )


def with_values(chat: Chat, customer: Customer, values: Mapping[str, str]) -> Chat:
    """Return the slot with what was filled in, which may tell more of the customer.

    Whom values were typed for before is remembered as long as one of them stays.
    """
    before = replace(chat, customer=customer)
    kept = {name: value for name, value in values.items() if value and chat.values.get(name) == value}
    written = NamesInText(chat.edited, customer, tuple(_others_than(customer, chat.drafted_for)))
    drafted_for = (*still_named(written), *_of_values(before, kept), customer)
    is_draft = bool(chat.edited or values)
    return replace(before, values=values, drafted_for=tuple(dict.fromkeys(drafted_for)) if is_draft else ())


def _of_values(chat: Chat, kept: Mapping[str, str]) -> tuple[Customer, ...]:
    """Return those that values of this slot were typed for who are not its customer."""
    return tuple(former for former in chat.drafted_for if is_another(former, chat.customer)) if kept else ()


def _others_than(customer: Customer, drafted_for: Iterable[Customer]) -> Iterable[Customer]:
    return (former for former in drafted_for if former != customer)
