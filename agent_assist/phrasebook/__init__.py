"""The phrasebook: what a phrase is, and reading phrases from folders of TOML files."""

from agent_assist.phrasebook.load import Library, load
from agent_assist.phrasebook.phrase import Channel, Control, Field, Kind, Phrase, Scene, Stage
from agent_assist.phrasebook.problems import Problem

__all__ = ["Channel", "Control", "Field", "Kind", "Library", "Phrase", "Problem", "Scene", "Stage", "load"]
