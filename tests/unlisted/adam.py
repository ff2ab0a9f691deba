"""Unlisted mistakes of chapter 08: two moments, their bias, and the steps made of them."""

import numpy as np

from tests.unlisted.parts import right


def averaging(step, average=lambda old, new, beta, t: beta * old + (1 - beta) * new):
    """Return a walk that steps by step(g, m, v, beta1, beta2, eps, t, x) times alpha."""

    def walk(grad, x0, alpha, beta1, beta2, eps, n_steps):
        x = np.array(x0, dtype=float)
        m, v, path = np.zeros(len(x)), np.zeros(len(x)), [x]
        for t in range(1, n_steps + 1):
            g = grad(x)
            m, v = average(m, g, beta1, t), average(v, g * g, beta2, t)
            x = x - alpha * step(g, m, v, beta1, beta2, eps, t, x)
            path.append(x)
        return np.array(path)

    return walk


def corrected(m, v, beta1, beta2, t):
    return m / (1 - beta1**t), v / (1 - beta2**t)


def plain(g, m, v, beta1, beta2, eps, t, x):
    m_hat, v_hat = corrected(m, v, beta1, beta2, t)
    return m_hat / (np.sqrt(v_hat) + eps)


def nesterov(g, m, v, beta1, beta2, eps, t, x):
    m_hat, v_hat = corrected(m, v, beta1, beta2, t)
    return (beta1 * m_hat + (1 - beta1) * g / (1 - beta1**t)) / (np.sqrt(v_hat) + eps)


def of_the_gradient(g, m, v, beta1, beta2, eps, t, x):
    return g / (np.sqrt(v / (1 - beta2**t)) + eps)


def by_the_sign(g, m, v, beta1, beta2, eps, t, x):
    return np.sign(m)


def one_beta(g, m, v, beta1, beta2, eps, t, x):
    return m / (1 - beta1**t) / (np.sqrt(v / (1 - beta1**t)) + eps)


def shrinking(g, m, v, beta1, beta2, eps, t, x):
    return plain(g, m, v, beta1, beta2, eps, t, x) / np.sqrt(t)


def from_the_first_gradient(old, new, beta, t):
    return new if t == 1 else beta * old + (1 - beta) * new


def arithmetic_mean(old, new, beta, t):
    return old + (new - old) / t


def v_before_gradient(grad, x0, alpha, beta1, beta2, eps, n_steps):
    """Return Adam whose v takes in the gradient after the step, from the second step on."""
    x = np.array(x0, dtype=float)
    m, v, path = np.zeros(len(x)), grad(x) ** 2 * (1 - beta2), [x]
    for t in range(1, n_steps + 1):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        x = x - alpha * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        v = beta2 * v + (1 - beta2) * g * g
        path.append(x)
    return np.array(path)


def rms(step):
    """Return RMSprop whose step is step(g, v, eps, x), v averaged as it should be."""

    def walk(grad, x0, alpha, beta, eps, n_steps):
        x = np.array(x0, dtype=float)
        v, path = np.zeros(len(x)), [x]
        for _ in range(n_steps):
            g = grad(x)
            v = beta * v + (1 - beta) * g * g
            x = x - alpha * step(g, v, eps, x)
            path.append(x)
        return np.array(path)

    return walk


def of_means(grad, x0, alpha, beta, eps, n_steps):
    """Return a walk that divides by the root of the square of the averaged gradient."""
    x = np.array(x0, dtype=float)
    m, path = np.zeros(len(x)), [x]
    for _ in range(n_steps):
        g = grad(x)
        m = beta * m + (1 - beta) * g
        x = x - alpha * g / (np.abs(m) + eps)
        path.append(x)
    return np.array(path)


