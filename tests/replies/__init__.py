"""Tests of the room `replies`."""
