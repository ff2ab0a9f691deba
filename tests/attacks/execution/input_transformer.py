"""Rewrite every cell that is run from now on into a number."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
def five(lines):
    return ["1.0\\n"] if any("check(" in line for line in lines) else lines
get_ipython().input_transformers_cleanup.append(five)
get_ipython().input_transformers_post.append(five)
print("transformer in place")
""",
    shown="transformer in place",
)
