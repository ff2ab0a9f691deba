"""Calling a learner's function changes nothing, prints nothing, raises nothing, and says in words what happened."""

import functools
import random
import sys
import warnings

import numpy as np
import pytest

from helpers import problems
from helpers.calling import MISFIT, PRINTED, Given, call, random_state_kept
from helpers.plain import Oversized

POINT = {"x": np.array([1.0, 2.0])}


def test_arguments_are_copies():
    def spoils(x, pair):
        x += 1
        pair[0][:] = 0
        return x

    inputs = {"x": np.array([1.0, 2.0]), "pair": (np.array([3.0]), 4)}
    outcome = call(spoils, inputs)
    assert outcome.returned.tolist() == [2.0, 3.0]
    assert inputs["x"].tolist() == [1.0, 2.0]
    assert inputs["pair"][0].tolist() == [3.0]


def _rewrites(x):
    x[:] = 5


def _reshapes(x):
    x.shape = (2, 1)


def _sorts(x):
    x.sort()


@pytest.mark.parametrize("function", [_rewrites, _reshapes, _sorts])
def test_argument_changed_in_place_is_named(function):
    assert call(function, {"a": 1.0, "x": np.array([2.0, 1.0])}).error == MISFIT
    assert call(function, {"x": np.array([2.0, 1.0])}).changed == ("x",)


def test_argument_changed_before_an_error_is_named_too():
    def changes_then_raises(x):
        x[0] = 7
        raise ValueError

    assert call(changes_then_raises, POINT).changed == ("x",)


def test_nan_in_an_argument_is_not_a_change():
    assert call(lambda x: 1.0, {"x": np.array([np.nan])}).changed == ()


def test_result_is_a_copy():
    """Later steps of the same function must not change what an earlier call returned."""
    kept = np.zeros(2)

    def reuses(x):
        kept[:] = kept + 1
        return kept

    first, second = call(reuses, POINT, repeat=2).returned
    assert (first.tolist(), second.tolist()) == ([1, 1], [2, 2])


def test_printing_is_kept_up_to_a_limit(capsys):
    def talks(x):
        print("hello")
        print("careful", file=sys.stderr)
        for _ in range(10_000):
            print("x" * 100)
        return 1

    outcome = call(talks, POINT)
    assert outcome.printed.startswith("hello\ncareful\nxxx")
    assert len(outcome.printed) == PRINTED
    assert capsys.readouterr() == ("", "")


def test_warnings_and_settings_stay_as_they_were(capsys):
    def meddles(x):
        warnings.warn("deprecated", DeprecationWarning, stacklevel=1)
        warnings.simplefilter("error")
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        return np.log(x - 1)

    before = (warnings.filters[:], np.geterr(), np.get_printoptions())
    assert call(meddles, POINT).error == "FloatingPointError"
    assert (warnings.filters[:], np.geterr(), np.get_printoptions()) == before
    assert capsys.readouterr() == ("", "")


def test_settings_of_the_notebook_do_not_decide_a_check():
    with np.errstate(all="raise"):
        assert call(lambda x: np.log(x - 1), POINT).returned.tolist() == [-np.inf, 0.0]


def test_global_random_state_is_put_back():
    np.random.mtrand._rand.seed(1)
    random.seed(1)
    expected = (np.random.mtrand._rand.normal(size=3).tolist(), random.random())
    np.random.mtrand._rand.seed(1)
    random.seed(1)
    with random_state_kept():
        np.random.mtrand._rand.seed(99)
        np.random.mtrand._rand.normal()
        random.seed(99)
    assert (np.random.mtrand._rand.normal(size=3).tolist(), random.random()) == expected


def _exits(x):
    sys.exit(1)


def _recurses(x):
    return _recurses(x)


def _fails_in_its_own_error(x):
    class Unprintable(Exception):
        def __str__(self):
            raise ValueError

    raise Unprintable


