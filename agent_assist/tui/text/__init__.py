"""What the screen says, as pure functions from values to lines: no widget, no clock, no store."""
