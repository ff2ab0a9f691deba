"""Every live figure of the course, with settings to wander through: what tests and `make bench` go over.

One line per figure: how to make it, settings to wander through (a diverging one among them), where to end. Every
control must be named at the end, and nine steps from there each must change the picture and the caption.
"""

from helpers.explore.adam import adam_state, counterexample
from helpers.explore.capstone import blind_descent
from helpers.explore.chemistry import cluster_folding, pair_steps
from helpers.explore.conditioning import best_step, fixed_or_exact, steps_against_kappa, valley_modes
from helpers.explore.course_map import course_map
from helpers.explore.gradient_flow import (
    euler_against_flow,
    orders,
    richardson_over_descent,
    stability_regions,
    stiff_valley,
)
from helpers.explore.images import early_stopping, sharpening
from helpers.explore.momentum import damping, momentum_race, momentum_valley, stability_plane, three_cycle
from helpers.explore.networks import colours_agree
from helpers.explore.neural import boundary_forming, residual_polygon
from helpers.explore.race import race
from helpers.explore.regularization import filter_curves, floor_to_bowl, rate_switch, train_and_test
from helpers.explore.scaling import hessians, turning_valley
from helpers.explore.sgd import chebyshev_failures, gradient_cloud, saddle_escape, sgd_path
from helpers.explore.smoothness import (
    armijo_search,
    majorizer_step,
    norm_against_square,
    slope_ratios,
    training_steps,
    two_cycle,
)
from helpers.explore.start import difference_error, surface_walk
from helpers.explore.step_size import altitude_change, contour_walk, parabola_steps, where_you_end
from helpers.problems import rosenbrock

