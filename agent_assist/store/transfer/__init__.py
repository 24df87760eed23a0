"""Copies of a whole database: backup and restore, move to another engine."""
