"""Harm to the grader's machine, to its time, or to the next student."""