FIGURES = {
    "blind_descent": (
        blind_descent,
        [
            {"kind": "noisy", "steepness": 16.0},
            {"kind": "non-smooth"},
            {"kind": "high-dimensional", "steepness": 64.0},
        ],
        {"kind": "bowl", "steepness": 0.5},
    ),
    "course_map": (course_map, [{"chapter": 9}, {"chapter": 4}], {"chapter": 0}),
    "surface_walk": (
        surface_walk,
        [{"x": 13.0, "y": 4.0}, {"x": 7.0, "y": -8.0}, {"x": -1.0, "y": -14.0}],
        {"x": 4.0, "y": -5.0},
    ),
    "difference_error": (
        difference_error,
        [{"h": 2.0**-50}, {"x": -2.0, "h": 1.0}, {"x": 0.0}, {"x": 2.0}],
        {"x": 0.5, "h": 2.0**-10},
    ),
    "parabola_steps": (
        parabola_steps,
        [{"alpha": 3.5}, {"curvature": 2.0, "x0": 2.8}, {"alpha": 1 / 64}, {"x0": 0.0}],
        {"curvature": 1.25, "alpha": 0.9, "x0": -1.5},
    ),
    "contour_walk": (
        contour_walk,
        [{"alpha": 0.7}, {"x": 12.0, "y": -13.0}, {"n_steps": 0}, {"alpha": 1 / 256}],
        {"x": 3.0, "y": 2.0, "alpha": 0.3, "n_steps": 17},
    ),
    "contour_walk, not quadratic": (
        lambda: contour_walk(rosenbrock(b=3.0)),
        [{"alpha": 0.05}, {"x": 1.8, "y": -1.0}, {"n_steps": 60}],
        {"x": -1.0, "y": 1.5, "alpha": 0.004, "n_steps": 30},
    ),
    "altitude_change": (
        altitude_change,
        [{"alpha": 4.0}, {"x": 1.0, "y": 1.0}, {"x": 0.0, "y": 3.0}, {"x": -2.0, "alpha": 0.001}],
        {"x": 0.5, "y": 2.0, "alpha": 0.125},
    ),
    "where_you_end": (
        where_you_end,
        [{"alpha": 1.0}, {"x0": -5.5}, {"n_steps": 0}, {"x0": 0.85, "alpha": 0.5}],
        {"x0": -1.5, "alpha": 0.03, "n_steps": 8},
    ),
    "majorizer_step": (
        majorizer_step,
        [{"L": 0.25}, {"x": -4.0}, {"L": 16.0}, {"x": 1.5, "L": 1.0}],
        {"x": -1.9, "L": 1.1},
    ),
    "slope_ratios": (
        slope_ratios,
        [{"aim": 1.0}, {"spread": 16.0, "n_points": 2}, {"draw": 20}, {"spread": 0.125, "n_points": 40}],
        {"spread": 0.5, "aim": 0.4, "n_points": 15, "draw": 3},
    ),
    "training_steps": (
        training_steps,
        [{"multiple": 64.0, "n_steps": 100}, {"multiple": 0.125}, {"n_steps": 5}],
        {"multiple": 3.0, "n_steps": 40},
    ),
    "two_cycle": (
        two_cycle,
        [{"alpha": 1.0}, {"x0": 0.0}, {"alpha": 1 / 64, "x0": -1.5}],
        {"alpha": 0.2, "x0": -0.7},
    ),
    "norm_against_square": (
        norm_against_square,
        [{"alpha0": 4.0, "n_steps": 60}, {"n_steps": 0}, {"x": -2.6, "y": 2.6}, {"alpha0": 1 / 16}],
        {"x": -1.0, "y": 2.0, "alpha0": 0.4, "n_steps": 11},
    ),
    "armijo_search": (
        armijo_search,
        [
            {"alpha": 1.0, "alpha0": 1.0},
            {"x": 1.0, "y": 1.0},
            {"c": 0.98, "shrink": 0.9},
            {"alpha": 2.0**-14},
        ],
        {"x": -1.5, "y": 1.0, "alpha0": 0.1, "alpha": 0.05, "c": 0.2, "shrink": 0.4},
    ),
    "valley_modes": (
        valley_modes,
        [
            {"alpha": 2.2, "n_steps": 60},
            {"kappa": 1.0},
            {"kappa": 1024.0, "angle": 90.0},
            {"x": 0.0, "y": 0.0},
        ],
        {"kappa": 8.0, "angle": -20.0, "alpha": 1.3, "x": 1.5, "y": 1.0, "n_steps": 12},
    ),
    "best_step": (
        best_step,
        [{"alpha": 2.4}, {"kappa": 256.0}, {"alpha": 0.0}, {"kappa": 1.0}],
        {"kappa": 6.0, "alpha": 1.1},
    ),
    "steps_against_kappa": (
        steps_against_kappa,
        [{"kappa": 1.0}, {"eps": 0.5}, {"kappa": 1000.0, "eps": 2.0**-20}],
        {"kappa": 20.0, "eps": 2.0**-11},
    ),
    "fixed_or_exact": (
        fixed_or_exact,
        [{"kappa": 1.0}, {"x": 0.0, "y": 0.0}, {"kappa": 256.0, "n_steps": 60}, {"n_steps": 0}],
        {"kappa": 8.0, "x": 1.5, "y": -1.0, "n_steps": 11},
    ),
    "floor_to_bowl": (
        floor_to_bowl,
        [{"lam": 1.0, "n_steps": 120}, {"x": 2.9, "y": -2.9}, {"n_steps": 0}, {"lam": 0.01}],
        {"lam": 0.2, "x": -1.0, "y": -2.0, "n_steps": 12},
    ),
    "rate_switch": (
        rate_switch,
        [{"lam": 0.1}, {"lam": 0.001}, {"lam": 0.03}],
        {"lam": 0.01},
    ),
    "filter_curves": (
        filter_curves,
        [{"n_steps": 1.0}, {"lam": 4.0, "share": 1.9}, {"n_steps": 1024.0, "lam": 2.0**-10}],
        {"n_steps": 4.0, "lam": 0.125, "share": 0.7},
    ),
    "train_and_test": (
        train_and_test,
        [{"lam": 2.0**-14}, {"n_train": 20, "draw": 20}, {"lam": 64.0, "n_train": 300}],
        {"lam": 0.03125, "n_train": 100, "draw": 3},
    ),
    "euler_against_flow": (
        euler_against_flow,
        [{"h": 1.0}, {"x": 0.0, "y": 0.0}, {"h": 1 / 32}],
        {"h": 0.25, "x": 1.5, "y": -1.0},
    ),
    "orders": (orders, [{"h": 1.0}, {"h": 2.0**-8}], {"h": 2.0**-1}),
    "stability_regions": (stability_regions, [{"h": 2.0}, {"h": 1 / 32}], {"h": 0.25}),
    "stiff_valley": (
        stiff_valley,
        [{"h": 64.0}, {"kappa": 1.0}, {"x": 0.0, "y": 0.0}],
        {"h": 1.5, "kappa": 8.0, "x": 1.5, "y": -1.0},
    ),
    "richardson_over_descent": (
        richardson_over_descent,
        [{"share": 2.5, "n_steps": 60}, {"n_steps": 0}, {"share": 0.05}],
        {"share": 0.6, "n_steps": 7, "x": 0.9, "y": -0.2},
    ),
    "gradient_cloud": (
        gradient_cloud,
        [{"batch_size": 1.0}, {"distance": 0.0}, {"way": "without", "batch_size": 256.0}, {"distance": 1.2}],
        {"batch_size": 32.0, "distance": 0.3, "way": "without"},
    ),
    "sgd_path": (
        sgd_path,
        [
            {"alpha": 0.5, "batch_size": 2.0},
            {"tau": 512.0},
            {"x": 1.1, "y": -0.5, "draw": 20},
            {"alpha": 1 / 64},
        ],
        {"alpha": 0.125, "batch_size": 16.0, "tau": 8.0, "draw": 3, "x": 0.9, "y": 0.2},
    ),
    "saddle_escape": (
        saddle_escape,
        [{"noise": 0.25, "alpha": 0.5}, {"y0": 0.4}, {"noise": 2.0**-7, "alpha": 0.1}, {"draw": 20}],
        {"alpha": 0.1, "noise": 0.03125, "y0": 0.1, "draw": 3},
    ),
    "chebyshev_failures": (
        chebyshev_failures,
        [{"eps": 1.0, "delta": 0.5}, {"eps": 2.0**-2.5, "delta": 2.0**-4}],
        {"eps": 0.25, "delta": 0.0625},
    ),
    "colours_agree": (
        colours_agree,
        [{"network": "path of 10", "share": 1.0}, {"share": 1.1, "k": 100}, {"start": "one voice", "k": 0}],
        {"network": "ring of 10", "start": "two camps", "share": 0.8, "k": 12},
    ),
    "boundary_forming": (
        boundary_forming,
        [{"n_hidden": "8", "k": 300}, {"k": 0}, {"n_hidden": "1"}],
        {"n_hidden": "3", "k": 40},
    ),
    "residual_polygon": (
        residual_polygon,
        [{"layers": 1}, {"turn": 180.0, "layers": 64}, {"x": 0.0, "y": 0.0}],
        {"layers": 12, "turn": 120.0, "x": -1.5, "y": 1.0},
    ),
    "momentum_valley": (
        momentum_valley,
        [{"alpha": 3.5, "beta": 0.5}, {"x": 0.0, "y": 0.0}, {"kappa": 1.0, "beta": 0.99}, {"n_steps": 0}],
        {"kappa": 8.0, "alpha": 1.3, "beta": 0.4, "x": 1.5, "y": 1.0, "n_steps": 12},
    ),
    "stability_plane": (
        stability_plane,
        [{"alpha": 3.6}, {"beta": 1.04}, {"alpha": 1.0, "beta": 0.0}],
        {"alpha": 1.8, "beta": 0.02},
    ),
    "stability_plane, a valley": (
        lambda: stability_plane(100.0),
        [{"alpha": 4.2}, {"alpha": 1.98, "beta": 0.0}],
        {"alpha": 3.3, "beta": 0.67},
    ),
    "damping": (
        damping,
        [{"optimum": "marked"}, {"beta": 0.99}, {"alpha": 1.6, "beta": 0.0}],
        {"beta": 0.3, "alpha": 0.2, "optimum": "marked"},
    ),
    "momentum_race": (
        momentum_race,
        [{"kappa": 1.0}, {"x": 0.0, "y": 0.0}, {"kappa": 1024.0, "n_steps": 200}, {"n_steps": 0}],
        {"kappa": 8.0, "x": 1.5, "y": -1.0, "n_steps": 21},
    ),
    "three_cycle": (
        three_cycle,
        [{"x0": 3.0}, {"n_steps": 0}, {"x0": -3.5, "n_steps": 60}, {"x0": 0.0}],
        {"x0": 2.0, "n_steps": 14},
    ),
    "adam_state": (
        adam_state,
        [
            {"k": 0, "correction": "off"},
            {"k": 39, "alpha": 2.0},
            {"beta1": 0.0, "beta2": 0.8},
            {"x": 7.0, "y": -8.0},
        ],
        {"k": 3, "correction": "on", "alpha": 0.25, "beta1": 0.5, "beta2": 0.9, "x": 3.0, "y": -2.0},
    ),
    "turning_valley": (
        turning_valley,
        [{"alpha": 1.0, "n_steps": 60}, {"kappa": 256.0}, {"angle": -90.0, "kappa": 1.0}, {"n_steps": 1}],
        {"angle": 20.0, "kappa": 8.0, "alpha": 0.1, "n_steps": 25},
    ),
    "hessians": (
        hessians,
        [{"alpha": 1.0}, {"angle": 45.0, "beta1": 0.0}, {"x": 0.0, "y": 0.0}, {"kappa": 256.0}],
        {"kappa": 4.0, "angle": -10.0, "alpha": 0.125, "beta1": 0.7, "x": 1.5, "y": -1.0},
    ),
    "counterexample": (
        counterexample,
        [{"beta2": 0.99}, {"large": 10.0, "alpha": 0.25}, {"beta1": 0.9}, {"large": 2.0, "x0": -1.0}],
        {"large": 3.5, "beta2": 0.2, "beta1": 0.1, "alpha": 0.05, "x0": 0.3},
    ),
    "race": (
        race,
        [{"landscape": "bent valley", "share": 8.0}, {"calls": 1}, {"landscape": "real data", "x": 0.5}],
        {"landscape": "turned valley", "share": 0.5, "calls": 30, "x": 0.3, "y": 0.4},
    ),
    "sharpening": (
        sharpening,
        [{"blurred_by": "camera moved", "n_steps": 1024.0}, {"share": 2.2}, {"n_steps": 1.0, "share": 0.1}],
        {"n_steps": 16.0, "share": 1.3, "blurred_by": "camera moved"},
    ),
    "early_stopping": (
        early_stopping,
        [{"noise": 2.0**-3, "n_steps": 2048.0}, {"lam": 2.0**-11}, {"n_steps": 1.0, "noise": 2.0**-9}],
        {"n_steps": 64.0, "noise": 2.0**-5, "lam": 2.0**-4},
    ),
    "cluster_folding": (
        cluster_folding,
        [{"atoms": "3", "n_steps": 1.0}, {"atoms": "7", "turn": -180}, {"n_steps": 1024.0, "atoms": "4"}],
        {"atoms": "13", "n_steps": 128.0, "turn": 45},
    ),
    "pair_steps": (
        pair_steps,
        [{"alpha": 0.125, "r0": 1.0}, {"who": "both move"}, {"r0": 1.8, "alpha": 2.0**-10}],
        {"alpha": 0.02, "r0": 1.25, "who": "one atom moves"},
    ),
}
