"""Ways to change how cells run, or to end the run before a test."""
