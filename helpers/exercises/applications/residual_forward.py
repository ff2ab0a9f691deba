"""What passes through residual layers, layer by layer: Euler's polygon along a flow."""

import numpy as np

from helpers.applications import residual_forward
from helpers.exercises import paths
from helpers.exercises.drawing import away_from_zero, telling, tenths
from helpers.exercises.table import Case, Claim, Exercise, Misconception


def _layers(rng, d, layers):
    return {
        "x": away_from_zero(rng, d, 0.5, 1.5),
        "weights": tenths(rng, (layers, d, d), 0.3, 1.2) * rng.choice([-1, 1], (layers, d, d)),
        "h": tenths(rng, (), 0.2, 0.7),
    }


def _networks(rng):
    for d, layers in ((2, 2), (2, 4), (3, 4), (4, 3)):
        yield Case(telling(lambda d=d, layers=layers: _layers(rng, d, layers), residual_forward, *_MISTAKES))


def _one_coordinate(rng):
    yield Case(_layers(rng, 1, 3), "one coordinate")


def _no_layers(rng):
    yield Case({**_layers(rng, 2, 1), "weights": np.zeros((0, 2, 2))}, "no layers: the path is x alone")


def _whole(rng):
    weights = rng.integers(1, 3, (2, 2, 2)) * rng.choice([-1, 1], (2, 2, 2))
    yield Case({"x": rng.permutation([1, 3]), "weights": weights, "h": 0.5}, "whole numbers")


def _through(layer):
    """Return the path of `layer(W, x, h, first)`, x the present state and first the input."""

    def path(x, weights, h):
        rows = [np.array(x, dtype=float)]
        for W in weights:
            rows.append(layer(W, rows[-1], h, rows[0]))
        return np.array(rows)

    return path


_h_missing = _through(lambda W, x, h, first: x + np.tanh(W @ x))
_h_inside = _through(lambda W, x, h, first: x + np.tanh(h * W @ x))
_plain = _through(lambda W, x, h, first: np.tanh(W @ x))
_plain_scaled = _through(lambda W, x, h, first: h * np.tanh(W @ x))
_linear = _through(lambda W, x, h, first: x + h * W @ x)
_relu = _through(lambda W, x, h, first: x + h * np.maximum(W @ x, 0))
_around = _through(lambda W, x, h, first: np.tanh(x + h * W @ x))
_outside = _through(lambda W, x, h, first: x + h * W @ np.tanh(x))
_transposed = _through(lambda W, x, h, first: x + h * np.tanh(W.T @ x))
_minus = _through(lambda W, x, h, first: x - h * np.tanh(W @ x))
_field_of_input = _through(lambda W, x, h, first: x + h * np.tanh(W @ first))
_input_added = _through(lambda W, x, h, first: first + h * np.tanh(W @ x))
_damped = _through(lambda W, x, h, first: (1 - h) * x + h * np.tanh(W @ x))


def _first_weights(x, weights, h):
    return residual_forward(x, [weights[0]] * len(weights) if len(weights) else weights, h)


def _start_missing(x, weights, h):
    return residual_forward(x, weights, h)[1:]


def _last_only(x, weights, h):
    return residual_forward(x, weights, h)[-1]


def _one_array(x, weights, h):
    state = np.array(x, dtype=float)
    rows = [state]
    for W in weights:
        state += h * np.tanh(W @ state)
        rows.append(state)
    return np.array(rows)


def _reversed(x, weights, h):
    return residual_forward(x, weights[::-1], h)


def _one_short(x, weights, h):
    return residual_forward(x, weights[:-1], h)


def _truncated(x, weights, h):
    path = np.zeros((len(weights) + 1, len(x)), dtype=np.asarray(x).dtype)
    path[0] = x
    for k, W in enumerate(weights):
        path[k + 1] = path[k] + h * np.tanh(W @ path[k])
    return path


_MISTAKES = (
    _h_missing, _h_inside, _plain, _plain_scaled, _linear, _relu, _around, _outside, _transposed, _minus,
    _field_of_input, _input_added, _damped, _first_weights, _one_array, _reversed,
)  # fmt: skip


