"""The announcements of one incident: for each channel and language the team's phrase, filled, in the channel's form.

The words come from the phrasebook: a phrase of kind `announcement` that names the channel and fits the stage. A team's
own phrase wins over a shipped one. Making announcements reads no database; recording that one went out does.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent_assist.chats import Customer
from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.files import reason, write_whole
from agent_assist.incidents import Incident, Publication
from agent_assist.locale import REPLY_LANGUAGES, _
from agent_assist.phrasebook import Library, Phrase
from agent_assist.phrasebook.announced_channels import ANNOUNCED_CHANNELS
from agent_assist.phrasebook.channel_limits import TextLength, length_on
from agent_assist.phrasebook.phrase import Channel
from agent_assist.replies import Check, Facts, Gap, check, fill
from agent_assist.replies.channel_form import in_form
from agent_assist.settings import shipped_phrasebooks

if TYPE_CHECKING:
    from agent_assist.services.communication import Communication
    from agent_assist.services.make_reply import Setting

_NOTHING = Check(responsibility=False, scope=False, remedy=False, warnings=())


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What would be published on one channel in one language. `text` is exactly what is copied."""

    channel: Channel
    lang: str
    incident_id: str
    facts_version: int
    phrase: Phrase | None = None
    """None when no phrase of the books is for this channel, language and stage; then there is no text."""
    subject: str = ""
    """Of a mail; it is in `text` too."""
    text: str = ""
    written: str = ""
    """The text before times and shares were put into spoken words."""
    gaps: tuple[Gap, ...] = ()
    check: Check = _NOTHING
    size: TextLength | None = None
    """None where any length fits."""

    @property
    def objections(self) -> tuple[str, ...]:
        """Why it should not go out as it stands, in sentences."""
        if self.phrase is None:
            return (_("No phrase is an announcement for this channel, language and stage."),)
        return tuple(warning.message for warning in self.check.warnings if warning.blocking)

    @property
    def advice(self) -> tuple[str, ...]:
        """What else the check says of it."""
        return tuple(warning.message for warning in self.check.warnings if not warning.blocking)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing and nothing stands against it."""
        return not self.objections and not self.gaps

    @property
    def ways_on(self) -> tuple[str, ...]:
        """Commands that fill what is missing."""
        if self.phrase is None:
            return ("agent-assist phrases list --kind announcement",)
        ways = []
        for gap in self.gaps:
            if gap.name == "brand":
                ways.append(f"agent-assist settings set brand_{self.lang} …")
            elif gap.name == "agent.name":
                ways.append(f"agent-assist settings set public_name_{self.lang} …")
            elif gap.name.startswith("incident."):
                ways.append(f"agent-assist incident update {self.incident_id}")
            else:
                ways.append(f"--set {gap.name}=…")
        return tuple(dict.fromkeys(ways))


def fitting_phrases(phrases: Iterable[Phrase], channel: Channel, lang: str, stage: str) -> tuple[Phrase, ...]:
    """Return the announcements for this channel, language and stage, the one to take first.

    First what was made for this stage, not for one on the same side of the repair; then a team's own before a shipped
    one; then what was made for this channel alone; then in the order of the books.
    """
    fits = [
        phrase
        for phrase in phrases
        if phrase.kind == "announcement" and channel in phrase.channels and lang in phrase.text and phrase.fits(stage)
    ]

    def rank(phrase: Phrase) -> tuple[bool, bool, int]:
        is_exact = not phrase.stages or stage in phrase.stages
        return not is_exact, Path(phrase.file).is_relative_to(shipped), len(phrase.channels)

    shipped = shipped_phrasebooks()
    return tuple(sorted(fits, key=rank))


def make_announcement(
    channel: Channel,
    lang: str,
    incident: Incident,
    phrase: Phrase | None,
    setting: "Setting",
    values: Mapping[str, str],
) -> Announcement:
    """Fill the phrase for no customer in particular, give it the channel's form, and check it.

    Raises Refused when the phrase's template cannot be filled at all.
    """
    if phrase is None:
        return Announcement(channel=channel, lang=lang, incident_id=incident.id, facts_version=incident.version)
    facts = _facts_for_all(incident, lang, setting, values)
    filled = fill(phrase, lang, facts)
    form = in_form(channel, filled.text, lang, brand=facts.brand, title=incident.said("title", lang))
    checked = check(
        form.written,
        lang,
        facts=facts,
        phrase=phrase,
        gaps=filled.gaps,
        channel=channel,
        facts_version=incident.version,
    )
    return Announcement(
        channel=channel,
        lang=lang,
        incident_id=incident.id,
        facts_version=incident.version,
        phrase=phrase,
        subject=form.subject,
        text=form.text,
        written=form.written,
        gaps=filled.gaps,
        check=checked,
        size=length_on(channel, form.text),
    )


def _facts_for_all(incident: Incident, lang: str, setting: "Setting", values: Mapping[str, str]) -> Facts:
    """Return what an announcement may know: nothing of any one customer."""
    return Facts(
        customer=Customer(language=lang),
        incident=incident,
        agent=setting.agent_in(lang),
        brand=setting.brand.get(lang, ""),
        values=values,
        now=setting.now,
        tz=setting.tz,
    )


class Announcements:
    """Announcements from the library as it is now, for one person."""

    def __init__(
        self, library: Callable[[], Library], setting: Callable[[], "Setting"], communication: "Communication"
    ) -> None:
        self._library = library
        self._setting = setting
        self._communication = communication

    def make(
        self,
        incident: Incident,
        channels: Sequence[Channel] = ANNOUNCED_CHANNELS,
        langs: Sequence[str] = REPLY_LANGUAGES,
        *,
        values: Mapping[str, str] | None = None,
        phrase_id: str = "",
    ) -> tuple[Announcement, ...]:
        """Return the announcements of these channels in these languages, channel by channel. Reads no database.

        With `phrase_id` this phrase is taken wherever it fits. Raises Refused when a template cannot be filled.
        """
        setting, made = self._setting(), []
        for channel in channels:
            for lang in langs:
                fits = self.fitting(incident, channel, lang)
                phrase = next((each for each in fits if each.id == phrase_id), fits[0] if fits else None)
                made.append(make_announcement(channel, lang, incident, phrase, setting, values or {}))
        return tuple(made)

    def fitting(self, incident: Incident, channel: Channel, lang: str) -> tuple[Phrase, ...]:
        """Return the phrases that can be announced here, the usual one first."""
        return fitting_phrases(self._library().active, channel, lang, incident.status)

    def record(self, went_out: Sequence[Announcement]) -> Publication:
        """Record that these texts of one channel went out: they take their steps of the communication clock.

        May block. Raises NotSaved or MaybeSaved.
        """
        first = went_out[0]
        texts = {each.lang: each.written for each in went_out}
        return self._communication.announced(
            first.incident_id, channel=first.channel, texts=texts, version=first.facts_version
        )

    def save(self, folder: Path, made: Announcement) -> Path:
        """Write one announcement into a file of its own in this folder, and return the file. Raises Refused."""
        path = folder / f"{clean_line(made.incident_id)}-{made.channel}.{made.lang}.txt"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, [f"{made.text}\n".encode()])
        except OSError as error:
            shown = clean_line(str(path))
            raise Refused(_("{file} cannot be written: {reason}", file=shown, reason=reason(error))) from error
        return path

    def published(self, incident_id: str) -> Mapping[str, Publication]:
        """Read the last publication of each channel. May block. Raises NotFound."""
        return self._communication.last_by_channel(incident_id)
