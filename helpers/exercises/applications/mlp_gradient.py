"""Back-propagation through one hidden layer: the gradient of the mean logistic loss."""

import numpy as np

from helpers.applications import mlp_gradient
from helpers.exercises.drawing import away_from_zero, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception

SIZES = (
    (3, 1, 2),
    (5, 2, 3),
    (4, 3, 2),
    (7, 4, 5),
)  # n examples, d features, h hidden units: never two the same


def _network(rng, n, d, h):
    y = np.ones(n)
    y[: (n - 1) // 2] = -1
    return {
        "W1": tenths(rng, (h, d), 0.2, 1.0) * rng.choice([-1, 1], (h, d)),
        "b1": away_from_zero(rng, h, 0.2, 0.9),
        "w2": away_from_zero(rng, h, 0.3, 1.6),
        "b2": float(away_from_zero(rng, 1, 0.3, 0.9)[0]),
        "X": tenths(rng, (n, d), 0.2, 1.3) * rng.choice([-1, 1], (n, d)),
        "y": rng.permutation(y),
    }


def _case(inputs, note=""):
    """Return a case whose card shows the way forward as well."""
    a = np.tanh(inputs["X"] @ inputs["W1"].T + inputs["b1"])
    shown = {"a = tanh(W1 x + b1)": np.round(a, 6), "score": np.round(a @ inputs["w2"] + inputs["b2"], 6)}
    return Case(inputs, note, shown=shown)


def _networks(rng):
    for size in SIZES:
        yield _case(telling(lambda size=size: _network(rng, *size), mlp_gradient, *_MISTAKES))


def _one_unit(rng):
    yield _case(telling(lambda: _network(rng, 3, 2, 1), mlp_gradient, *_MISTAKES), "one hidden unit")


def _one_example(rng):
    yield _case({**_network(rng, 3, 2, 3), **{"X": tenths(rng, (1, 2), 0.4, 1.2), "y": np.array([-1.0])}},
               "one example")  # fmt: skip


def _huge_scores(rng):
    for right in (0, 2, 3):
        given = _network(rng, 3, 2, 4)
        w2 = 1e4 * tenths(rng, 4, 1.0, 2.0)
        given["W1"], given["b1"] = np.abs(given["W1"]), np.abs(given["b1"])
        sides = np.where(np.arange(3) < right, given["y"], -given["y"])
        X = np.abs(given["X"]) * sides[:, None] + sides[:, None]  # so far out that every score has this sign
        yield _case({**given, "X": X, "w2": w2}, f"scores of 1e4, {right} of 3 on the right side")


def _whole(rng):
    W1 = rng.permutation([1, -1, 2])[:, None] * np.array([[1, -1]])
    X = np.array([[1, 0], [0, 1], [1, 2], [-1, 1]])[rng.permutation(4)]
    yield _case(
        {"W1": W1, "b1": rng.permutation([1, 0, -1]), "w2": rng.permutation([1, 2, -1]), "b2": int(rng.choice([-1, 1])),
         "X": X, "y": rng.permutation([1, 1, -1, 1])},
        "whole numbers",
    )  # fmt: skip


def _parts(W1, b1, w2, b2, X, y, pull=None, bend=lambda z, a: 1 - a**2):
    """Return what back-propagation needs: z, a, d loss/d score and d loss/d z, with two places to go wrong."""
    z = X @ W1.T + b1
    a = np.tanh(z)
    score = a @ w2 + b2
    with np.errstate(over="ignore"):
        ds = (pull or (lambda s, y: -y / (1 + np.exp(y * s))))(score, y) / len(y)
    return z, a, ds, np.outer(ds, w2) * bend(z, a)


def _assembled(**changes):
    """Return the gradient with another pull on the score or another derivative of tanh."""

    def gradient(W1, b1, w2, b2, X, y):
        _, a, ds, dz = _parts(W1, b1, w2, b2, X, y, **changes)
        return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds.sum()

    return gradient


def _scaled(factor):
    def gradient(W1, b1, w2, b2, X, y):
        return tuple(factor(len(y)) * part for part in mlp_gradient(W1, b1, w2, b2, X, y))

    return gradient


def _unscaled_below(W1, b1, w2, b2, X, y):
    dW1, db1, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return len(y) * dW1, len(y) * db1, dw2, db2


def _transposed(W1, b1, w2, b2, X, y):
    dW1, *rest = mlp_gradient(W1, b1, w2, b2, X, y)
    return dW1.T, *rest


def _without_b1(W1, b1, w2, b2, X, y):
    return mlp_gradient(W1, 0 * b1, w2, b2, X, y)


def _without_b2(W1, b1, w2, b2, X, y):
    return mlp_gradient(W1, b1, w2, 0.0, X, y)


def _without_both(W1, b1, w2, b2, X, y):
    return mlp_gradient(W1, 0 * b1, w2, 0.0, X, y)


def _still_biases(W1, b1, w2, b2, X, y):
    dW1, _, dw2, _ = mlp_gradient(W1, b1, w2, b2, X, y)
    return dW1, np.zeros(len(b1)), dw2, 0.0


def _still_b1(W1, b1, w2, b2, X, y):
    dW1, _, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return dW1, np.zeros(len(b1)), dw2, db2


def _still_b2(W1, b1, w2, b2, X, y):
    return *mlp_gradient(W1, b1, w2, b2, X, y)[:3], 0.0


def _out_first(W1, b1, w2, b2, X, y):
    dW1, db1, dw2, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return dw2, db2, dW1, db1


def _b2_in_an_array(W1, b1, w2, b2, X, y):
    *parts, db2 = mlp_gradient(W1, b1, w2, b2, X, y)
    return *parts, np.array([db2])


def _w2_left_out(W1, b1, w2, b2, X, y):
    _, a, ds, _ = _parts(W1, b1, w2, b2, X, y)
    dz = ds[:, None] * (1 - a**2)
    return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds.sum()


def _before_tanh(W1, b1, w2, b2, X, y):
    z, _, ds, dz = _parts(W1, b1, w2, b2, X, y)
    return dz.T @ X, dz.sum(axis=0), z.T @ ds, ds.sum()


def _pulls_of_each(W1, b1, w2, b2, X, y):
    _, a, ds, dz = _parts(W1, b1, w2, b2, X, y)
    return dz.T @ X, dz, a.T @ ds, ds


def _only_b2_of_each(W1, b1, w2, b2, X, y):
    _, a, ds, dz = _parts(W1, b1, w2, b2, X, y)
    return dz.T @ X, dz.sum(axis=0), a.T @ ds, ds


def _fraction(s, y):
    e = np.exp(-y * s)
    return -y * e / (1 + e)


_uphill = _scaled(lambda n: -1)
_summed = _scaled(lambda n: n)
_twice_a_mean = _scaled(lambda n: 1 / n)
_of_z = _assembled(bend=lambda z, a: 1 - z**2)
_of_tanh_twice = _assembled(bend=lambda z, a: 1 - np.tanh(a) ** 2)
_as_sigmoid = _assembled(bend=lambda z, a: a * (1 - a))
_root_missing = _assembled(bend=lambda z, a: 1 - a)
_straight = _assembled(bend=lambda z, a: np.ones_like(a))
_zero_one = _assembled(pull=lambda s, y: 1 / (1 + np.exp(-s)) - y)
_right_label = _assembled(pull=lambda s, y: -y / (1 + np.exp(-y * s)))
_no_label = _assembled(pull=lambda s, y: -1 / (1 + np.exp(y * s)))
_squares = _assembled(pull=lambda s, y: s - y)
_overflowing = _assembled(pull=_fraction)

_MISTAKES = (
    _uphill, _summed, _twice_a_mean, _unscaled_below, _of_z, _of_tanh_twice, _as_sigmoid, _root_missing, _straight,
    _zero_one, _right_label, _no_label, _squares, _without_b1, _without_b2, _without_both, _still_biases, _still_b1,
    _still_b2, _w2_left_out, _before_tanh,
)  # fmt: skip


def _example_by_example(W1, b1, w2, b2, X, y):
    dW1, db1, dw2, db2 = np.zeros(np.shape(W1)), np.zeros(len(b1)), np.zeros(len(w2)), 0.0
    for x_i, y_i in zip(X, y, strict=True):
        a = np.tanh(W1 @ x_i + b1)
        margin = float(y_i * (w2 @ a + b2))
        ds = -y_i * (1 - np.tanh(margin / 2)) / 2 / len(y)
        dz = ds * w2 * (1 - a * a)
        dW1, db1 = dW1 + np.outer(dz, x_i), db1 + dz
        dw2, db2 = dw2 + ds * a, db2 + ds
    return [dW1.tolist(), db1.tolist(), dw2.tolist(), db2]


def _by_columns(W1, b1, w2, b2, X, y):
    """Examples in columns, the constant 1 as one more feature, 1/cosh(z)^2 for the derivative."""
    rows = np.vstack([np.asarray(X, float).T, np.ones(len(y))])
    z = np.column_stack([W1, b1]) @ rows
    a = np.vstack([np.tanh(z), np.ones(len(y))])
    ds = -y * np.exp(-np.logaddexp(0, y * (np.append(w2, b2) @ a))) / len(y)
    both = (np.asarray(w2)[:, None] * ds / np.cosh(z) ** 2) @ rows.T
    out = a @ ds
    return both[:, :-1], both[:, -1], out[:-1], out[-1]


EXERCISE = Exercise(
    id="mlp-gradient",
    chapter="09-applications",
    points=4,
    signature="mlp_gradient(W1, b1, w2, b2, X, y)",
    reference=mlp_gradient,
    alternatives=(_example_by_example, _by_columns),
    misconceptions={
        "sum instead of mean": Misconception(
            _summed,
            "You add the gradients of the examples up. The loss is a mean: divide by the number of examples, at best "
            "where the way back begins, at d loss/d score.",
            also=(_unscaled_below,),
        ),
        "mean twice": Misconception(
            _twice_a_mean,
            "You divide by the number of examples twice. Divide once, at d loss/d score, and add up from there on.",
        ),
        "uphill": Misconception(
            _uphill,
            "Your gradient points the other way. The derivative of log(1 + exp(-m)) is negative: put a minus in front "
            "of y/(1 + exp(y score)).",
        ),
        "derivative of tanh from the wrong quantity": Misconception(
            _of_z,
            "The derivative of tanh is 1 - a^2 with a = tanh(z), the output of the hidden layer. You put something else "
            "in the place of a.",
            also=(_of_tanh_twice,),
        ),
        "another derivative": Misconception(
            _as_sigmoid,
            "The derivative of your hidden units is not that of tanh: a(1 - a) belongs to the sigmoid. For tanh it is 1 - a^2.",
            also=(_root_missing,),
        ),
        "tanh not differentiated": Misconception(
            _straight,
            "Nothing happens on the way back through tanh. Multiply by its derivative, 1 - a^2, for each example and "
            "each hidden unit.",
        ),
        "bias forgotten": Misconception(
            _without_b1,
            "A bias is missing on the way forward, so all the rest belongs to another network. The hidden layer is "
            "tanh(W1 x + b1), and the score ends with + b2.",
            also=(_without_b2, _without_both),
        ),
        "no gradient for the biases": Misconception(
            _still_biases,
            "You return the gradient 0 for a bias. A bias is a weight on an input that is always 1: its gradient is the sum "
            "of d loss/d z, or of d loss/d score, over the examples.",
            also=(_still_b1, _still_b2),
        ),
        "biases not summed": Misconception(
            _pulls_of_each,
            "You return a gradient of the biases for each example. Add them up over the examples: db1 has the shape of b1, "
            "and db2 is one number.",
            also=(_only_b2_of_each,),
        ),
        "transposed": Misconception(
            _transposed,
            "Your dW1 has shape (d, h). It needs the shape of W1, (h, d): a row for each hidden unit.",
        ),
        "order of the parts": Misconception(
            _out_first,
            "Your parts come in the order of the way back. Return them in the order of the parameters: dW1, db1, dw2, db2.",
        ),
        "db2 in an array": Misconception(
            _b2_in_an_array,
            "Your db2 is an array with one entry. b2 is a number, and so is its derivative: add up d loss/d score without "
            "keeping an axis.",
        ),
        "w2 left out on the way back": Misconception(
            _w2_left_out,
            "You send d loss/d score back into the hidden layer as it is. Multiply it by w2[j] for unit j, the weight with "
            "which that unit entered the score.",
        ),
        "dw2 before tanh": Misconception(
            _before_tanh,
            "Your dw2 uses the hidden layer before tanh. w2 multiplies a = tanh(z) in the score, so a belongs there.",
        ),
        "labels 0 and 1": Misconception(
            _zero_one,
            "sigmoid(score) - y is right for labels 0 and 1. Here they are +1 and -1: begin with -y/(1 + exp(y score)).",
        ),
        "weight of the right label": Misconception(
            _right_label,
            "Examples that are right already pull hardest. The weight is the probability of the wrong label, "
            "1/(1 + exp(+y score)).",
        ),
        "label in one place only": Misconception(
            _no_label,
            "Your label stands in the exponent alone. It appears twice in d loss/d score: there, and once more in front, from "
            "the chain rule.",
        ),
        "squared error": Misconception(
            _squares,
            "score - y is the slope of a squared error. The loss here is logistic: -y/(1 + exp(y score)).",
        ),
        "overflow": Misconception(
            _overflowing,
            "For large scores your fraction becomes inf/inf, which is nan. Write e/(1 + e) as 1/(1 + 1/e), where the "
            "exponential stands once.",
        ),
    },
    claims=(
        Claim("the gradient of random networks", 2.4, _networks),
        Claim("one hidden unit", 0.4, _one_unit),
        Claim("one example", 0.4, _one_example),
        Claim("no overflow for scores of 1e4", 0.4, _huge_scores),
        Claim("whole numbers as input", 0.4, _whole),
    ),
)  # fmt: skip
