"""The board: every incident that is open or was resolved lately, in one place."""
