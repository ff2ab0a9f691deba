"""Show a number far above the maximum from within the function that is judged."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
from IPython.display import display, publish_display_data
def answer(*inputs):
    publish_display_data({"text/plain": "1000000"})
    display(1000000)
    return 1000000.0
print(answer())
""",
    shown="1000000",
)
