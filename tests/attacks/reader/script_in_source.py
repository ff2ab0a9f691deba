"""A script in a comment, in an error's text and in a printed value of the function that is judged."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL | {"gradient-step": 0.0},
    base="right",
    change=lambda paper: paper.answer(
        "gradient-step",
        "# </pre><script>alert('evil-script')</script>\n"
        "def gradient_step(grad, x, alpha):\n"
        "    print('<script>alert(1)</script>')\n"
        "    raise ValueError('<script>alert(2)</script>')",
    ),
)
