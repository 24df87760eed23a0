"""The board as lines."""
