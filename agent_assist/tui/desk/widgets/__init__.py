"""The regions of the desk."""
