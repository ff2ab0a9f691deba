"""The mistake that NumPy invites: an array made like one of whole numbers, which cuts off what is written into it."""

from collections.abc import Callable

import numpy as np

from helpers.exercises.table import Misconception


def cut_off(function: Callable, place: int, name: str) -> dict[str, Misconception]:
    """Return the mistake of a `function` whose result goes into an array made like argument number `place`, `name`.

    >>> halved = cut_off(lambda x: x / 2, 0, "x")["whole numbers cut off"].function
    >>> halved(np.array([3, 5])).tolist(), halved(np.array([3.0, 5.0])).tolist()
    ([1, 2], [1.5, 2.5])
    """

    def cut(*given):
        returned = function(*given)
        if given[place].dtype.kind not in "iu":
            return returned
        parts = returned if isinstance(returned, tuple) else (returned,)
        whole = tuple(np.asarray(part).astype(int) if np.ndim(part) else part for part in parts)
        return whole if isinstance(returned, tuple) else whole[0]

    hint = (
        f"Where {name} holds whole numbers, an array made from it ({name}.copy(), np.zeros_like({name})) holds whole numbers "
        f"too, and cuts off what you write into it. Make it hold floats: np.array({name}, dtype=float)."
    )
    return {"whole numbers cut off": Misconception(cut, hint)}
