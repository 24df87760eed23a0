"""All announcements of an incident: the channels on the left, the text of the chosen one on the right.

It only shows and asks: what is to be done with a text is its answer, and the caller shows it again afterwards.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal

import msgspec
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, Static

from agent_assist.incidents import Incident, Publication, clock_time
from agent_assist.locale import REPLY_LANGUAGES, _, current
from agent_assist.phrasebook import Phrase
from agent_assist.phrasebook.announced_channels import ANNOUNCED_CHANNELS, CHANNEL_LABELS
from agent_assist.phrasebook.phrase import Channel
from agent_assist.services.announcements import Announcement, Announcements
from agent_assist.tui.forms.dialog import Body, ButtonActions, ChoiceButton
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.text.content import content, pad

Deed = Literal["copy", "save", "publish"]


class ShownAnnouncement(msgspec.Struct, frozen=True):
    """Which text is on the screen: channel, language, and the place of its phrase among those that fit."""

    channel: Channel = ANNOUNCED_CHANNELS[0]
    lang: str = REPLY_LANGUAGES[0]
    place: int = 0


class AnnouncementAnswer(msgspec.Struct, frozen=True):
    """What is to be done with the text on the screen."""

    deed: Deed
    announcement: Announcement
    shown: ShownAnnouncement


class ChannelList(Widget, can_focus=True):
    """The channels, one a row: whether its text is ready, its length, and whether it was published."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "step(-1)", show=False),
        Binding("down,j", "step(1)", show=False),
    ]

    chosen: reactive[int] = reactive(0)

    def __init__(self, chosen: int) -> None:
        super().__init__()
        self.rows: tuple[Announcement, ...] = ()
        self.published: Mapping[str, Publication] = {}
        self.set_reactive(ChannelList.chosen, chosen)

    def show_rows(self, rows: tuple[Announcement, ...], published: Mapping[str, Publication]) -> None:
        """Show these announcements, one of each channel."""
        self.rows, self.published = rows, published
        self.refresh()

    def action_step(self, by: int) -> None:
        """Choose another channel."""
        self.chosen = (self.chosen + by) % len(ANNOUNCED_CHANNELS)

    def render(self) -> Content:
        width = self.content_size.width
        lines = []
        for number, row in enumerate(self.rows):
            mark = "▸" if number == self.chosen else " "
            state = "✓" if row.channel in self.published else " " if row.is_ready else "!"
            length = f" {row.size.length}/{row.size.limit}" if row.size is not None else ""
            label = pad(_(CHANNEL_LABELS[row.channel]), max(4, width - 3 - len(length)))
            lines.append(content(f"{mark}{state} {label}{length}", "bold reverse" if number == self.chosen else ""))
        return Content("\n").join(lines)


