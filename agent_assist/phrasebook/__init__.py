"""The phrasebook: what a phrase is, and reading phrases from folders of TOML files."""
