"""An ETA in words, in each language: what a reply says of when it will be over."""

import datetime as dt

from agent_assist.incidents.eta import Eta
from agent_assist.incidents.times import clock_time, day_and_time, joined_zh


def describe_eta(eta: Eta, now: dt.datetime, tz: dt.tzinfo, lang: str) -> str:
    """What an honest person says about it: a whole clause without a full stop, in Chinese for `zh`, else in English."""
    zh = lang == "zh"
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
            if zh:
                return "原先预计的时间已过，我们正在重新评估"
            return "the time we first gave has passed and we are working out a new one"
    return "目前还不能给出准确的恢复时间" if zh else "we cannot give you a reliable time yet"


def range_times(start: dt.datetime, end: dt.datetime, now: dt.datetime, tz: dt.tzinfo, lang: str) -> tuple[str, str]:
    """Both ends as clock times; the day is said once when it is the same."""
    first, last = clock_time(start, now, tz, lang), clock_time(end, now, tz, lang)
    if start.astimezone(tz).date() == end.astimezone(tz).date():
        last = day_and_time(end, now, tz, lang)[1]
    return first, last
