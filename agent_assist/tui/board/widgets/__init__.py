"""The regions of the board."""