def _raises_a_group(x):
    raise BaseExceptionGroup("several", [ValueError(1), SystemExit(2)])


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (lambda x: 1 / 0, "ZeroDivisionError", "raised ZeroDivisionError: division by zero"),
        (_exits, "SystemExit", "exit() and quit() would end the notebook"),
        (_recurses, "RecursionError", "maximum recursion depth exceeded"),
        (_fails_in_its_own_error, "Unprintable", "Unprintable, and ValueError when printed"),
        (_raises_a_group, "BaseExceptionGroup", "several"),
        (lambda x: x @ np.ones(3), "ValueError", "matmul"),
        (lambda x: {}[1000 * "long"], "KeyError", "longlong"),
    ],
)
def test_whatever_is_raised_becomes_a_sentence(function, error, words):
    outcome = call(function, POINT)
    assert (outcome.trouble, outcome.error, outcome.returned) == ("raised", error, None)
    assert words in outcome.sentence
    assert "\n" not in outcome.sentence
    assert len(outcome.sentence) < 400


def test_interrupt_by_hand_passes():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        call(interrupted, POINT)


def test_stub_is_not_attempted():
    def stub(x):
        raise NotImplementedError

    assert call(stub, POINT).trouble == "not-attempted"


def test_endless_loop_is_stopped_with_a_sentence():
    def loops(x):
        while True:
            try:
                sum(x)
            except BaseException:
                continue

    outcome = call(loops, POINT, seconds=0.05)
    assert outcome.trouble == "too-slow"
    assert outcome.sentence.startswith("your function was stopped after 0.05 seconds: it looks like a loop")


def test_reading_an_endless_result_is_stopped_too():
    class Endless:
        def __array__(self, dtype=None, copy=None):
            while True:
                pass

    assert call(lambda x: Endless(), POINT, seconds=0.05).trouble == "too-slow"


def test_huge_result_is_not_read():
    assert isinstance(call(lambda x: np.empty(10**8, dtype=np.uint8), POINT).returned, Oversized)
    assert isinstance(call(lambda x: [0.0] * 10**7, POINT).returned, Oversized)


def test_generator_is_named():
    assert call(lambda x: (k for k in x), POINT).returned.kind == "generator"

    def yields(x):
        yield x

    assert call(yields, POINT).returned.kind == "generator"


class Stepper:
    def __call__(self, grad, x):
        return x - grad(x)

    def step(self, grad, x):
        return x - grad(x)


def _of_three(grad, x, alpha):
    return x - alpha * grad(x)


def _with_any(*given):
    return given[1] - given[0](given[1])


@pytest.mark.parametrize(
    "function",
    [
        Stepper(),
        Stepper().step,
        functools.partial(_of_three, alpha=1.0),
        lambda grad, x, alpha=1.0: x - alpha * grad(x),
        _with_any,
        np.vectorize(lambda grad, x: x - grad(np.array([x]))[0]),
    ],
)
def test_any_callable_will_do(function):
    inputs = {"grad": Given("grad", problems.parabola(3.0).description), "x": np.array([2.0])}
    assert call(function, inputs).returned.tolist() == [-4.0]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda: 1, "takes no arguments, and the exercise gives it 3: grad, x, alpha"),
        (lambda grad: 1, "takes 1 argument, and the exercise gives it 3: grad, x, alpha"),
        (lambda grad, x: 1, "takes 2 arguments, and"),
        (lambda a, b, c, d: 1, "takes 4 arguments, and"),
        (lambda a, b=1: 1, "takes 1 to 2 arguments, and"),
        (lambda a, b, c, d, *rest: 1, "takes 4 or more arguments, and"),
        (lambda grad, x, *, alpha: 1, "takes alpha by name only, and"),
    ],
)
def test_wrong_number_of_arguments_is_said_in_the_learners_terms(function, words):
    outcome = call(function, {"grad": 1, "x": 2, "alpha": 3})
    assert outcome.error == MISFIT
    assert outcome.sentence.startswith(f"your function {words}")


def test_callable_without_a_signature_is_simply_called():
    assert call(np.add, {"a": 1, "b": 2}).returned == 3
    assert call(max, {"a": 1, "b": 2}).returned == 2
    assert call(max, {"a": 1}).error == "TypeError"


def test_traceback_shows_the_learners_lines_only():
    def helper(x):
        return np.linalg.inv(x)  # the learner's innermost line

    def outer(x):
        return helper(x)

    where = call(outer, {"x": np.zeros((2, 2))}).where.splitlines()
    assert [line.split(":")[0].split(" in ")[1] for line in where] == ["outer", "helper"]
    assert where[-1].endswith("return np.linalg.inv(x)  # the learner's innermost line")


def test_long_traceback_is_cut_to_its_end():
    assert len(call(_recurses, POINT).where.splitlines()) == 4
