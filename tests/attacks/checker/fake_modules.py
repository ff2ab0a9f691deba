"""Put fake modules into sys.modules and an import hook in front of all others."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import sys, types
for name in ("helpers.check", "helpers.exercises", "helpers.grading.wire", "helpers.grading.answering", "helpers.calling"):
    fake = types.ModuleType(name)
    fake.check = fake.pack_outcome = fake.call = fake.judge = lambda *a, **k: 1.0
    fake.EXERCISES = {}
    sys.modules[name] = fake
class Hook:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("helpers"):
            raise ImportError("no helpers today")
sys.meta_path.insert(0, Hook())
from helpers.check import check
print(check("gradient-step", None))
""",
    shown="1.0",
)
