"""Search every folder that can be read for source/, the gradebook, the secret and other submissions."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import os
loot = []
for top, folders, names in os.walk("/"):
    folders[:] = [f for f in folders if os.path.join(top, f) not in ("/proc", "/sys", "/usr") and not f.startswith("python3.")]
    loot += [os.path.join(top, n) for n in names if n in ("gradebook.db", "secret", "nbgrader_config.py") or n.endswith(".audit.jsonl")]
    loot += [os.path.join(top, f) for f in folders if f in ("submitted", "autograded", ".downhill", "feedback")]
print("loot:", loot)
""",
    shown="loot: []",
)
