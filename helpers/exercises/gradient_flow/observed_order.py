"""The order of a method, read from errors at several step sizes."""

import numpy as np

from helpers.exercises.drawing import share_of, telling
from helpers.exercises.table import Case, Claim, Exercise, Misconception
from helpers.flow import observed_order


def _measured(h, errors, note=""):
    return Case({"h": np.array(h), "errors": np.array(errors)}, note)


def _scatter(rng, h, order, size=0.3):
    """Return errors around C h^order; the scatter tells a fit through all points from one through some of them."""
    errors = (
        share_of(rng, 1.0, 2.0, 6.0)
        * h**order
        * np.exp(size * rng.choice([-1, 1], len(h)) * rng.uniform(0.5, 1, len(h)))
    )
    return np.array([float(f"{error:.3g}") for error in errors])


def _measurements(rng):
    for order, n in ((1, 3), (2, 4), (4, 5), (3, 6)):

        def draw(order=order, n=n):
            # no constant ratio from one step size to the next, and not in order
            h = rng.permutation(np.array([0.4, 0.2, 0.02, 0.1, 0.05, 0.03])[:n])
            return {"h": h, "errors": _scatter(rng, h, order, 0.3 * order)}

        yield Case(telling(draw, observed_order, *TO_BE_TOLD_APART))


def _exact_powers(rng):
    h = np.array([0.1, 0.2, 0.4])
    for order in (1, 2):
        c = int(rng.integers(2, 6))
        yield _measured(h, c * h**order, f"errors are exactly {c} h^{order}")


def _two_measurements(rng):
    h = np.array([0.1, share_of(rng, 0.1, 0.2, 0.6)])
    yield _measured(h, _scatter(rng, h, 2), "two points: the slope of the line through them")


def _no_order(rng):
    h = np.array([0.1, 0.2, 0.3, 0.5])
    yield _measured(h, _scatter(rng, h, -1), "errors that grow as h shrinks: a negative slope")


def _whole_measurements(rng):
    yield _measured([1, 2, 4, 8], [int(3 * k + rng.integers(1, 3)) for k in (1, 2, 4, 8)], "whole numbers")


def _fit(across, up):
    return lambda h, errors: np.polyfit(across(h, errors), up(h, errors), 1)[0]


def _log_h(h, errors):
    return np.log(h)


def _log_errors(h, errors):
    return np.log(errors)


def _endpoints(h, errors):
    return np.log(errors[-1] / errors[0]) / np.log(h[-1] / h[0])


def _extremes(h, errors):
    first, last = np.argmin(h), np.argmax(h)
    return np.log(errors[last] / errors[first]) / np.log(h[last] / h[first])


def _extremes_of_both(h, errors):
    return np.log(max(errors) / min(errors)) / np.log(max(h) / min(h))


def _last_two(h, errors):
    return np.log(errors[-1] / errors[-2]) / np.log(h[-1] / h[-2])


def _smallest_two(h, errors):
    a, b = np.argsort(h)[:2]
    return np.log(errors[b] / errors[a]) / np.log(h[b] / h[a])


def _mean_of_slopes(h, errors):
    return np.mean(np.diff(np.log(errors)) / np.diff(np.log(h)))


def _mean_of_sorted_slopes(h, errors):
    order = np.argsort(h)
    return _mean_of_slopes(h[order], errors[order])


def _through_the_origin(h, errors):
    return np.log(h) @ np.log(errors) / (np.log(h) @ np.log(h))


def _mean_ratio_of_logs(h, errors):
    return np.mean(np.log(errors) / np.log(h))


def _on_errors(h, errors):
    return np.polyfit(np.log(errors), np.log(h), 1)[0]


def _one_over_on_errors(h, errors):
    return 1 / _on_errors(h, errors)


def _by_normal_equations(h, errors):
    X = np.column_stack([np.ones(len(h)), np.log2(h)])
    return np.linalg.lstsq(X, np.log2(errors), rcond=None)[0][1]


def _by_covariance(h, errors):
    C = np.cov(np.log10(h), np.log10(errors))
    return np.array(C[0, 1] / C[0, 0])


