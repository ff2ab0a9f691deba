"""Sets seeds and draws random numbers for trying out."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
np.random.seed(0)
rng = np.random.default_rng(42)
print("mean", abs(rng.normal(size=1000).mean()) < 0.2)
""",
    shown="mean True",
)
