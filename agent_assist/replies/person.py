"""Finds replies that speak to somebody else: the former customer of the chat, or the customer of another open chat.

Names and orders are compared as people read them: whatever the width, the case, accents, spaces and invisible marks.
A name counts where it stands as a name, not inside a longer word or a longer name of this chat's own customer.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from agent_assist.chats import Customer
from agent_assist.locale import _
from agent_assist.replies.value_names import canonical_name
from agent_assist.replies.verdict import Warning_
from agent_assist.replies.words_names import (
    ADDRESSES_ZH,
    DOUBLE_SURNAMES,
    FAMILIAR_ZH,
    HONORIFICS_EN,
    HONORIFICS_ZH,
    NOBODY,
    ORDINARY_EN,
    ORDINARY_ZH,
)

MAX_PERSON_WARNINGS = 3
"""People at most that one reply is told to name."""

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_INVISIBLE = re.compile(
    "[\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufffd]"
)
_SPACES = re.compile(r"[^\S\n]+")
_AIR = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_STOP = re.compile(rf"\b({'|'.join(HONORIFICS_EN)})\.")
_BETWEEN = re.compile(r"[\W_]+")
_JOINT = re.compile("[ -]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ＇", "'") | dict.fromkeys("‐‑", "-"))
_ONLY_HAN = re.compile(rf"[{_HAN}]+")
_BEFORE, _AFTER = rf"(?<![^\W_{_HAN}])", rf"(?![^\W_{_HAN}])"
_ADDRESSED_ZH = r"(?m:^|(?<=[，,。！？!?\s])){}(?=[，,：:！!您你])"
"""Where somebody is spoken to: at the start of a clause, and before a comma or “you”."""

_MAX_FULL_NAME = 4
_MIN_GIVEN_NAME = 3
_MIN_ORDER, _MIN_BARE_ORDER = 3, 5


class NamesInText(NamedTuple):
    """The part of a reply that may name people, and the people it may name wrongly."""

    text: str
    """Of a reply changed by hand what is not the phrase's own wording, else what was filled in."""
    customer: Customer
    """Whom the chat is with."""
    drafted_for: Sequence[Customer] = ()
    """Whom the chat was with while the reply was changed by hand or its values were typed."""
    others: Sequence[Customer] = ()
    """The customers of the agent's other open chats."""
    agent: str = ""


def person_warnings(text_names: NamesInText, typed: Mapping[str, str] | None = None) -> list[Warning_]:
    """Warn of people who should not be named. `typed` are the values in this reply by the label they are asked for."""
    messages = [_former_value(text_names, former, typed or {}) for former in text_names.drafted_for]
    text = as_read(text_names.text) if text_names.drafted_for or text_names.others else ""
    messages += [_names_former(text, text_names, former) for former in text_names.drafted_for]
    messages += [_names_other(text, text_names, other) for other in text_names.others]
    different = dict.fromkeys(message for message in messages if message)
    return [Warning_("person", message, True) for message in different][:MAX_PERSON_WARNINGS]


def still_named(text_names: NamesInText) -> tuple[Customer, ...]:
    """Return those the reply was drafted for and still names, although the chat is with somebody else now."""
    text = as_read(text_names.text)
    return tuple(former for former in text_names.drafted_for if _names_former(text, text_names, former))


def is_another(former: Customer, now: Customer) -> bool:
    """Whether the name was changed to that of somebody else: not where the order says that it was corrected."""
    one, other = as_read(former.name), as_read(now.name)
    same_order = bool(_bare(now.order)) and _bare(former.order) == _bare(now.order)
    return bool(one) and bool(other) and one != other and not same_order


@lru_cache(maxsize=512)
def as_read(text: str) -> str:
    """Return the text as it is compared: without differences that people do not see."""
    plain = (
        unicodedata.normalize("NFC", _INVISIBLE.sub("", unicodedata.normalize("NFKD", text)))
        .casefold()
        .translate(_APOSTROPHES)
    )
    return _AIR.sub("", _STOP.sub(r"\1", _SPACES.sub(" ", plain))).strip(" ")


