"""A whole database on its way: backup, move to another engine, copy."""
