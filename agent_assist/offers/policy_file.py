"""Reading the policy file: every problem has its line and column, and nothing of a broken file comes into force."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from agent_assist import toml_text
from agent_assist.cleaning import clean, clean_line
from agent_assist.errors import Refused
from agent_assist.library_errors import ANY_KEY, schema_error
from agent_assist.locale import _
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.offers.duration import parse_duration
from agent_assist.offers.money import Money, parse_money
from agent_assist.offers.offer import OFFER_KINDS, OfferKind
from agent_assist.offers.policy import LIMITS, Allowance, Policy, Rule
from agent_assist.problems import Problem
from agent_assist.roles import ROLES
from agent_assist.severities import SEVERITIES
from agent_assist.toml_positions import TomlPath, TomlPositions

DEFAULT_PATH = Path(__file__).with_name("default_policy.toml")


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
    policy, problems = read_policy(DEFAULT_PATH.read_text("utf-8"), str(DEFAULT_PATH))
    if policy is None:
        raise ValueError(problems)
    return policy


def read_policy(text: str, file: str = "policy.toml") -> tuple[Policy | None, tuple[Problem, ...]]:
    """The policy of a text, or None with everything that is wrong in it; `file` is its name as people see it."""
    try:
        document = toml_text.parse(text)
    except toml_text.NotToml as error:
        return None, (error.problem(file),)
    policy_file = _PolicyFile(text, file)
    policy = policy_file.policy(document)
    return policy, tuple(sorted(policy_file.problems))


class _PolicyFile:
    """One file while it is read. Nothing of it comes into force when there is a problem."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._file = file
        self._positions = TomlPositions(text)
        self._currency = ""

    def policy(self, document: Mapping[str, Any]) -> Policy | None:
        """The policy; None when there are `problems`."""
        try:
            file = msgspec.convert(document, _File)
        except msgspec.ValidationError as error:
            self._misfit(error, _File)
            return None
        self._currency = file.currency.upper()
        if self._currency not in CURRENCIES:
            shown = repr(clean_line(file.currency))
            self._note(("currency",), _("The currency {currency} is not known.", currency=shown))
            return None
        never = tuple(kind for n, kind in enumerate(file.never) if self._is_one_of(kind, OFFER_KINDS, ("never", n)))
        limits = {name: self._limit(name, amount) for name, amount in file.limits.items()}
        rules = tuple(filter(None, (self._rule(raw, number) for number, raw in enumerate(file.rule))))
        self._note_double_name(rules)
        if not file.rule:
            self._note((), _("The policy has no rule: nothing could be offered without approval."))
        if self.problems:
            return None
        meanwhile = {lang: clean(words).strip() for lang, words in file.meanwhile.items()}
        return Policy(
            self._currency,
            rules,
            limits,  # type: ignore[arg-type]
            never,  # type: ignore[arg-type]
            file.repeat_needs_approval,
            meanwhile,
        )

    def _rule(self, raw: Mapping[str, Any], number: int) -> Rule | None:
        at: TomlPath = ("rule", number)
        try:
            read = msgspec.convert(raw, _Rule)
        except msgspec.ValidationError as error:
            self._misfit(error, _Rule, at)
            return None
        count_before = len(self.problems)
        allow = self._allowances(read.allow, (*at, "allow"))
        for name, choices in (("severity", SEVERITIES), ("role", ROLES)):
            for index, value in enumerate(getattr(read, name)):
                self._is_one_of(value, choices, (*at, name, index))
        if read.outage_minutes < 0:
            self._note((*at, "outage_minutes"), _("An outage is never shorter than 0 minutes."))
        titles = {lang: clean_line(title) for lang, title in read.name.items()} if isinstance(read.name, dict) else {}
        name = titles.get("en") or next(iter(titles.values()), "") if titles else clean_line(str(read.name or ""))
        if not name:
            self._note((*at, "name"), _("A rule needs a name; the log keeps it when an offer waits."))
        if len(self.problems) > count_before:
            return None
        line = self._positions.of(*at).line
        return Rule(name, allow, read.severity, read.tier, read.role, read.outage_minutes, titles, line)

    def _allowances(self, amounts: Mapping[str, str], at: TomlPath) -> dict[OfferKind, Allowance]:
        allow: dict[OfferKind, Allowance] = {}
        for kind, amount in amounts.items():
            if self._is_one_of(kind, OFFER_KINDS, (*at, kind)):
                try:
                    allow[kind] = self._allowance(amount, kind)  # type: ignore[index]
                except Refused as refused:
                    self._note((*at, kind), f"{kind}: {refused}")
        return allow

    def _allowance(self, text: str, kind: str) -> Allowance:
        if text.strip().lower() == "any":
            return "any"
        return parse_duration(text) if kind == "extension" else self._money(text)

    def _limit(self, name: str, amount: str) -> int:
        if self._is_one_of(name, LIMITS, ("limits", name)):
            try:
                return self._money(amount).minor
            except Refused as refused:
                self._note(("limits", name), f"{name}: {refused}")
        return 0

    def _money(self, text: str) -> Money:
        money = parse_money(text, self._currency)
        if money.currency != self._currency:
            raise Refused(_("Amounts are in the policy's own currency, {currency}.", currency=self._currency))
        return money

    def _note_double_name(self, rules: Sequence[Rule]) -> None:
        names = [rule.name for rule in rules]
        for rule in rules:
            if names.count(rule.name) > 1:
                reason = _("Two rules are called “{name}”.", name=rule.name)
                self.problems.append(Problem(file=self._file, line=rule.line, reason=reason))
                return

    def _is_one_of(self, value: str, choices: tuple[str, ...], at: TomlPath) -> bool:
        if value in choices:
            return True
        self._note(at, _not_known(value, choices))
        return False

    def _note(self, at: TomlPath, reason: str) -> None:
        self.problems.append(self._positions.problem(at, file=self._file, reason=reason))

    def _misfit(self, error: msgspec.ValidationError, shape: type, at: TomlPath = ()) -> None:
        """Note what does not have the shape it needs."""
        wrong = schema_error(str(error))
        path = (*at, *wrong.full_path)
        name = next((str(part) for part in reversed(wrong.full_path) if isinstance(part, str) and part != ANY_KEY), "")
        match wrong.kind:
            case "unknown":
                self._note(path, _not_known(name, tuple(get_type_hints(shape))))
            case "missing":
                self._note(path, _("“{name}” is missing.", name=name))
            case _:
                what = clean_line(wrong.what)
                self._note(path, _("“{name}” is not written as it should be: {what}.", name=name, what=what))


def _not_known(value: str, choices: tuple[str, ...]) -> str:
    known = ", ".join(choices)
    return _("“{given}” is not known here; use one of {known}.", given=clean_line(value), known=known)
