"""Look for the notebook with its hidden tests beside the kernel, in In[-1] and in the history."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os
seen = [os.path.join(top, name) for top, _, names in os.walk(os.getcwd()) for name in names if name.endswith(".ipynb")]
text = "".join(map(str, In))
print("loot:", seen, "HIDDEN" + " TESTS" in text)
""",
    shown="loot: [] False",
)