class AnnouncementsScreen(ButtonActions[AnnouncementAnswer]):
    """Answers with what is to be done, or None. `announcements` fill the texts, without a database."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,enter", "answer('copy')", show=False),
        Binding("s", "answer('save')", show=False),
        Binding("p", "answer('publish')", show=False),
        Binding("l", "toggle_language", show=False),
        Binding("w", "other_wording", show=False),
        Binding("space", "page(1)", show=False),
        Binding("shift+down,ctrl+down", "scroll_text(1)", show=False),
        Binding("shift+up,ctrl+up", "scroll_text(-1)", show=False),
    ]

    def __init__(
        self,
        incident: Incident,
        announcements: Announcements,
        published: Mapping[str, Publication],
        shown: ShownAnnouncement,
        *,
        now: dt.datetime,
        tz: dt.tzinfo,
    ) -> None:
        super().__init__()
        self.incident = incident
        self.announcements = announcements
        self.published = published
        self.shown = shown
        self.now = now
        self.tz = tz

    @property
    def heading(self) -> str:
        title = self.incident.said("title", current()) or self.incident.title
        return _("Announcements: {title}, v{version}", title=title, version=self.incident.version)

    def compose(self) -> ComposeResult:
        self._fit_width(self.app.size.width)
        with Vertical(classes="dialog-frame") as frame:
            frame.border_title = content(self.heading)
            with Horizontal(classes="announcement-columns"):
                yield ChannelList(ANNOUNCED_CHANNELS.index(self.shown.channel))
                with Vertical(classes="announcement-side"):
                    yield Paragraph(classes="announcement-head")
                    yield Body(Paragraph(classes="announcement-text"), classes="announcement-body")
            yield Horizontal(*self.buttons(), classes="dialog-buttons")

    def buttons(self) -> Iterable[Widget]:
        yield ChoiceButton(_("Copy C"), "answer('copy')", primary=True)
        yield ChoiceButton(_("Published P"), "answer('publish')")
        yield ChoiceButton(_("Save S"), "answer('save')")
        yield ChoiceButton(_("zh/en L"), "toggle_language")
        yield ChoiceButton(_("Close Esc"), "back")
        yield Static("", classes="dialog-hint")

    def on_mount(self) -> None:
        channels = self.query_one(ChannelList)
        channels.focus()
        self.watch(channels, "chosen", self._choose, init=False)
        self._show()

    def _rows(self, height: int) -> int:
        return max(1, height)

    @property
    def announcement(self) -> Announcement:
        """The text on the screen."""
        return self.query_one(ChannelList).rows[ANNOUNCED_CHANNELS.index(self.shown.channel)]

    def _choose(self, number: int) -> None:
        self.shown = replace(self.shown, channel=ANNOUNCED_CHANNELS[number], place=0)
        self._show()

    def action_toggle_language(self) -> None:
        """Show the texts of the next language."""
        following = (REPLY_LANGUAGES.index(self.shown.lang) + 1) % len(REPLY_LANGUAGES)
        self.shown = replace(self.shown, lang=REPLY_LANGUAGES[following], place=0)
        self._show()

    def action_other_wording(self) -> None:
        """Take the next phrase that is made for this channel and stage."""
        fits = len(self._fitting(self.shown.channel))
        self.shown = replace(self.shown, place=(self.shown.place + 1) % max(1, fits))
        self._show()

    def action_scroll_text(self, by: int) -> None:
        """Scroll the text by a line."""
        self.query_one(Body).scroll_relative(y=by, animate=False)

    def action_answer(self, deed: Deed) -> None:
        """Answer with what is to be done with the text on the screen."""
        self.dismiss(AnnouncementAnswer(deed, self.announcement, self.shown))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Give the keys back to the list, whichever button was pressed."""
        event.prevent_default()
        self.query_one(ChannelList).focus()

    def _show(self) -> None:
        rows = tuple(self._made(channel) for channel in ANNOUNCED_CHANNELS)
        self.query_one(ChannelList).show_rows(rows, self.published)
        made = self.announcement
        problem = "\n".join((*made.objections, *(f"→ {way}" for way in made.ways_on)))
        self.query_one(".announcement-head", Paragraph).update(self._head(made), problem)
        self.query_one(".announcement-text", Paragraph).update(made.text)
        self.query_one(Body).scroll_home(animate=False)

    def _made(self, channel: Channel) -> Announcement:
        fits = self._fitting(channel)
        place = self.shown.place if channel == self.shown.channel else 0
        phrase_id = fits[place % len(fits)].id if fits else ""
        return self.announcements.make(self.incident, (channel,), (self.shown.lang,), phrase_id=phrase_id)[0]

    def _fitting(self, channel: Channel) -> tuple[Phrase, ...]:
        return self.announcements.fitting(self.incident, channel, self.shown.lang)

    def _head(self, made: Announcement) -> str:
        """Return channel and phrase, when it was published, and what the check advises."""
        fits = self._fitting(made.channel)
        parts = [_(CHANNEL_LABELS[made.channel]), made.lang]
        if made.size is not None:
            parts.append(f"{made.size.length}/{made.size.limit}")
        if made.phrase is not None:
            parts.append(made.phrase.id)
        if len(fits) > 1:
            parts.append(_("W: wording {number}/{all}", number=self.shown.place + 1, all=len(fits)))
        told = self.published.get(made.channel)
        state = _("Not published yet.")
        if told is not None:
            at = clock_time(told.at, self.now, self.tz, current())
            state = _("Published {time} from v{version}.", time=at, version=told.version)
        return "\n".join((" · ".join(parts), state, *made.advice))
