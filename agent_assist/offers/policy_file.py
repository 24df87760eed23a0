"""Reads the policy file: every mistake names its line, and nothing of a broken file comes into force."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.duration import parse_duration
from agent_assist.offers.money import Money, parse_money
from agent_assist.offers.offer import OFFER_KINDS, OfferKind
from agent_assist.offers.policy import LIMITS, Allowance, Policy, Rule
from agent_assist.roles import ROLES

DEFAULT_PATH = Path(__file__).with_name("default_policy.toml")
SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")


class Fault(msgspec.Struct, frozen=True):
    """One mistake in the policy file; `line` is 1-based, 0 for the file as a whole."""

    line: int
    reason: str


class _Rule(msgspec.Struct, forbid_unknown_fields=True):
    name: str | dict[str, str]
    allow: dict[str, str]
    severity: tuple[str, ...] = ()
    tier: tuple[str, ...] = ()
    role: tuple[str, ...] = ()
    outage_minutes: int = 0


class _File(msgspec.Struct, forbid_unknown_fields=True):
    currency: str
    rule: list[dict[str, Any]] = []
    limits: dict[str, str] = {}
    meanwhile: dict[str, str] = {}
    never: tuple[str, ...] = ()
    repeat_needs_approval: bool = True


@cache
def default_policy() -> Policy:
    """The policy that is shipped."""
    policy, faults = read_policy(DEFAULT_PATH.read_text("utf-8"))
    if policy is None:
        raise ValueError(faults)
    return policy


def read_policy(text: str) -> tuple[Policy | None, tuple[Fault, ...]]:
    """The policy of the file's text, or None with every mistake that was found."""
    try:
        document = toml_text.parse(text)
    except toml_text.TomlMistake as mistake:
        return None, (Fault(mistake.line, mistake.reason),)
    return _Reading(text, document).policy()


