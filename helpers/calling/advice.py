"""What to do about the errors that beginners meet most often: a sentence for what Python or NumPy says tersely."""

import re

ADVICE = (
    (
        r"Cannot interpret '.*' as a data type",
        "A shape goes in as one pair, in brackets of its own: np.zeros((n, d))",
    ),
    (r"bitwise_xor|for \^:", "In Python a power is written **, as in x**2"),
    (
        r"object is not callable",
        "What stands before (...) is called as a function: a product needs its *, and an entry of an array is x[i]",
    ),
    (
        r"inhomogeneous shape",
        "Not all the parts of this array have the same shape: look at the shape of what you put into it",
    ),
    (
        r"could not be broadcast together",
        "The operators + - * / work entry by entry, on equal shapes. The matrix product is @",
    ),
    (
        r"mismatch in its core dimension",
        "The last axis before @ and the first axis after it have to be equally long. A.T is A with its axes exchanged",
    ),
    (
        r"truth value of an array",
        "A comparison of arrays gives one answer for each entry, and here one for all is needed. np.where and np.maximum "
        "choose entry by entry; .any() and .all() make one answer of many",
    ),
    (
        r"'NoneType'",
        "None is what comes back without a `return`, and from append or sort, which change the list itself",
    ),
    (
        r"has no attribute 'append'",
        "An array does not grow. Append to a list, and make it an array at the end: np.array(rows)",
    ),
    (
        r"'Eigh?Result'",
        "The result has two parts, lam, V = np.linalg.eigh(Q). np.linalg.eigvalsh(Q) returns the eigenvalues alone",
    ),
    (
        r"'float' object cannot be interpreted as an integer|only integers, slices",
        "How many there are, and which one, are whole numbers: int(n), or n // 2 for half of n",
    ),
    (
        r"Cannot cast ufunc .* to dtype\('u?int",
        "The array holds whole numbers, and += has to keep them so. Begin with np.array(x, dtype=float)",
    ),
)


def advice(message: str) -> str:
    """Return what to do about an error with this message, or "".

    >>> advice("unsupported operand type(s) for ^: 'float' and 'int'")
    'In Python a power is written **, as in x**2'
    """
    return next((words for pattern, words in ADVICE if re.search(pattern, message)), "")
