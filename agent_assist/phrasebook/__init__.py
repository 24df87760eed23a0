"""The phrasebook: what a phrase is, and reading phrases from folders of TOML files."""

from agent_assist.phrasebook.load import Library, load
from agent_assist.phrasebook.phrase import Channel, Control, Field, Kind, Phrase, Scene, Stage

__all__ = ["Channel", "Control", "Field", "Kind", "Library", "Phrase", "Scene", "Stage", "load"]
