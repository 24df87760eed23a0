"""What the review's regions show, as cells."""