def _by_sums(h, errors):
    n = len(h)
    x, y = [float(np.log(value)) for value in h], [float(np.log(value)) for value in errors]
    xy = sum(a * b for a, b in zip(x, y, strict=True))
    return (n * xy - sum(x) * sum(y)) / (n * sum(a * a for a in x) - sum(x) ** 2)


TO_BE_TOLD_APART = (
    _endpoints, _extremes, _last_two, _smallest_two, _mean_of_slopes, _mean_of_sorted_slopes,
    _through_the_origin, _mean_ratio_of_logs, _one_over_on_errors, lambda h, errors: round(observed_order(h, errors)),
)  # fmt: skip

EXERCISE = Exercise(
    id="observed-order",
    chapter="05-gradient-flow",
    points=2,
    signature="observed_order(h, errors)",
    reference=observed_order,
    alternatives=(_by_normal_equations, _by_covariance, _by_sums, _fit(_log_h, _log_errors)),
    misconceptions={
        "sign": Misconception(
            lambda h, errors: -observed_order(h, errors),
            "Your slope has the wrong sign. Errors fall when h falls, so log error rises with log h: the order of "
            "Euler is +1.",
        ),
        "mixed logarithms": Misconception(
            lambda h, errors: np.log(10) * observed_order(h, errors),
            "Your two logarithms have different bases, one natural and the other to base 10 (a factor of 2.303) or 2. Any "
            "base will do, as long as it is the same for both.",
            also=(
                lambda h, errors: observed_order(h, errors) / np.log(10),
                lambda h, errors: observed_order(h, errors) / np.log(2),
                lambda h, errors: observed_order(h, errors) * np.log(2),
            ),
        ),
        "endpoints only": Misconception(
            _endpoints,
            "You use two of the points only. Fit a line through all of them, by least squares.",
            also=(_extremes, _extremes_of_both, _last_two, _smallest_two),
        ),
        "mean of slopes": Misconception(
            _mean_of_slopes,
            "You average the slopes from point to point, where close neighbours count as much as distant ones. Fit "
            "one line through all points, by least squares.",
            also=(_mean_of_sorted_slopes,),
        ),
        "no logarithms": Misconception(
            _fit(lambda h, errors: h, lambda h, errors: errors),
            "You fit a line without taking both logarithms. The order is an exponent: take the logarithm of h and of the "
            "errors first.",
            also=(
                _fit(lambda h, errors: h, _log_errors),
                _fit(_log_h, lambda h, errors: errors),
            ),
        ),
        "axes exchanged": Misconception(
            _on_errors,
            "You fit log h on log error, which is another line. Put log h across and log error up: the order is the slope of "
            "that one.",
            also=(_one_over_on_errors,),
        ),
        "through the origin": Misconception(
            _through_the_origin,
            "Your line is forced through the origin. Errors are C h^p: log C is the intercept, so let the fit have one.",
            also=(_mean_ratio_of_logs,),
        ),
        "intercept": Misconception(
            lambda h, errors: np.polyfit(np.log(h), np.log(errors), 1)[1],
            "You return the intercept log C, or both numbers of the fit. Asked for is the slope alone, which np.polyfit puts "
            "first.",
            also=(lambda h, errors: np.polyfit(np.log(h), np.log(errors), 1),
                  lambda h, errors: np.polyfit(np.log10(h), np.log10(errors), 1)[1]),
        ),
        "rounded": Misconception(
            lambda h, errors: np.round(observed_order(h, errors)),
            "You round to a whole number. Return the slope as it is: how far it is from one is worth knowing.",
            also=(lambda h, errors: round(observed_order(h, errors)),),
        ),
    },
    claims=(
        Claim("the slope through measured errors", 3, _measurements),
        Claim("exact powers", 1, _exact_powers),
        Claim("two measurements", 0.5, _two_measurements),
        Claim("errors that do not fall", 0.5, _no_order),
        Claim("whole numbers as input", 0.5, _whole_measurements),
    ),
)  # fmt: skip
