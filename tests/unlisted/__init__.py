"""Wrong answers that no table of the exercises lists, a module for each chapter.

`MISTAKES` is id of the exercise -> functions that a learner might write: a formula half remembered, a function of
NumPy that does something else, a case forgotten. A pair (function, name) is a known mistake in another dress: it may
be recognised, and as nothing else. tests/test_unlisted_mistakes.py judges them.
"""
