"""A decorator that counts calls."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

import functools
def counted(function):
    @functools.wraps(function)
    def wrapper(*arguments, **named):
        wrapper.calls += 1
        return function(*arguments, **named)
    wrapper.calls = 0
    return wrapper

@counted
def gradient_step(grad, x, alpha):
    return x - alpha * grad(x)
""",
    )


ENTRY = Entry(FULL, base="right", change=change)