def _former_value(text_names: NamesInText, former: Customer, typed: Mapping[str, str]) -> str:
    """Warn when what was typed for somebody else fills this reply."""
    if not typed or not is_another(former, text_names.customer):
        return ""
    return _(
        "{values} was filled in for {former}; this chat is with {customer} now. Check it, or fill it in again.",
        values=_(", ").join(f"{label} “{value}”" for label, value in typed.items()),
        former=_whom(former),
        customer=_whom(text_names.customer),
    )


def _names_former(text: str, text_names: NamesInText, former: Customer) -> str:
    """Warn when the reply still names the former customer of the chat."""
    now = text_names.customer
    if not as_read(now.name) and not _bare(now.order):
        return ""
    is_renamed = as_read(former.name) != as_read(now.name)
    form = _foreign_form(text, former, text_names) if as_read(now.name) else ""
    if not is_renamed and (form := form or _former_title(text, former, now)):
        return _(
            "The text still addresses {customer} as “{title}”. Change it in the text, or correct the customer.",
            customer=_whom(now),
            title=form,
        )
    if form:
        return _(
            "The text still names {former}, for whom it was written; this chat is with {customer} now. "
            "Change the name in the text, or correct the customer.",
            former=_whom(former),
            customer=_whom(now),
        )
    if _bare(now.order) and _holds_order(text, former, now):
        return _(
            "The text still holds the order {order}; this chat is about {own} now. Change it in the text, or correct "
            "the customer.",
            order=former.order,
            own=now.order,
        )
    return ""


def _names_other(text: str, text_names: NamesInText, other: Customer) -> str:
    """Warn when the reply names the customer of another open chat."""
    if _foreign_form(text, other, text_names):
        return _(
            "The text names {other} of another open chat; this one is with {customer}. Take the name out, or turn to "
            "the other chat.",
            other=_whom(other),
            customer=_whom(text_names.customer),
        )
    if _holds_order(text, other, text_names.customer):
        return _(
            "The text holds {order}, the order of {other} in another open chat; this one is with {customer}. "
            "Take it out, or turn to the other chat.",
            order=other.order,
            other=_whom(other),
            customer=_whom(text_names.customer),
        )
    return ""


def _whom(customer: Customer) -> str:
    return customer.name or customer.order or _("a customer without a name")


def _foreign_form(text: str, who: Customer, text_names: NamesInText) -> str:
    """Return how the text names this person, unless it names this chat's own customer or the agent by that; else ""."""
    forms = _named(who.name, who.title)
    matches = forms.find(text) if forms else []
    if not matches:
        return ""
    own = [_named(text_names.customer.name, text_names.customer.title), _named(text_names.agent, "")]
    spans = [match.span() for one in own if one for match in one.find(text)]
    return next((match.group() for match in matches if not _is_within(match.span(), spans)), "")


def _former_title(text: str, former: Customer, now: Customer) -> str:
    """Return the former form of address where it stands alone, as in “先生，您好”; else ""."""
    before, after = as_read(former.title), as_read(now.title)
    if before in HONORIFICS_ZH and after and before != after and re.search(_ADDRESSED_ZH.format(before), text):
        return before
    return ""


def _holds_order(text: str, who: Customer, now: Customer) -> bool:
    pattern = _order_pattern(_bare(who.order))
    if pattern is None or _bare(who.order) not in _bare(text) or _bare(who.order) == _bare(now.order):
        return False
    own = _order_pattern(_bare(now.order))
    spans = [match.span() for match in own.finditer(text)] if own else []
    return any(not _is_within(match.span(), spans) for match in pattern.finditer(text))


