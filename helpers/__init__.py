"""The package behind Downhill: algorithms, live figures, exercises and their judging."""
