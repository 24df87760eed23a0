"""Exact money: integer minor units and an ISO 4217 currency.

No float ever: an amount is read digit by digit; what could mean two amounts is refused, with a reason and an example.
"""

import re

import msgspec

from agent_assist.errors import Refused
from agent_assist.locale import _
from agent_assist.offers.currencies import CURRENCIES, CURRENCY_NAMES, CURRENCY_SYMBOLS, exponent, meaning

MAX_MINOR = 2**63 - 1

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0x3002: ".", 0xFFE5: "¥"}
"""What a Chinese keyboard types; not NFKC, which would read ² and ① as digits."""

_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_AMOUNT = re.compile(r"(?P<before>[^0-9.,+-]*)(?P<number>[+-]?[0-9.,]+)(?P<after>[^0-9.,+-]*)")


class Money(msgspec.Struct, frozen=True):
    """An amount in minor units: fen, cents, whole yen."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise Refused(
                _("The currency {currency} is not known.", currency=repr(self.currency)),
                hint=_("Use an ISO code such as CNY, USD or JPY."),
            )
        if abs(self.minor) > MAX_MINOR:
            raise _refused(_("The amount is too large."), self.currency)

    def plain(self) -> str:
        """The exact decimal, with all places of the currency and without grouping: `20.00`, `500`, `3.250`."""
        places = exponent(self.currency)
        digits = str(abs(self.minor)).rjust(places + 1, "0")
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits

    def display(self, lang: str) -> str:
        """As one writes it in a sentence: `20 元`, `20.50 元`, `¥20`, `$1,000`, `KWD 3.250`."""
        whole, _point, fraction = self.plain().lstrip("-").partition(".")
        number = f"{int(whole):,}" + (f".{fraction}" if fraction.strip("0") else "")
        sign = "-" if self.minor < 0 else ""
        if lang == "zh" and self.currency in CURRENCY_NAMES:
            return f"{sign}{number} {CURRENCY_NAMES[self.currency]}"
        if lang != "zh" and self.currency in CURRENCY_SYMBOLS:
            return f"{sign}{CURRENCY_SYMBOLS[self.currency]}{number}"
        return f"{sign}{self.currency} {number}"


def display_sum(minor: int, currency: str, lang: str) -> str:
    """A sum of amounts as one writes it; it may pass what one amount may not."""
    if abs(minor) <= MAX_MINOR:
        return Money(minor, currency).display(lang)
    whole, fraction = divmod(minor, 10 ** exponent(currency))
    return f"{currency} {whole:,}" + (f".{fraction:0{exponent(currency)}}" if fraction else "")


def parse_money(text: str, default_currency: str = "CNY") -> Money:
    """The amount a person typed: `20`, `20.00`, `¥20`, `20元`, `1,000.00`, `USD 5`, also in full-width digits.

    Refused with a reason and an example when it is not one exact amount of at least zero.
    """
    plain = text.translate(_FULL_WIDTH).strip()
    default = default_currency.upper()
    if not plain:
        raise _refused(_("The amount is empty."), default)
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise _refused(_("{given} is not an amount.", given=repr(text)), default)
    currency = _currency(text, found["before"].strip(), found["after"].strip(), default)
    number = found["number"]
    if number.startswith("-"):
        raise _refused(_("{given} is negative.", given=repr(text)), currency)
    return Money(_minor(text, number.lstrip("+"), currency), currency)


def _currency(text: str, before: str, after: str, default: str) -> str:
    named = {meaning(mark, default) for mark in (before, after) if mark}
    if "" in named:
        unknown = next(mark for mark in (before, after) if mark and not meaning(mark, default))
        raise _refused(_("{given}: {mark} is not a currency we know.", given=repr(text), mark=repr(unknown)), default)
    if len(named) > 1:
        raise _refused(_("{given} names two currencies.", given=repr(text)), default)
    return named.pop() if named else default


def _minor(text: str, number: str, currency: str) -> int:
    places = exponent(currency)
    if "," in number and not _GROUPED.fullmatch(number):
        raise _refused(_("{given} can be read in two ways.", given=repr(text)), currency)
    if not (_PLAIN.fullmatch(number) or _GROUPED.fullmatch(number)):
        raise _refused(_("{given} is not an amount.", given=repr(text)), currency)
    whole, _point, fraction = number.replace(",", "").partition(".")
    if len(fraction) > places:
        if len(fraction) == 3 and "," not in number:
            raise _refused(_("{given} can be read in two ways.", given=repr(text)), currency)
        raise _refused(
            _(
                "{given} has too many decimal places; {currency} has {places}.",
                given=repr(text),
                currency=currency,
                places=places,
            ),
            currency,
        )
    digits = (whole + fraction.ljust(places, "0")).lstrip("0") or "0"
    if len(digits) > 19 or int(digits) > MAX_MINOR:
        raise _refused(_("{given} is too large.", given=repr(text)), currency)
    return int(digits)


def _refused(reason: str, currency: str) -> Refused:
    known = currency if currency in CURRENCIES else "CNY"
    example = Money(20 * 10 ** exponent(known), known).plain()
    mark = CURRENCY_SYMBOLS.get(known, known + " ")
    return Refused(reason, hint=_("Write it like {one} or {two}.", one=example, two=mark + example))
