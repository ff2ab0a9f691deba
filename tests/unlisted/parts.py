"""What several wrong answers are made of."""

import numpy as np

from helpers.exercises import EXERCISES


def steps(start, step, n_steps):
    path = [np.array(start, dtype=float)]
    for k in range(n_steps):
        path.append(step(path[-1], k))
    return np.array(path)


def sigmoid(s):
    return 1 / (1 + np.exp(-np.clip(s, -700, 700)))


def right(exercise):
    return EXERCISES[exercise].reference
