"""An oracle answers with gradients as its problem says, counts every call, and stops at its budget."""

import pickle

import numpy as np
import pytest

from helpers import problems
from helpers.calling import Outcome, accounted, call
from helpers.oracle import BudgetSpent, Ledger, Oracle, asking

BOWL = problems.quadratic([[2.0, 0.5], [0.5, 1.0]], [1.0, -1.0])
X = np.array([1.5, -0.5])


def descent(oracle, x0, budget):
    x = np.array(x0)
    for _ in range(budget):
        x = x - 0.1 * oracle(x)
    return x


def inputs(budget, noise=0.0):
    return {"oracle": Oracle(BOWL.description, budget, noise), "x0": X, "budget": budget}


def test_without_noise_the_answer_is_the_gradient():
    np.testing.assert_array_equal(Oracle(BOWL.description, 1).build()(X), BOWL.grad(X))


def test_noise_is_new_in_every_answer_has_its_size_and_comes_back_with_the_seed():
    oracle = Oracle(BOWL.description, 5000, noise=0.5, seed=3)
    ask = oracle.build()
    answers = np.array([ask(X) for _ in range(5000)]) - BOWL.grad(X)
    assert len(np.unique(answers[:, 0])) == 5000
    assert np.abs(answers.mean(axis=0)).max() < 6 * 0.5 / np.sqrt(5000)
    assert answers.std() == pytest.approx(0.5, rel=6 / np.sqrt(2 * 10_000))
    np.testing.assert_array_equal(oracle.build()(X), answers[0] + BOWL.grad(X))


def test_the_budget_is_answered_to_the_last_call_and_not_beyond():
    ledger = Oracle(BOWL.description, 3).open()
    ask = asking(2, ledger.answer)
    for _ in range(3):
        ask(X)
    for call_ in (4, 5):
        with pytest.raises(BudgetSpent, match=f"all the 3 calls of its budget, and this was call {call_}"):
            ask(X)
    assert (ledger.calls, len(ledger.points), len(ledger.answers)) == (5, 3, 3)


def test_each_function_that_is_built_has_a_budget_of_its_own():
    oracle = Oracle(BOWL.description, 1)
    np.testing.assert_array_equal(oracle.build()(X), oracle.build()(X))


@pytest.mark.parametrize("x", [np.ones(3), np.ones((1, 2)), 1.0, [[1.0, 2.0]]])
def test_anything_but_one_point_is_refused_in_the_learners_terms_and_costs_no_call(x):
    ledger = Oracle(BOWL.description, 1).open()
    with pytest.raises(ValueError, match=r"oracle\(x\) takes one point x of shape \(2,\), and got shape"):
        asking(2, ledger.answer)(x)
    assert ledger.calls == 0


def test_what_is_kept_cannot_be_changed_by_whoever_asks():
    ledger = Oracle(BOWL.description, 1).open()
    x = X.copy()
    g = asking(2, ledger.answer)(x)
    x += 1
    g += 1
    np.testing.assert_array_equal(ledger.points[0], X)
    np.testing.assert_array_equal(ledger.answers[0], BOWL.grad(X))


@pytest.mark.parametrize("wrong", [{"budget": 0}, {"budget": 2.5}, {"budget": 3, "noise": -1.0}])
def test_a_budget_or_noise_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"budget|noise"):
        Oracle(BOWL.description, **wrong)


def test_the_description_travels_between_processes_without_what_was_built():
    oracle = Oracle(BOWL.description, 3, 0.1, 7)
    oracle.build()
    again = pickle.loads(pickle.dumps(oracle))
    assert "built" not in vars(again)
    np.testing.assert_array_equal(again.build()(X), oracle.build()(X))


def test_a_call_says_what_was_asked():
    outcome = call(descent, inputs(5))
    assert outcome.ok
    assert outcome.ledger.calls == 5
    np.testing.assert_array_equal(outcome.ledger.points[0], X)
    assert call(lambda x: x, {"x": 1}).ledger is None


def test_asking_for_more_than_the_budget_is_trouble():
    outcome = call(lambda oracle, x0, budget: descent(oracle, x0, budget + 1), inputs(5))
    assert outcome.trouble == "overspent"
    assert outcome.sentence == "your function asked the oracle 6 times, and the budget is 5 calls"


def test_catching_the_refusal_does_not_help():
    def catches(oracle, x0, budget):
        x = x0
        try:
            while True:
                x = x - 0.1 * oracle(x)
        except BaseException:
            return x

    outcome = call(catches, inputs(5))
    assert (outcome.trouble, outcome.returned) == ("overspent", None)


@pytest.mark.parametrize("trouble", ["too-slow", "not-run"])
def test_a_call_that_never_ended_is_not_said_to_have_overspent(trouble):
    ledger = Ledger(Oracle(BOWL.description, 1), calls=2)
    assert accounted(Outcome(trouble=trouble), ledger).trouble == trouble


def test_nothing_on_the_function_leads_to_the_counter_by_name():
    ask = Oracle(BOWL.description, 3).build()
    assert vars(ask) == {}
    assert ask.__name__ == "oracle"
