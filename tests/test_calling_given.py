"""What a function is called with travels as a description, and is the same wherever it is built."""

import pickle

import numpy as np
import pytest

from helpers import problems
from helpers.calling import Given, Outcome, RandomSource, call, pasteable
from helpers.plain import Odd


@pytest.mark.parametrize("role", ["f", "grad", "hess"])
def test_function_of_a_problem_travels_as_a_description(role):
    problem = problems.cost_surface()
    built = Given(role, problem.description).build()
    x = np.array([1.0, 2.0])
    assert np.array_equal(built(x), getattr(problem, role)(x))
    assert np.array_equal(built([1, 2]), built(x))  # lists and whole numbers are points as well
    assert built.__name__ == role


def test_field_is_minus_the_gradient():
    problem = problems.cost_surface()
    x = np.array([1.0, 2.0])
    assert np.array_equal(Given("field", problem.description).build()(x), -problem.grad(x))


def test_a_gradient_that_comes_in_turns_takes_the_step_as_well():
    problem = problems.quadratic_in_turns([[2.0]], [[1.0], [-3.0]])
    grad_t = Given("grad_t", problem.description).build()
    assert [grad_t([0.5], t).tolist() for t in (1, 2)] == [[4.0], [0.0]]
    with pytest.raises(TypeError, match="missing 1 required positional argument: 't'"):
        grad_t([0.5])
    with pytest.raises(ValueError, match=r"grad_t\(x\) takes a point x of shape \(1,\)"):
        grad_t([0.5, 0.5], 1)


def test_point_of_another_dimension_is_refused_in_the_learners_terms():
    outcome = call(
        lambda grad: grad(np.ones(3)), {"grad": Given("grad", problems.cost_surface().description)}
    )
    assert outcome.sentence == (
        "your function raised ValueError: grad(x) takes a point x of shape (2,), and got shape (3,)"
    )


def test_description_can_be_pasted():
    given = Given("grad", problems.quadratic([[2.0, 0.1], [0.1, 3.0]], [1.0, -1.0]).description)
    pasted = eval(str(given), {"problems": problems})
    assert np.array_equal(pasted(np.array([0.3, 0.7])), given.build()(np.array([0.3, 0.7])))
    field = Given("field", problems.cost_surface().description)
    assert np.array_equal(eval(str(field), {"problems": problems})(np.ones(2)), field.build()(np.ones(2)))


@pytest.mark.parametrize(
    "value", [1, 0.1, -np.inf, np.float64(0.1), np.array([1, 2]), np.array([[0.1, 1 / 3]]), "a"]
)
def test_pasted_value_is_the_same_to_the_last_digit(value):
    pasted = eval(pasteable(value), {"inf": np.inf})
    assert np.array_equal(pasted, value)


def test_random_source_starts_again_for_every_call_and_moves_on_within_one():
    inputs = {"rng": RandomSource(3)}
    first = call(lambda rng: rng.normal(), inputs, repeat=2).returned
    assert first == call(lambda rng: rng.normal(), inputs, repeat=2).returned
    assert first[0] != first[1]


def test_outcome_and_descriptions_can_be_pickled():
    given = Given("grad", problems.cost_surface().description)
    outcome = call(lambda grad, x: (grad(x), plain_odd), {"grad": given, "x": np.ones(2)})
    again = pickle.loads(pickle.dumps((outcome, given)))
    assert isinstance(again[0], Outcome)
    assert again[0].returned[0].tolist() == outcome.returned[0].tolist()
    assert isinstance(again[0].returned[1], Odd)
    assert again[1].build()(np.ones(2)).tolist() == given.build()(np.ones(2)).tolist()


def plain_odd():
    return None


def steps_back(rng):
    state = rng.bit_generator.state
    rng.random()
    rng.bit_generator.state = state


@pytest.mark.parametrize(
    ("function", "undrawn"),
    [
        (lambda rng: rng.random(), ()),
        (lambda rng: rng.permutation(4).tolist(), ()),
        (lambda rng: rng.spawn(1)[0].random(), ()),
        (lambda rng: np.random.Generator(rng.bit_generator).random(), ()),
        (lambda rng: np.random.default_rng(rng).random(), ()),
        (lambda rng: rng.bit_generator.random_raw(), ()),
        (lambda rng: 0.5, ("rng",)),
        (lambda rng: np.random.default_rng().random(), ("rng",)),
        (lambda rng: rng.permutation(0).tolist(), ("rng",)),
        (steps_back, ("rng",)),
    ],
)
def test_an_outcome_names_the_generators_from_which_nothing_was_drawn(function, undrawn):
    assert call(function, {"rng": RandomSource(5)}).undrawn == undrawn
