"""A phrase: one reply the team agreed on, in one or more languages, and what finding, filling and checking need."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec.structs import replace

Kind = Literal["empathy", "apology", "status", "workaround", "compensation", "closing", "faq", "announcement"]
Scene = Literal["agent-to-customer", "merchant-to-customer", "team-to-users"]
Stage = Literal["investigating", "identified", "monitoring", "resolved"]
STAGE_SIDES: Mapping[str, str] = {
    "investigating": "open",
    "identified": "open",
    "monitoring": "repaired",
    "resolved": "over",
}
"""On which side of the repair a stage is: a phrase for one stage fits the others of its side."""

Channel = Literal["chat", "mail", "letter", "phone", "sms", "in-app", "banner", "social"]
Approver = Literal["support", "legal", "pr", "engineering"]
Control = Literal["text", "choice", "datetime", "number", "money"]


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to ask the agent for a placeholder that facts cannot fill."""

    label: Mapping[str, str] = {}
    control: Control = "text"
    choices: tuple[str, ...] | Mapping[str, tuple[str, ...]] = ()
    default: str = ""

    def choices_in(self, lang: str) -> tuple[str, ...]:
        """Return the choices for a reply in this language; a plain list serves every language."""
        if isinstance(self.choices, Mapping):
            return self.choices.get(lang) or next(iter(self.choices.values()), ())
        return self.choices

    def translate_choice(self, value: str, lang: str) -> str:
        """Return the choice at the same place in this language; a value that is no choice stays as it is."""
        if not isinstance(self.choices, Mapping):
            return value
        there = self.choices.get(lang, ())
        for choices in self.choices.values():
            if value in choices and choices.index(value) < len(there):
                return value if value in there else there[choices.index(value)]
        return value

    def label_in(self, lang: str, name: str) -> str:
        """Return the label in this language; the placeholder's own name when the book gives none."""
        return self.label.get(lang) or next(iter(self.label.values()), name)


class Phrase(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a phrasebook. `title` and `text` map a language code to words; an FAQ's title is the question."""

    id: str
    title: Mapping[str, str]
    text: Mapping[str, str]
    short: Mapping[str, str] = {}
    """The same reply in a few words, by language: for a chat that has gone on for a while, or a small box."""
    kind: Kind = "status"
    scene: Scene = "agent-to-customer"
    stages: tuple[Stage, ...] = ()
    """Empty: fits every stage."""
    channels: tuple[Channel, ...] = ()
    """Empty: fits every channel."""
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    tone: str = ""
    when: str = ""
    approved_by: tuple[Approver, ...] = ()
    review_by: dt.date | None = None
    retired: bool = False
    confirm: bool = False
    """Touches sensitive data or a major loss: a human confirms before it is copied."""
    promises: bool = True
    """Of kind compensation: it promises something, which is logged before it is copied. False where it only asks,
    refuses or postpones."""
    fields: Mapping[str, Field] = {}
    book: str = ""
    file: str = ""
    line: int = 0

    @property
    def makes_offer(self) -> bool:
        """Whether sending it promises a compensation."""
        return self.kind == "compensation" and self.promises

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages this phrase can be sent in, in the book's order."""
        return tuple(self.text)

    def fits(self, stage: str) -> bool:
        """Whether it may be said at this stage: it was made for it, or for one on the same side of the repair."""
        return not self.stages or STAGE_SIDES[stage] in {STAGE_SIDES[own] for own in self.stages}

    def lang_for(self, lang: str) -> str:
        """Return this language when the phrase has it, else the first it has."""
        return lang if lang in self.text else next(iter(self.text))

    def shortened(self) -> "Phrase":
        """Return the phrase with its short form as the text, in the languages that have one."""
        return replace(self, text={lang: self.short.get(lang, text) for lang, text in self.text.items()})

    def values_in(self, values: Mapping[str, str], lang: str) -> dict[str, str]:
        """Return the typed values for a reply in this language: choices are translated, other words stay."""
        return {
            name: self.fields[name].translate_choice(value, lang) if name in self.fields else value
            for name, value in values.items()
        }