def _is_within(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


class _Forms(NamedTuple):
    """How one person may be named, and the pattern that finds it where it stands as a name."""

    begins: tuple[str, ...]
    """The first word of each form."""
    pattern: re.Pattern[str]

    def find(self, text: str) -> list[re.Match[str]]:
        """Return all places. Looks for the letters first: a hundred times faster, and nearly always enough."""
        return list(self.pattern.finditer(text)) if any(word in text for word in self.begins) else []


@lru_cache(maxsize=512)
def _named(name: str, title: str) -> _Forms | None:
    """Return how this person may be named in a text as it is compared; None for nobody."""
    named, addressed = _forms(as_read(name), as_read(title))
    forms = sorted(named | (addressed - NOBODY), key=len, reverse=True)
    if not forms:
        return None
    patterns = [_standing_alone(form, is_addressed=form not in named) for form in forms]
    return _Forms(tuple({_JOINT.split(form)[0] for form in forms}), re.compile("|".join(patterns)))


def _forms(name: str, title: str) -> tuple[set[str], set[str]]:
    """Return the forms that name this person anywhere, and those that do so only where somebody is addressed."""
    if len(name.replace(" ", "")) < 2 or name in NOBODY:
        return set(), set()
    if _ONLY_HAN.fullmatch(name):
        return _forms_zh(name, title)
    words = name.split(" ")
    if _ONLY_HAN.search(name) or any(word in HONORIFICS_EN for word in words[:-1]):
        return {name}, set()
    titles = (title,) if title and title not in NOBODY - set(HONORIFICS_EN) else HONORIFICS_EN
    parts = {word for word in {*words, name} if len(word) > 1}
    named = {name} | {f"{one} {word}" for one in titles for word in parts}
    named |= {word + one for one in HONORIFICS_ZH for word in parts}
    if len(words) > 1 and len(words[0]) >= _MIN_GIVEN_NAME and words[0] not in ORDINARY_EN:
        named.add(words[0])
    return named, parts - named


def _forms_zh(name: str, title: str) -> tuple[set[str], set[str]]:
    """Return the forms of a Chinese name: with the title; without one, the surname of a full name with the usual ones.

    More familiar forms count only where somebody is addressed: elsewhere they may well be somebody else's.
    """
    bare = next((name.removesuffix(one) for one in HONORIFICS_ZH if name.endswith(one)), name)
    surname = bare[:2] if bare[:2] in DOUBLE_SURNAMES else bare[:1]
    if bare != name:
        is_surname = surname == bare != ""
        return {name}, _familiar(surname) if is_surname else set()
    if surname == name or len(name) > _MAX_FULL_NAME:
        return ({name, name + title, surname + title} if title else {name}), set()
    titles = (title,) if title else HONORIFICS_ZH
    return {name, *(surname + one for one in titles), *(name + one for one in titles)}, _familiar(surname)


def _familiar(surname: str) -> set[str]:
    return {surname + one for one in ADDRESSES_ZH} | {one + surname for one in FAMILIAR_ZH if len(surname) == 1}


def _standing_alone(form: str, *, is_addressed: bool) -> str:
    """Return a pattern for a form as a whole word; for an ordinary word only where somebody is addressed."""
    escaped = "[ -]".join(map(re.escape, _JOINT.split(form)))
    if _ONLY_HAN.fullmatch(form):
        return _ADDRESSED_ZH.format(escaped) if is_addressed or form in ORDINARY_ZH else escaped
    alone = f"{_BEFORE}{escaped}{_AFTER}"
    if is_addressed or form in ORDINARY_EN:
        ends = r"(?=\s*(?:[,，:：!！.\n]|$))" if form in ORDINARY_EN else ""
        return rf"(?:(?:hi|hello|hey|dear|thanks|thank you|sorry),? {alone}{ends}|(?m:^){alone}(?=[,，:：]))"
    return alone


@lru_cache(maxsize=512)
def _bare(order: str) -> str:
    """Return an order number without separators."""
    return _BETWEEN.sub("", as_read(order))


@lru_cache(maxsize=512)
def _order_pattern(bare: str) -> re.Pattern[str] | None:
    """Return a pattern for the number however it is grouped; few digits count only where the text says “order”."""
    if len(bare) < _MIN_ORDER:
        return None
    number = _BEFORE + "[ _-]?".join(map(re.escape, bare)) + _AFTER
    if bare.isdecimal() and len(bare) < _MIN_BARE_ORDER:
        return re.compile(rf"(?:订单|单号|order|no\.?|#)\W{{0,4}}(?:号|number|no\.?)?\W{{0,4}}{number}")
    return re.compile(number)


def typed_values(names: Iterable[str], values: Mapping[str, str]) -> dict[str, str]:
    """Return what the agent typed for these names of a phrase, by name, without facts of the incident."""
    of_phrase = set(names)
    return {
        name: value
        for name, value in values.items()
        if value.strip() and canonical_name(name) in of_phrase and canonical_name(name).split(".")[0] != "incident"
    }
