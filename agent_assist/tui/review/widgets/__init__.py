"""The regions of the review."""
