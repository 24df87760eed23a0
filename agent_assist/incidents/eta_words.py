"""An ETA in words, in each language: what a reply says of when it will be over."""

import datetime as dt

from agent_assist.incidents.eta import Eta
from agent_assist.incidents.times import clock_time, day_and_time, joined_zh


def describe_eta(
    eta: Eta, now: dt.datetime, tz: dt.tzinfo, lang: str, *, next_update: dt.datetime | None = None
) -> str:
    """Return what an honest person says about it: a whole clause without a full stop, Chinese for `zh`, else English.

    Where no time can be given it says when the next word comes (`next_update`), if that is promised. A time that was
    not kept is owned.
    """
    zh = lang == "zh"
    until = clock_time(next_update, now, tz, lang) if next_update else ""
    match eta.state(now):
        case "known" if eta.at:
            time = clock_time(eta.at, now, tz, lang)
            return joined_zh("预计", time, "前恢复") if zh else f"we expect to be back to normal by {time}"
        case "range" if eta.start and eta.end:
            first, last = range_times(eta.start, eta.end, now, tz, lang)
            if eta.start <= now:
                return joined_zh("预计", last, "前恢复") if zh else f"we expect to be back to normal by {last}"
            if zh:
                return joined_zh("预计", first, "至", last, "之间恢复")
            return f"we expect to be back to normal between {first} and {last}"
        case "passed":
            missed = clock_time(eta.at or eta.end or now, now, tz, lang)
            if zh:
                kept = joined_zh("先前说的", missed, "恢复没有做到，抱歉，")
                return joined_zh(kept, until, "前给您新的时间") if until else f"{kept}新的时间正在确认"
            kept = f"we said we would be back by {missed} and were not"
            return f"{kept}; you will have a new time by {until}" if until else f"{kept}; we are working out a new time"
    if zh:
        unknown = "恢复时间还不能确定"
        return joined_zh(f"{unknown}，", until, "前给您新的消息") if until else unknown
    unknown = "we cannot give you a reliable time yet"
    return f"{unknown} and will tell you more by {until}" if until else unknown


def describe_outlook(
    action: str, eta: Eta, now: dt.datetime, tz: dt.tzinfo, lang: str, *, next_update: dt.datetime | None = None
) -> str:
    """Return what is being done and what may be said of the time, as one clause without a full stop.

    `action` is a whole clause. A joint that reads well with one state of the ETA breaks with another one, so the
    joining is done here and not by each phrase.
    """
    zh = lang == "zh"
    state = eta.state(now)
    if state != "passed":
        when = describe_eta(eta, now, tz, lang, next_update=next_update)
        return f"{action}，{when}" if zh else f"{action}, {'but' if state == 'unknown' else 'and'} {when}"
    missed = clock_time(eta.at or eta.end or now, now, tz, lang)
    until = clock_time(next_update, now, tz, lang) if next_update else ""
    if zh:
        kept = joined_zh(f"{action}；先前说的", missed, "恢复没有做到，抱歉，")
        return joined_zh(kept, until, "前给您新的时间") if until else f"{kept}新的时间正在确认"
    kept = f"{action}. We said it would be fixed by {missed} and it was not; we are sorry"
    return f"{kept}, and you will have a new time by {until}" if until else f"{kept} and are working out a new time"


def range_times(start: dt.datetime, end: dt.datetime, now: dt.datetime, tz: dt.tzinfo, lang: str) -> tuple[str, str]:
    """Both ends as clock times; the day is said once when it is the same."""
    first, last = clock_time(start, now, tz, lang), clock_time(end, now, tz, lang)
    if start.astimezone(tz).date() == end.astimezone(tz).date():
        if lang == "zh":
            last = day_and_time(end, now, tz, lang)[1]
        else:
            first = day_and_time(start, now, tz, lang)[1]
    return first, last
