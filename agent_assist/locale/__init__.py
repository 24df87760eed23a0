"""Interface texts in Chinese and English.

The English text is the key (gettext); `zh/*.po` hold the Chinese, one file a room. `zh.mo` is compiled from them when
the package is built or installed, and is not committed. A test fails when a text has no Chinese.
"""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

Language = Literal["zh", "en"]
INTERFACE_LANGUAGES: tuple[Language, ...] = get_args(Language)
REPLY_LANGUAGES: tuple[Language, ...] = INTERFACE_LANGUAGES
"""The languages that customers are answered in; phrases, wordings of facts and checks know these."""

_HERE = Path(__file__).parent
_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language: Language = "en"


def detect(environ: Mapping[str, str] = os.environ) -> Language:
    """Return the interface language that the environment asks for: AGENT_ASSIST_LANG, else the locale, else English."""
    for name in ("AGENT_ASSIST_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name, "").lower():
            return "zh" if value.startswith("zh") else "en"
    return "zh" if _windows_language().startswith("zh") else "en"


def _windows_language() -> str:
    """Return the language of Windows, which sets none of these variables; "" elsewhere."""
    import ctypes  # only on a system without a locale
    from locale import windows_locale  # only on a system without a locale

    windll = vars(ctypes).get("windll")
    return windows_locale.get(windll.kernel32.GetUserDefaultUILanguage(), "") if windll is not None else ""


def use(language: Language) -> None:
    """Switch every later text to this language, for the whole process; to English where it was never compiled."""
    global _catalogue, _language
    _language = language
    _catalogue = gettext.NullTranslations()
    compiled = _HERE / f"{language}.mo"
    if language != "en" and compiled.exists():
        with compiled.open("rb") as file:
            _catalogue = gettext.GNUTranslations(file)


def is_translated() -> bool:
    """Return whether the interface language in use has its texts; a checkout that was never installed has none."""
    return _language == "en" or isinstance(_catalogue, gettext.GNUTranslations)


def current() -> Language:
    """Return the interface language in use."""
    return _language


def _(text: str, **values: object) -> str:
    """Return the text in the interface language; `values` fill its `{names}` after translation."""
    translated = _catalogue.gettext(text)
    return translated.format(**values) if values else translated


def N_(text: str) -> str:  # noqa: N802 - the field's own name for "mark, translate later"
    """Marks a constant for the catalogue; show it with `_(constant)`."""
    return text