class _Reading:
    """One pass over a document that collects its faults."""

    def __init__(self, text: str, document: Mapping[str, Any]) -> None:
        self.rows = text.splitlines()
        self.document = document
        self.faults: list[Fault] = []
        self.currency = ""

    def policy(self) -> tuple[Policy | None, tuple[Fault, ...]]:
        try:
            file = msgspec.convert(self.document, _File)
        except msgspec.ValidationError as error:
            return None, (self._misfit(error, _File, 0, len(self.rows)),)
        self.currency = file.currency.upper()
        if self.currency not in CURRENCIES:
            self._fault(
                "currency", _("The currency {currency} is not known.", currency=repr(clean_line(file.currency)))
            )
            return None, tuple(self.faults)
        never = tuple(kind for kind in file.never if self._is_one_of(kind, OFFER_KINDS, "never"))
        limits = {name: self._limit(name, amount) for name, amount in file.limits.items()}
        rules = tuple(filter(None, (self._rule(raw, number) for number, raw in enumerate(file.rule))))
        names = [rule.name for rule in rules]
        for rule in rules:
            if names.count(rule.name) > 1:
                self.faults.append(Fault(rule.line, _("Two rules are called “{name}”.", name=rule.name)))
                break
        if not file.rule:
            self.faults.append(Fault(0, _("The policy has no rule: nothing could be offered without approval.")))
        if self.faults:
            return None, tuple(sorted(self.faults, key=lambda fault: fault.line))
        meanwhile = {lang: clean(words).strip() for lang, words in file.meanwhile.items()}
        return Policy(
            self.currency,
            rules,
            limits,  # type: ignore[arg-type]
            never,  # type: ignore[arg-type]
            file.repeat_needs_approval,
            meanwhile,
        ), ()

    def _rule(self, raw: Mapping[str, Any], number: int) -> Rule | None:
        first, end = self._section(number)
        try:
            read = msgspec.convert(raw, _Rule)
        except msgspec.ValidationError as error:
            self.faults.append(self._misfit(error, _Rule, first, end))
            return None
        before = len(self.faults)
        allow: dict[OfferKind, Allowance] = {}
        for kind, amount in read.allow.items():
            if self._is_one_of(kind, OFFER_KINDS, kind, first, end):
                try:
                    allow[kind] = self._allowance(amount, kind)  # type: ignore[index]
                except Refused as refused:
                    self._fault(kind, f"{kind}: {refused}", first, end)
        for name, known in (("severity", SEVERITIES), ("role", ROLES)):
            for given in getattr(read, name):
                self._is_one_of(given, known, name, first, end)
        if read.outage_minutes < 0:
            self._fault("outage_minutes", _("An outage is never shorter than 0 minutes."), first, end)
        titles = {lang: clean_line(title) for lang, title in read.name.items()} if isinstance(read.name, dict) else {}
        name = titles.get("en") or next(iter(titles.values()), "") if titles else clean_line(str(read.name or ""))
        if not name:
            self._fault("name", _("A rule needs a name; the log keeps it when an offer waits."), first, end)
        if len(self.faults) > before:
            return None
        return Rule(name, allow, read.severity, read.tier, read.role, read.outage_minutes, titles, first + 1)

    def _allowance(self, text: str, kind: str) -> Allowance:
        if text.strip().lower() == "any":
            return "any"
        return parse_duration(text) if kind == "extension" else self._money(text)

    def _limit(self, name: str, amount: str) -> int:
        if self._is_one_of(name, LIMITS, name):
            try:
                return self._money(amount).minor
            except Refused as refused:
                self._fault(name, f"{name}: {refused}")
        return 0

    def _money(self, text: str) -> Money:
        money = parse_money(text, self.currency)
        if money.currency != self.currency:
            raise Refused(_("Amounts are in the policy's own currency, {currency}.", currency=self.currency))
        return money

    def _is_one_of(self, given: str, known: tuple[str, ...], key: str, first: int = 0, end: int = 0) -> bool:
        if given in known:
            return True
        reason = _("“{given}” is not known here; use one of {known}.", given=clean_line(given), known=", ".join(known))
        self._fault(key, reason, first, end)
        return False

    def _fault(self, key: str, reason: str, first: int = 0, end: int = 0) -> None:
        self.faults.append(Fault(self._line(key, first, end or len(self.rows)), reason))

    def _misfit(self, error: msgspec.ValidationError, shape: type, first: int, end: int) -> Fault:
        """What does not have the shape it needs, in plain words."""
        words = str(error)
        what, _dash, path = words.partition(" - at ")
        names = re.findall(r"field `(\w+)`", what) or re.findall(r"[a-z]\w*", path)
        named = names[-1] if names else ""
        line = self._line(named, first, end)
        if "unknown field" in words:
            known = ", ".join(get_type_hints(shape))
            return Fault(line, _("“{given}” is not known here; use one of {known}.", given=named, known=known))
        if "missing required field" in words:
            return Fault(line, _("“{name}” is missing.", name=named))
        return Fault(line, _("“{name}” is not written as it should be: {what}.", name=named, what=clean_line(what)))

    def _section(self, number: int) -> tuple[int, int]:
        """Rows of the n-th `[[rule]]`, from its heading up to the next rule or table of another name."""
        heads = [n for n, row in enumerate(self.rows) if re.match(r"\s*\[\[\s*rule\s*\]\]", row)]
        if number >= len(heads):
            return max(0, self._line("rule", 0, len(self.rows)) - 1), len(self.rows)
        other = re.compile(r"\s*\[(?!\s*rule\s*\.)")
        start = heads[number]
        return start, next((n for n, row in enumerate(self.rows) if n > start and other.match(row)), len(self.rows))

    def _line(self, key: str, first: int, end: int) -> int:
        """The first line between the rows that sets this key, else where the part begins; 1-based."""
        pattern = re.compile(rf"(^|[\s{{,.\[])\"?{re.escape(key)}\"?\s*[=\].]") if key else None
        for number in range(first, end):
            row = self.rows[number].partition("#")[0]
            if pattern and pattern.search(row):
                return number + 1
        return first + 1 if first else 0
