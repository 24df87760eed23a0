"""Currencies of ISO 4217: the codes in use, their decimal places, and how people write them."""

_CODES = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK
MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR
SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS
VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())

_NO_DECIMALS = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
_FOUR_DECIMALS = frozenset(("CLF", "UYW"))

CURRENCY_NAMES = {
    "CNY": "元",
    "USD": "美元",
    "EUR": "欧元",
    "GBP": "英镑",
    "JPY": "日元",
    "HKD": "港元",
    "KRW": "韩元",
    "TWD": "新台币",
}
"""The Chinese word after the number."""

CURRENCY_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "INR": "₹"}
"""The English sign before the number; yen are written JPY because ¥ stands for yuan here."""

_WRITTEN = {
    **{name: code for code, name in CURRENCY_NAMES.items()},
    **{sign: code for code, sign in CURRENCY_SYMBOLS.items()},
    "人民币": "CNY",
    "RMB": "CNY",
    "块": "CNY",
    "块钱": "CNY",
    "CN¥": "CNY",
    "JP¥": "JPY",
    "円": "JPY",
    "US$": "USD",
    "美金": "USD",
    "港币": "HKD",
    "₩": "KRW",
}
_SHARED = {
    "¥": frozenset({"CNY", "JPY"}),
    "$": frozenset({"USD", "HKD", "TWD", "AUD", "CAD", "SGD", "NZD", "MXN"}),
    "元": frozenset({"CNY", "HKD", "TWD", "MOP", "SGD"}),
}


def exponent(currency: str) -> int:
    """How many decimal places the currency has: 2 for most, 0 for yen, 3 for dinars."""
    if currency in _NO_DECIMALS:
        return 0
    if currency in _THREE_DECIMALS:
        return 3
    return 4 if currency in _FOUR_DECIMALS else 2


def meaning(mark: str, default: str) -> str:
    """The code a sign, word or code means; a sign that several currencies share means the default if it is one of them.

    Empty when it means none. ¥ arrives as the half-width sign.
    """
    if default in _SHARED.get(mark, ()):
        return default
    code = mark.upper()
    return code if code in CURRENCIES else _WRITTEN.get(code, "")
