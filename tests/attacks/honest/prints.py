"""Prints for debugging, in cells and in functions."""

from tests.attacks.corpus import FULL, Entry


def change(paper):
    paper.answer(
        "gradient-step",
        """\

print("defining the step")
def gradient_step(grad, x, alpha):
    print("x is", x, "and alpha is", alpha)
    return x - alpha * grad(x)
print(gradient_step(lambda x: 2 * x, np.array([1.0]), 0.25))
""",
    )


ENTRY = Entry(FULL, base="right", change=change, shown="defining the step")
