"""What a lead can do at the review."""
