"""agent-assist: the right reply, filled with the facts of the incident, checked, copied and on record."""

__version__ = "0.1.0"
