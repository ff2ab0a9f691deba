"""Hints for what goes wrong in any chapter: the same mistake, the same words."""

START_MISSING = "The path begins with x0 itself. Put x0 into row 0, then the point after one step into row 1."
START_IGNORED = (
    "Your walk begins at 0 and not at x0: np.zeros makes rows of zeros. Put x0 into row 0, and take the first step from "
    "there."
)
ONE_STEP_SHORT = (
    "The last step is missing. n_steps steps make n_steps + 1 points, because the start counts as one."
)
LAST_POINT_ONLY = (
    "You return where the walk ends. Keep every point on the way: the result has n_steps + 1 rows."
)
WHOLE_NUMBERS = (
    "The path takes over the whole-number type of x0: every new point is cut to whole numbers, or x -= ... is refused. "
    "Make the array of floats: np.empty(shape), or np.array(x0, dtype=float)."
)
ONE_ARRAY = (
    "All rows are the same array: writing into x (x -= ..., x[:] = ...) changes it, and every row that points to it. "
    "Make a new point with x = x - ..., or store x.copy()."
)

ONE_ENTRY_IS_ZERO = (
    "You take one entry that is 0 for the whole: x.all() asks whether every entry differs from 0. Whether any does is "
    "x.any()."
)


def brackets(right: str) -> str:
    """Return the hint for a formula that has lost its brackets; `right` are the parts that need them, as in Python."""
    return (
        "Brackets decide here: Python takes powers first, then products and quotients from left to right, and sums "
        f"last. Write {right}."
    )
