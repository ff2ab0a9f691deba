"""A figure that is made and never shown, and a style of one's own."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
import matplotlib.pyplot as plt
plt.style.use("ggplot")
figure, axes = plt.subplots(2, 2)
axes[0, 0].contour(np.random.rand(5, 5));
""",
)
