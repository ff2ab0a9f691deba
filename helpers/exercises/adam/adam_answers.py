"""What is written for Adam: walks with one part of it done otherwise, and right answers."""

import numpy as np

from helpers.adam import adam


def corrected(m, v, beta1, beta2, t):
    return m / (1 - beta1**t), v / (1 - beta2**t)


def along(m_hat, v_hat, eps, m, v, t, beta1, beta2):
    return m_hat / (np.sqrt(v_hat) + eps)


def mixed(beta, old, new):
    return beta * old + (1 - beta) * new


def mixed_without_brackets(beta, old, new):
    return beta * old + 1 - beta * new


def walk(
    square=lambda g: g * g, correct=corrected, direction=along, first=1, falls=True, mix_m=mixed, mix_v=mixed
):
    """Return an Adam with parts exchanged; `first` is the t of the first step; v only grows unless it `falls`."""

    def adam(grad, x0, alpha, beta1, beta2, eps, n_steps):
        path, m, v = [np.array(x0, dtype=float)], 0.0, 0.0
        for t in range(first, n_steps + first):
            x = path[-1]
            g = grad(x)
            averaged = mix_v(beta2, v, square(g))
            m, v = mix_m(beta1, m, g), averaged if falls else np.maximum(v, averaged)
            m_hat, v_hat = correct(m, v, beta1, beta2, t)
            path.append(x - alpha * direction(m_hat, v_hat, eps, m, v, t, beta1, beta2))
        return np.array(path)

    return adam


def eps_before(m_hat, v_hat, eps, m, v, t, beta1, beta2):
    return np.sqrt(1 - beta2**t) / (1 - beta1**t) * m / (np.sqrt(v) + eps)


def eps_on_the_parameter(grad, x0, alpha, beta1, beta2, eps, n_steps):
    path, m, v = [np.array(x0, dtype=float)], 0.0, 0.0
    for t in range(1, n_steps + 1):
        g = grad(path[-1])
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        path.append(path[-1] - alpha * (m / (1 - beta1**t)) / np.sqrt(v / (1 - beta2**t)) + eps)
    return np.array(path)


def truncated(grad, x0, alpha, beta1, beta2, eps, n_steps):
    path = np.zeros((n_steps + 1, len(x0)), dtype=x0.dtype)
    path[0] = x0
    m, v = np.zeros(len(x0)), np.zeros(len(x0))
    for k in range(n_steps):
        g = grad(path[k])
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        m_hat, v_hat = corrected(m, v, beta1, beta2, k + 1)
        path[k + 1] = path[k] - alpha * m_hat / (np.sqrt(v_hat) + eps)
    return path


def truncated_moments(grad, x0, alpha, beta1, beta2, eps, n_steps):
    path = [np.array(x0, dtype=float)]
    m, v = np.zeros_like(x0), np.zeros_like(x0)
    for t in range(1, n_steps + 1):
        g = grad(path[-1])
        m[:], v[:] = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        m_hat, v_hat = corrected(m, v, beta1, beta2, t)
        path.append(path[-1] - alpha * m_hat / (np.sqrt(v_hat) + eps))
    return np.array(path)


def gradient_of_the_start(grad, x0, alpha, beta1, beta2, eps, n_steps):
    return adam(lambda x: grad(x0), x0, alpha, beta1, beta2, eps, n_steps)


VARIANTS = {
    "no correction": walk(correct=lambda m, v, beta1, beta2, t: (m, v)),
    "m uncorrected": walk(correct=lambda m, v, beta1, beta2, t: (m, v / (1 - beta2**t))),
    "v uncorrected": walk(correct=lambda m, v, beta1, beta2, t: (m / (1 - beta1**t), v)),
    "t stays at 1": walk(correct=lambda m, v, beta1, beta2, t: corrected(m, v, beta1, beta2, 1)),
    "t starts at 2": walk(first=2),
    "eps inside the root": walk(direction=lambda m_hat, v_hat, eps, *rest: m_hat / np.sqrt(v_hat + eps)),
    "eps before the correction": walk(direction=eps_before),
    "eps missing": walk(direction=lambda m_hat, v_hat, eps, *rest: m_hat / np.sqrt(v_hat)),
    "eps added to the parameter": eps_on_the_parameter,
    "root missing": walk(direction=lambda m_hat, v_hat, eps, *rest: m_hat / (v_hat + eps)),
    "norm instead of elementwise": walk(square=lambda g: g @ g),
    "v averages |g|": walk(square=np.abs),
    "betas swapped": lambda grad, x0, alpha, beta1, beta2, eps, n_steps: adam(
        grad, x0, alpha, beta2, beta1, eps, n_steps
    ),
    "gradient always at x0": gradient_of_the_start,
    "brackets missing": walk(correct=lambda m, v, beta1, beta2, t: (m / 1 - beta1**t, v / 1 - beta2**t)),
}


def by_lists(grad, x0, alpha, beta1, beta2, eps, n_steps):
    x, d = [float(entry) for entry in x0], len(x0)
    m, v, path = [0.0] * d, [0.0] * d, [tuple(x)]
    for t in range(1, n_steps + 1):
        g = grad(np.array(x))
        for i in range(d):
            m[i] += (1 - beta1) * (g[i] - m[i])
            v[i] += (1 - beta2) * (g[i] ** 2 - v[i])
            x[i] -= alpha * (m[i] / (1 - beta1**t)) / ((v[i] / (1 - beta2**t)) ** 0.5 + eps)
        path.append(tuple(x))
    return path


def by_weighted_sums(grad, x0, alpha, beta1, beta2, eps, n_steps):
    """Each moment as the weighted mean of all gradients so far, which needs no correction."""
    path, seen = np.array([x0], dtype=float), []
    for t in range(1, n_steps + 1):
        seen.append(grad(path[-1]))
        ages = np.arange(t)[::-1]
        m = np.average(seen, axis=0, weights=beta1**ages)
        v = np.average(np.square(seen), axis=0, weights=beta2**ages)
        path = np.vstack([path, path[-1] - alpha * m / (np.sqrt(v) + eps)])
    return path


def with_eps_rescaled(grad, x0, alpha, beta1, beta2, eps, n_steps):
    """The order of computation that the paper recommends, with eps made to fit it."""
    columns = np.empty((len(x0), n_steps + 1), order="F")
    columns[:, 0] = x0
    m, v = np.zeros(len(x0)), np.zeros(len(x0))
    for t in range(1, n_steps + 1):
        g = np.asarray(grad(columns[:, t - 1]))
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        root = np.sqrt(1 - beta2**t)
        columns[:, t] = columns[:, t - 1] - alpha * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root)
    return columns.T
