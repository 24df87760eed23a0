"""Which policy is in force: what a lead published at the store, else `policy.toml` in the user's folder, else the
shipped one. In a team nobody's folder counts: there it is what a lead published, else the shipped one.

Nothing of a broken file comes into force, and it never allows more than a sound one did: a desk that runs keeps the
last sound policy it read; one that starts lets every offer wait for approval, and says why.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import NotSaved, Refused
from agent_assist.files import is_there, read_text, reason, unreadable, write_whole
from agent_assist.locale import _
from agent_assist.offers.policy import Policy
from agent_assist.offers.policy_file import DEFAULT_PATH, default_policy, read_policy
from agent_assist.problems import Problem

if TYPE_CHECKING:
    from agent_assist.store import PolicyVersion

POLICY_FILE = "policy.toml"


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """The policy that decides now, and where it comes from. With `problems` it is not the one of `place`."""

    policy: Policy
    source: Literal["published", "file", "shipped"]
    place: str
    """The file, or who published it."""
    version: int = 0
    problems: tuple[Problem, ...] = ()
    is_missing: bool = False
    """Whether this is a team in which nobody has published a policy."""
    ignored: str = ""
    """The file in the user's folder that does not count, if there is one."""


def in_force(
    home: Path, published: "PolicyVersion | None", *, is_team: bool = False, last_sound: Policy | None = None
) -> InForce:
    """The policy for offers at this desk now."""
    if published is not None:
        place = _("version {version}, published by {author}", version=published.version, author=published.author)
        policy, problems = read_policy(published.text, place)
        return _settled("published", place, policy, problems, last_sound, published.version)
    path = home / POLICY_FILE
    if is_team or not is_there(path):
        return InForce(
            policy=default_policy(),
            source="shipped",
            place=clean_line(str(DEFAULT_PATH)),
            is_missing=is_team,
            ignored=clean_line(str(path)) if is_team and is_there(path) else "",
        )
    policy, problems = read_file(path)
    return _settled("file", clean_line(str(path)), policy, problems, last_sound)


def read_file(path: Path) -> tuple[Policy | None, tuple[Problem, ...]]:
    """Read the policy of a file, or None with its problems. Never blocks on a pipe, and reads a limited size."""
    return read_policy_text(path)[1:]


def read_policy_text(path: Path) -> tuple[str, Policy | None, tuple[Problem, ...]]:
    """As `read_file`, with the text."""
    shown = clean_line(str(path))
    try:
        text = read_text(path)
    except OSError as error:
        return "", None, (unreadable(shown, error),)
    return text, *read_policy(text, shown)


def write_default(home: Path) -> Path:
    """Put the shipped policy, with its comments, into the user's folder to be changed. Refused when there is one."""
    path = home / POLICY_FILE
    if is_there(path):
        raise Refused(
            _("{path} is there already.", path=clean_line(str(path))), hint=_("Change it, or move it away first.")
        )
    try:
        write_whole(path, [DEFAULT_PATH.read_bytes()])
    except OSError as error:
        raise NotSaved(f"{clean_line(str(path))}: {reason(error)}.") from error
    return path


def notes(in_force_now: InForce) -> tuple[str, ...]:
    """What somebody must know about where the policy comes from; nothing when it is as one expects."""
    if not in_force_now.is_missing:
        return ()
    sentences = [
        _("No policy is published: that of the program is in force, and what it does not allow waits for approval."),
        _("A lead publishes one: agent-assist policy publish FILE"),
    ]
    if in_force_now.ignored:
        sentences.append(_("{path} does not count: in a team only a published policy does.", path=in_force_now.ignored))
    return tuple(sentences)


def short_source(in_force_now: InForce) -> str:
    """Where the policy comes from, in a few words."""
    if in_force_now.is_missing:
        return _("no policy published")
    if in_force_now.source == "published":
        return _("policy v{version}", version=in_force_now.version)
    return _("policy: your file") if in_force_now.source == "file" else _("policy as shipped")


def _settled(
    source: Literal["published", "file"],
    place: str,
    policy: Policy | None,
    problems: tuple[Problem, ...],
    last_sound: Policy | None,
    version: int = 0,
) -> InForce:
    if policy is None:
        fault = _("The policy cannot be used ({fault}): every offer waits for approval.", fault=problems[0])
        policy = last_sound or Policy(fault=fault)
    return InForce(policy=policy, source=source, place=place, version=version, problems=problems)
