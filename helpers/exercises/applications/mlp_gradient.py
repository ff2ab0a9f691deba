"""Back-propagation through one hidden layer: the gradient of the mean logistic loss."""

import numpy as np

from helpers.applications import mlp_gradient
from helpers.exercises import hints
from helpers.exercises.applications import mlp_gradient_answers as written
from helpers.exercises.drawing import away_from_zero, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.exercises.whole import cut_off

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
        yield _case(telling(lambda size=size: _network(rng, *size), mlp_gradient, *written.MISTAKES))


def _one_unit(rng):
    yield _case(telling(lambda: _network(rng, 3, 2, 1), mlp_gradient, *written.MISTAKES), "one hidden unit")


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


EXERCISE = Exercise(
    id="mlp-gradient",
    chapter="09-applications",
    points=4,
    signature="mlp_gradient(W1, b1, w2, b2, X, y)",
    reference=mlp_gradient,
    alternatives=(written.example_by_example, written.by_columns),
    misconceptions={
        "sum instead of mean": Misconception(
            written.summed,
            "You add the gradients of the examples up. The loss is a mean: divide by the number of examples, at best "
            "where the way back begins, at d loss/d score.",
            also=(written.unscaled_below,),
        ),
        "mean twice": Misconception(
            written.twice_a_mean,
            "You divide by the number of examples twice. Divide once, at d loss/d score, and add up from there on.",
        ),
        "uphill": Misconception(
            written.uphill,
            "Your gradient points the other way. The derivative of log(1 + exp(-m)) is negative: put a minus in front "
            "of y/(1 + exp(y score)).",
        ),
        "derivative of tanh from the wrong quantity": Misconception(
            written.of_z,
            "The derivative of tanh is 1 - a^2 with a = tanh(z), the output of the hidden layer. You put something else "
            "in the place of a.",
            also=(written.of_tanh_twice,),
        ),
        "another derivative": Misconception(
            written.as_sigmoid,
            "The derivative of your hidden units is not that of tanh: a(1 - a) belongs to the sigmoid. For tanh it is 1 - a^2.",
            also=(written.root_missing,),
        ),
        "tanh not differentiated": Misconception(
            written.straight,
            "Nothing happens on the way back through tanh. Multiply by its derivative, 1 - a^2, for each example and "
            "each hidden unit.",
        ),
        "bias forgotten": Misconception(
            written.without_b1,
            "A bias is missing on the way forward, so all the rest belongs to another network. The hidden layer is "
            "tanh(W1 x + b1), and the score ends with + b2.",
            also=(written.without_b2, written.without_both),
        ),
        "no gradient for the biases": Misconception(
            written.still_biases,
            "You return the gradient 0 for a bias. A bias is a weight on an input that is always 1: its gradient is the sum "
            "of d loss/d z, or of d loss/d score, over the examples.",
            also=(written.still_b1, written.still_b2),
        ),
        "biases not summed": Misconception(
            written.pulls_of_each,
            "You return a gradient of the biases for each example. Add them up over the examples: db1 has the shape of b1, "
            "and db2 is one number.",
            also=(written.only_b2_of_each,),
        ),
        "transposed": Misconception(
            written.transposed,
            "Your dW1 has shape (d, h). It needs the shape of W1, (h, d): a row for each hidden unit.",
        ),
        "order of the parts": Misconception(
            written.out_first,
            "Your parts come in the order of the way back. Return them in the order of the parameters: dW1, db1, dw2, db2.",
        ),
        "db2 in an array": Misconception(
            written.b2_in_an_array,
            "Your db2 is an array with one entry. b2 is a number, and so is its derivative: add up d loss/d score without "
            "keeping an axis.",
        ),
        "w2 left out on the way back": Misconception(
            written.w2_left_out,
            "You send d loss/d score back into the hidden layer as it is. Multiply it by w2[j] for unit j, the weight with "
            "which that unit entered the score.",
        ),
        "dw2 before tanh": Misconception(
            written.before_tanh,
            "Your dw2 uses the hidden layer before tanh. w2 multiplies a = tanh(z) in the score, so a belongs there.",
        ),
        "labels 0 and 1": Misconception(
            written.zero_one,
            "sigmoid(score) - y is right for labels 0 and 1. Here they are +1 and -1: begin with -y/(1 + exp(y score)).",
        ),
        "weight of the right label": Misconception(
            written.right_label,
            "Examples that are right already pull hardest. The weight is the probability of the wrong label, "
            "1/(1 + exp(+y score)).",
        ),
        "label in one place only": Misconception(
            written.no_label,
            "Your label stands in the exponent alone. It appears twice in d loss/d score: there, and once more in front, from "
            "the chain rule.",
        ),
        "squared error": Misconception(
            written.squares,
            "score - y is the slope of a squared error. The loss here is logistic: -y/(1 + exp(y score)).",
        ),
        "overflow": Misconception(
            written.overflowing,
            "For large scores your fraction becomes inf/inf, which is nan. Write e/(1 + e) as 1/(1 + 1/e), where the "
            "exponential stands once.",
        ),
        "brackets missing": Misconception(
            written.without_brackets,
            hints.brackets("-y / (1 + np.exp(y * s)) and (1 - a**2)"),
            also=(written.mean_of_a_part, written.bend_without_brackets),
        ),
        **cut_off(mlp_gradient, 0, "W1"),
    },
    claims=(
        Claim("the gradient of random networks", 2.4, _networks),
        Claim("one hidden unit", 0.4, _one_unit),
        Claim("one example", 0.4, _one_example),
        Claim("no overflow for scores of 1e4", 0.4, _huge_scores),
        Claim("whole numbers as input", 0.4, _whole),
    ),
)  # fmt: skip
