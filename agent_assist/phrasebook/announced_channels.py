"""The channels on which an incident is announced to many: every channel of a phrase but the chat."""

from collections.abc import Mapping

from agent_assist.locale import N_
from agent_assist.phrasebook.phrase import Channel

ANNOUNCED_CHANNELS: tuple[Channel, ...] = ("in-app", "banner", "social", "sms", "mail", "letter", "phone")
"""In the order in which they are shown: the ones that reach most people at once come first."""

CHANNEL_LABELS: Mapping[str, str] = {
    "in-app": N_("In-app notice"),
    "banner": N_("Website banner"),
    "social": N_("Social post"),
    "sms": N_("SMS"),
    "mail": N_("Mail"),
    "letter": N_("Letter"),
    "phone": N_("Phone script"),
}
