"""What is written for AMSGrad: walks with one part of it done otherwise, and right answers."""

import numpy as np

from helpers.adam import amsgrad


def walk(
    largest=lambda v_max, v, t, beta2: np.maximum(v_max, v), root=lambda v, eps, share: np.sqrt(v) + eps,
    moment=lambda m, beta1, t: m, project=np.clip, first=1, fed_back=False,
):  # fmt: skip
    """Return an AMSGrad with parts exchanged; `fed_back` averages into the maximum instead of beside it.

    `root` is given 1 - beta2^t as well, for those who correct the bias.
    """

    def walk(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
        path = [np.array(x0, dtype=float)]
        m, v, v_max = np.zeros(len(x0)), np.zeros(len(x0)), np.zeros(len(x0))
        for t in range(1, n_steps + 1):
            x = path[-1]
            g = grad_t(x, t + first - 1)
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * (v_max if fed_back else v) + (1 - beta2) * g * g
            v_max = largest(v_max, v, t, beta2)
            path.append(project(x - alpha * moment(m, beta1, t) / root(v_max, eps, 1 - beta2**t), *bounds))
        return np.array(path)

    return walk


def projected_at_the_end(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    return np.clip(free(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds), *bounds)


def truncated(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    m, v, v_max = np.zeros(len(x0)), np.zeros(len(x0)), np.zeros(len(x0))
    for t in range(1, n_steps + 1):
        g = grad_t(path[t - 1], t)
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        v_max = np.maximum(v_max, v)
        path[t] = np.clip(path[t - 1] - alpha * m / (np.sqrt(v_max) + eps), *bounds)
    return path


def swapped(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    return amsgrad(grad_t, x0, alpha, beta2, beta1, eps, n_steps, bounds)


free = walk(project=lambda x, low, high: x)
plain_adam = walk(largest=lambda v_max, v, t, beta2: v)
as_in_pytorch = walk(
    largest=lambda v_max, v, t, beta2: np.maximum(v_max, v / (1 - beta2**t)),
    moment=lambda m, beta1, t: m / (1 - beta1**t),
)
corrected_v = walk(largest=lambda v_max, v, t, beta2: np.maximum(v_max, v / (1 - beta2**t)))
corrected_m = walk(moment=lambda m, beta1, t: m / (1 - beta1**t))
corrected_maximum = walk(root=lambda v, eps, share: np.sqrt(v / share) + eps)
corrected_both = walk(
    root=lambda v, eps, share: np.sqrt(v / share) + eps, moment=lambda m, beta1, t: m / (1 - beta1**t)
)
fed_back = walk(fed_back=True)
smallest = walk(largest=lambda v_max, v, t, beta2: np.minimum(v_max, v) if t > 1 else v)
over_coordinates = walk(largest=lambda v_max, v, t, beta2: np.maximum(v_max, np.max(v)))
eps_inside = walk(root=lambda v, eps, share: np.sqrt(v + eps))
root_missing = walk(root=lambda v, eps, share: v + eps)
from_zero = walk(first=0)
below_high = walk(project=lambda x, low, high: np.minimum(x, high))
above_low = walk(project=lambda x, low, high: np.maximum(x, low))

VARIANTS_IN_ONE_DIMENSION = (
    plain_adam, free, projected_at_the_end, as_in_pytorch, corrected_v, corrected_m, fed_back, smallest,
    eps_inside, root_missing, from_zero,
)  # fmt: skip
VARIANTS_IN_FOUR_STEPS = (*VARIANTS_IN_ONE_DIMENSION, over_coordinates)
VARIANTS = (
    *VARIANTS_IN_FOUR_STEPS,
    below_high,
    above_low,
)  # a walk that meets both bounds needs more steps


def by_lists(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    x = [float(entry) for entry in x0]
    m, v, top, path = [0.0] * len(x), [0.0] * len(x), [0.0] * len(x), [list(x)]
    for t in range(1, n_steps + 1):
        for i, slope in enumerate(grad_t(np.array(x), t)):
            m[i] += (1 - beta1) * (slope - m[i])
            v[i] += (1 - beta2) * (slope**2 - v[i])
            top[i] = max(top[i], v[i])
            x[i] = min(max(x[i] - alpha * m[i] / (top[i] ** 0.5 + eps), bounds[0]), bounds[1])
        path.append(list(x))
    return path


def by_the_largest_root(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
    """The root of the largest is the largest of the roots; all gradients so far are kept."""
    path, seen, roots = np.array([x0], dtype=float), [], []
    for t in range(1, n_steps + 1):
        seen.append(grad_t(path[-1], t))
        ages = np.arange(t)[::-1]
        m = (1 - beta1) * np.tensordot(float(beta1) ** ages, seen, 1)
        roots.append(np.sqrt((1 - beta2) * np.tensordot(float(beta2) ** ages, np.square(seen), 1)))
        x = path[-1] - alpha * m / (np.max(roots, axis=0) + eps)
        path = np.vstack([path, np.minimum(np.maximum(x, bounds[0]), bounds[1])])
    return path


def without_brackets(in_m, in_v, in_root):
    def walk(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
        path, m, v, v_max = [np.array(x0, dtype=float)], 0.0, 0.0, 0.0
        for t in range(1, n_steps + 1):
            g = grad_t(path[-1], t)
            m = beta1 * m + 1 - beta1 * g if in_m else beta1 * m + (1 - beta1) * g
            v = beta2 * v + 1 - beta2 * g * g if in_v else beta2 * v + (1 - beta2) * g * g
            v_max = np.maximum(v_max, v)
            step = alpha * m / np.sqrt(v_max) - eps if in_root else alpha * m / (np.sqrt(v_max) + eps)
            path.append(np.clip(path[-1] - step, *bounds))
        return np.array(path)

    return walk
