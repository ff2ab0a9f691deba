"""Plots of one's own, with and without %matplotlib."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
%matplotlib inline
import matplotlib.pyplot as plt
plt.plot(np.linspace(0, 1), np.linspace(0, 1) ** 2)
plt.title("my parabola")
plt.show()
""",
    shown="image/png",
)
