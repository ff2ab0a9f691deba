"""Harm to whoever reads the graded notebook, the feedback or the exported table."""
