"""Looking for answers, expected values and other people's work."""