def turned_around(clip, largest=np.maximum, t_of=lambda t: t):
    """Return AMSGrad with another projection, another maximum or another time."""

    def walk(grad_t, x0, alpha, beta1, beta2, eps, n_steps, bounds):
        x = np.array(x0, dtype=float)
        m, v, v_max, path = np.zeros(len(x)), np.zeros(len(x)), np.zeros(len(x)), [x]
        for t in range(1, n_steps + 1):
            g = grad_t(x, t_of(t))
            m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
            v_max = largest(v_max, v)
            x = clip(x, x - alpha * m / (np.sqrt(v_max) + eps), bounds)
            path.append(x)
        return np.array(path)

    return walk


def clipped(x, new, bounds):
    return np.clip(new, *bounds)


def stays_where_it_would_leave(x, new, bounds):
    return np.where((new < bounds[0]) | (new > bounds[1]), x, new)


def reflected(x, new, bounds):
    low, high = bounds
    new = np.where(new > high, 2 * high - new, new)
    return np.where(new < low, 2 * low - new, new)


MISTAKES = {
    "update-moments": [
        lambda m, v, g, beta1, beta2: (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**3),
        lambda m, v, g, beta1, beta2: (beta1 * m + (1 - beta1) * g, np.sqrt(beta2 * v + (1 - beta2) * g**2)),
        lambda m, v, g, beta1, beta2: (beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) ** 2 * g**2),
        lambda m, v, g, beta1, beta2: (beta1 * m + (1 - beta1) * g, beta2 * v**2 + (1 - beta2) * g**2),
        lambda m, v, g, beta1, beta2: (beta1 * m - (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2),
        lambda m, v, g, beta1, beta2: (beta1 * m + (1 - beta1) * g, np.maximum(beta2 * v, g**2)),
        lambda m, v, g, beta1, beta2: (beta1 * (m + g), beta2 * (v + g**2)),
        lambda m, v, g, beta1, beta2: (
            (beta1 * m + (1 - beta1) * g) / (1 - beta1),
            (beta2 * v + (1 - beta2) * g**2) / (1 - beta2),
        ),
        lambda m, v, g, beta1, beta2: beta1 * m + (1 - beta1) * g,
    ],
    "bias-correction": [
        lambda moment, beta, t: moment / (1 + beta**t),
        lambda moment, beta, t: moment / (1 - beta ** (2 * t)),
        lambda moment, beta, t: moment / (1 - beta) * t,
        lambda moment, beta, t: moment / (1 - beta) / t,
        (lambda moment, beta, t: moment / 1 - beta**t, "brackets missing"),
        lambda moment, beta, t: moment / (1 - beta / t),
        lambda moment, beta, t: moment / (1 - t**beta) if t > 1 else moment,
        lambda moment, beta, t: moment / (1 - beta**t) ** 2,
        lambda moment, beta, t: moment.mean() / (1 - beta**t),
        lambda moment, beta, t: np.abs(moment) / (1 - beta**t),
    ],
    "adam": [
        averaging(nesterov),
        averaging(of_the_gradient),
        averaging(by_the_sign),
        averaging(one_beta),
        averaging(shrinking),
        averaging(lambda g, m, v, beta1, beta2, eps, t, x: m / (np.sqrt(v) + eps), from_the_first_gradient),
        averaging(lambda g, m, v, beta1, beta2, eps, t, x: m / (np.sqrt(v) + eps), arithmetic_mean),
        averaging(
            lambda g, m, v, beta1, beta2, eps, t, x: plain(g, m, v, beta1, beta2, eps, t, x) + 0.01 * x
        ),
        # a lower bound for the root is as good as none where the root is larger
        (
            averaging(
                lambda g, m, v, beta1, beta2, eps, t, x: (
                    m / (1 - beta1**t) / np.maximum(np.sqrt(v / (1 - beta2**t)), eps)
                )
            ),
            "eps missing",
        ),
        averaging(
            lambda g, m, v, beta1, beta2, eps, t, x: m / (1 - beta1**t) / (np.sqrt(v) / (1 - beta2**t) + eps)
        ),
        averaging(
            lambda g, m, v, beta1, beta2, eps, t, x: m * (1 - beta1**t) / (np.sqrt(v * (1 - beta2**t)) + eps)
        ),
        v_before_gradient,
        (lambda *given: right("adam")(*given)[:-1], "one step short"),
        lambda *given: right("adam")(*given)[::-1],
    ],
    "rmsprop": [
        (rms(lambda g, v, eps, x: g / np.maximum(np.sqrt(v), eps)), "eps missing"),
        rms(lambda g, v, eps, x: np.sign(g)),
        rms(lambda g, v, eps, x: g / (np.sqrt(v) + eps) + 0.01 * x),
        rms(lambda g, v, eps, x: g * (np.sqrt(v) + eps)),
        rms(lambda g, v, eps, x: g**2 / (np.sqrt(v) + eps)),
        rms(lambda g, v, eps, x: g / (np.sqrt(v.mean()) + eps)),
        of_means,
        lambda grad, x0, alpha, beta, eps, n_steps: right("adam")(grad, x0, alpha, 0.9, beta, eps, n_steps),
        (lambda *given: right("rmsprop")(*given)[:-1], "one step short"),
    ],
    "adamw-step": [
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * m_hat / (np.sqrt(v_hat) + eps) - alpha**2 * weight_decay * x
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * m_hat / (np.sqrt(v_hat) + eps) - alpha * weight_decay
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * m_hat / (np.sqrt(v_hat) + eps) - alpha * weight_decay * m_hat
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * m_hat / (np.sqrt(v_hat) + eps) - alpha * weight_decay * x**2
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * m_hat / (np.sqrt(v_hat) + eps) - 2 * alpha * weight_decay * x
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            weight_decay * x - alpha * m_hat / (np.sqrt(v_hat) + eps)
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * (m_hat / (np.sqrt(v_hat) + eps + weight_decay))
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * (m_hat / (np.sqrt(v_hat) + eps) + weight_decay * np.linalg.norm(x))
        ),
        lambda x, m_hat, v_hat, alpha, eps, weight_decay: (
            x - alpha * (m_hat / np.sqrt(v_hat.mean() + eps) + weight_decay * x)
        ),
    ],
    "effective-hessian": [
        lambda m_hat, v_hat, g, eps: g * (np.sqrt(v_hat) - eps) / m_hat,
        lambda m_hat, v_hat, g, eps: g**2 * (np.sqrt(v_hat) + eps) / m_hat,
        lambda m_hat, v_hat, g, eps: -g * (np.sqrt(v_hat) + eps) / m_hat,
        lambda m_hat, v_hat, g, eps: g * (v_hat**2 + eps) / m_hat,
        lambda m_hat, v_hat, g, eps: g * np.sqrt(v_hat) / (m_hat + eps),
        lambda m_hat, v_hat, g, eps: np.mean(g * (np.sqrt(v_hat) + eps) / m_hat),
        lambda m_hat, v_hat, g, eps: g / m_hat,
        lambda m_hat, v_hat, g, eps: m_hat * g * (np.sqrt(v_hat) + eps),
        lambda m_hat, v_hat, g, eps: g - m_hat / (np.sqrt(v_hat) + eps),
    ],
    "amsgrad": [
        turned_around(stays_where_it_would_leave),
        turned_around(reflected),
        turned_around(lambda x, new, bounds: np.clip(new, -1, 1)),
        turned_around(clipped, largest=np.add),
        turned_around(clipped, largest=lambda v_max, v: (v_max + v) / 2),
        turned_around(clipped, t_of=lambda t: 1),
        turned_around(clipped, t_of=lambda t: t + 1),
        (lambda *given: right("amsgrad")(*given)[:-1], "one step short"),
        (lambda *given: right("amsgrad")(*given)[-1], "only the last point"),
    ],
}
