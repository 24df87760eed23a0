"""The lead's screen: the log of offers, their sums, and the decisions about them."""
