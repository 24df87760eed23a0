"""What the review asks: typed modal screens that only ask."""
