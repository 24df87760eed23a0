"""Times as support people write and read them: 14:30, 明天 09:00, 35 分钟.

Inside the program a time is aware UTC; the desk's time zone is needed only here, at the edge. What `clock_time` writes,
`typed.parse_moment` reads.
"""

import datetime as dt
import unicodedata

from agent_assist.cleaning import clean_line


def plain(text: str) -> str:
    """One line with full-width digits and signs as ASCII, so that an input method cannot spoil a time."""
    return unicodedata.normalize("NFKC", clean_line(text)).strip()


def clock_time(at: dt.datetime, now: dt.datetime, tz: dt.tzinfo, lang: str) -> str:
    """The time as one says it today: 14:30; 明天 09:00 / tomorrow 09:00; 11-23 09:00; another year is named."""
    local, today = at.astimezone(tz), now.astimezone(tz).date()
    days = (local.date() - today).days
    words = {0: "", 1: "明天 ", -1: "昨天 "} if lang == "zh" else {0: "", 1: "tomorrow ", -1: "yesterday "}
    day = words.get(days)
    if day is None:
        day = local.strftime("%m-%d ") if local.year == today.year else f"{local.year:04}-{local:%m-%d} "
    return f"{day}{local:%H:%M}"


def spoken_span(span: dt.timedelta, lang: str) -> str:
    """A length of time in words: 35 分钟 / 35 minutes, 1 小时 5 分钟 / 1 hour 5 minutes, 2 天 / 2 days."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        minutes = 0
    parts = [(days, "天", "day"), (hours, "小时", "hour"), (minutes, "分钟", "minute")]
    said = [
        f"{count} {zh}" if lang == "zh" else f"{count} {en}{'' if count == 1 else 's'}"
        for count, zh, en in parts
        if count
    ]
    return " ".join(said) or ("不到 1 分钟" if lang == "zh" else "less than a minute")
