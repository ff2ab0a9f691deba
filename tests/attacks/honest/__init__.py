"""Right answers, written in all the ways in which honest people write them: full points."""