def _by_recursion(x, weights, h):
    x = np.asarray(x, dtype=float)
    if len(weights) == 0:
        return x[None]
    return np.vstack([x, _by_recursion(x + h * np.tanh(weights[0] @ x), weights[1:], h)])


def _by_entries(x, weights, h):
    rows = [[float(v) for v in x]]
    for W in weights:
        now = rows[-1]
        rows.append(
            [now[i] + h * np.tanh(sum(W[i][j] * now[j] for j in range(len(now)))) for i in range(len(now))]
        )
    return rows


EXERCISE = Exercise(
    id="residual-forward",
    chapter="09-applications",
    points=1,
    signature="residual_forward(x, weights, h)",
    reference=residual_forward,
    alternatives=(_by_recursion, _by_entries),
    misconceptions={
        "h missing": Misconception(
            _h_missing,
            "Your layers do not depend on h. It is the length of the step: multiply the tanh by it.",
        ),
        "h inside": Misconception(
            _h_inside,
            "h stands inside of tanh. A step of Euler is h times the velocity, and the velocity is the whole tanh(W x).",
        ),
        "identity missing": Misconception(
            _plain,
            "Each layer replaces its input by the tanh. A residual layer adds to it: x plus h tanh(W x).",
            also=(_plain_scaled,),
        ),
        "input of the network added": Misconception(
            _input_added,
            "You add every layer's tanh to the input of the network. Add it to what the layer before has returned.",
        ),
        "start missing": Misconception(
            _start_missing,
            "The first row is the input x itself. Put x into row 0, and what the first layer returns into row 1.",
        ),
        "last row only": Misconception(
            _last_only,
            "You return the output alone. Return all the states, from the input on: one row more than there are layers.",
        ),
        "all rows the last": Misconception(
            _one_array,
            "All your rows are the output: += changes one array in place, and the list holds that array again and again. "
            "Make a new array in each layer.",
        ),
        "layers backwards": Misconception(
            _reversed,
            "Your input meets the last layer first. Go through the weights from weights[0] on.",
        ),
        "one layer short": Misconception(
            _one_short,
            "Your last layer is missing: with m matrices there are m + 1 rows, the input and one for each layer.",
        ),
        "tanh missing": Misconception(
            _linear,
            "Your layers are linear, and any number of them would do no more than one matrix. Take tanh of W x before it "
            "is multiplied by h.",
        ),
        "another activation": Misconception(
            _relu,
            "You cut negative values to 0, which is the activation ReLU. Here it is tanh.",
        ),
        "tanh in another place": Misconception(
            _around,
            "tanh is in another place. Multiply by W first, take tanh of that, and only then add it, times h, to x.",
            also=(_outside,),
        ),
        "transposed": Misconception(
            _transposed,
            "You multiply by the transpose of W: x @ W takes its columns. The product W x takes its rows: W @ x.",
        ),
        "sign": Misconception(
            _minus,
            "You subtract the tanh. A layer adds h times it to x: the minus of a gradient step has no place here.",
        ),
        "velocity of the input": Misconception(
            _field_of_input,
            "All your layers look at the input of the network. Each one takes tanh of W times the state that reaches it.",
        ),
        "one matrix for all": Misconception(
            _first_weights,
            "Every layer uses the weights of the first. Layer k has its own matrix, weights[k].",
        ),
        "weighted mean": Misconception(
            _damped,
            "You shrink x by 1 - h before you add. The identity passes x on as it is.",
        ),
        "cut to whole numbers": Misconception(
            _truncated,
            "The path takes over the whole-number type of x, so every state is cut. Make the array of floats.",
        ),
        **paths.mistakes(residual_forward, 0, "start ignored"),
    },
    claims=(
        Claim("the states in random networks", 0.6, _networks),
        Claim("one coordinate", 0.1, _one_coordinate),
        Claim("no layers", 0.1, _no_layers),
        Claim("whole numbers as input", 0.2, _whole),
    ),
)
