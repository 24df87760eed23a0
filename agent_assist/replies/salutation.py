"""How a customer is greeted: by name and form of address, in the order and words of the language."""

import re

from agent_assist.chats import Customer

_HAN = re.compile("[\u3400-\u9fff]")
_TITLES = {
    "先生": "Mr",
    "女士": "Ms",
    "小姐": "Ms",
    "太太": "Mrs",
    "老师": "",
    "博士": "Dr",
    "医生": "Dr",
    "教授": "Professor",
}
"""Forms of address of Chinese in English; "" for one that English does not use before a name."""

_CHINESE_TITLES = {"mr": "先生", "ms": "女士", "miss": "女士", "mrs": "女士", "dr": "博士", "professor": "教授"}


def salutation(customer: Customer, lang: str) -> str:
    """Return 张伟先生 or Mr Zhang Wei; "" when there is no name that can be written in this language."""
    name, title = customer.name.strip(), customer.title.strip()
    if not name or (lang != "zh" and _HAN.search(name)):
        return ""
    if lang == "zh":
        title = _CHINESE_TITLES.get(title.lower().rstrip("."), title)
        if not title or name.endswith(title) or not _HAN.search(title):
            return name
        return name + title if _HAN.search(name) else f"{_without_english_title(name)} {title}"
    title = _TITLES.get(title, title)
    if not title or name.lower().startswith(title.lower().rstrip(".")) or _HAN.search(title):
        return name
    return f"{title} {name}"


def _without_english_title(name: str) -> str:
    first, _space, rest = name.partition(" ")
    return rest if rest and first.lower().rstrip(".") in _CHINESE_TITLES else name
