"""Unlisted mistakes of chapter 06: batches, epochs, their noise, and the way out of a saddle."""

import math

import numpy as np

from tests.unlisted.parts import right


def of_products(combine, residual=lambda r: r):
    """Return a gradient made of the products x_i r_i of the batch."""

    def gradient(w, X, y, batch):
        return combine(X[batch] * residual(X[batch] @ w - y[batch])[:, None])

    return gradient


def cut(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


def short_batch_first(n, batch_size, rng):
    order = rng.permutation(n)
    first = n % batch_size
    return ([order[:first]] if first else []) + cut(order[first:], batch_size)


def never_at_home(n, batch_size, rng):
    """Sattolo's shuffle: one cycle, so that no row keeps its place."""
    order = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = rng.integers(i)
        order[[i, j]] = order[[j, i]]
    return cut(order, batch_size)


def first_stays(n, batch_size, rng):
    return cut(np.append(0, 1 + rng.permutation(n - 1)), batch_size)


def strided(n, batch_size, rng):
    order = rng.permutation(n)
    batches = -(-n // batch_size)
    return [order[k::batches] for k in range(batches)]


def forwards_or_backwards(n, batch_size, rng):
    return cut(np.arange(n)[:: rng.choice([-1, 1])], batch_size)


def one_swap(n, batch_size, rng):
    order = np.arange(n)
    i, j = rng.choice(n, 2, replace=False) if n > 1 else (0, 0)
    order[[i, j]] = order[[j, i]]
    return cut(order, batch_size)


def overlapping(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i : i + batch_size] for i in range(n)]


def stochastic(gradient=None, alpha_at=lambda alpha, epoch: alpha, batches=None, memory=0.0):
    def run(X, y, w0, alpha, batch_size, n_epochs, rng):
        w, v, path = np.array(w0, dtype=float), 0.0, [np.array(w0, dtype=float)]
        for epoch in range(n_epochs):
            for batch in (batches or cut)(rng.permutation(len(y)), batch_size):
                g = (gradient or right("minibatch-gradient"))(w, X, y, batch)
                v = memory * v + g
                w = w - alpha_at(alpha, epoch) * v
                path.append(w)
        return np.array(path)

    return run


def labels_not_shuffled(X, y, w0, alpha, batch_size, n_epochs, rng):
    w, path = np.array(w0, dtype=float), [np.array(w0, dtype=float)]
    for _ in range(n_epochs):
        shuffled = X[rng.permutation(len(y))]
        for start in range(0, len(y), batch_size):
            rows = slice(start, start + batch_size)
            w = w - alpha * shuffled[rows].T @ (shuffled[rows] @ w - y[rows]) / len(y[rows])
            path.append(w)
    return np.array(path)


def running_mean(*given):
    path = right("sgd")(*given)
    return np.cumsum(path, axis=0) / np.arange(1, len(path) + 1)[:, None]


def of_sigma2(answer):
    def noise(per_example, batch_size, replacement):
        off = per_example - per_example.mean(axis=0)
        sigma2, n = np.mean(np.sum(off**2, axis=1)), len(per_example)
        return answer(sigma2, n, batch_size, 1.0 if replacement else (n - batch_size) / (n - 1))

    return noise


def walk(draw=lambda rng, d, k: rng.standard_normal(d), away=np.linalg.norm, every=1):
    """Return a walk with another noise or distance, or whose distance is looked at now and then only."""

    def escape(grad, x0, alpha, noise, radius, max_steps, rng):
        x = np.array(x0, dtype=float)
        for k in range(1, max_steps + 1):
            x = x - alpha * (grad(x) + noise * draw(rng, len(x), k))
            if k % every == 0 and away(x - x0) > radius:
                return k
        return -1

    return escape


def all_at_one(grad, x0, alpha, noise, radius, max_steps, rng):
    """Return the escape of a walk that feels the gradient of the start all the way."""
    g = grad(x0)
    return walk()(lambda x: g, x0, alpha, noise, radius, max_steps, rng)


def last_time_inside(grad, x0, alpha, noise, radius, max_steps, rng):
    x, inside = np.array(x0, dtype=float), 0
    for k in range(1, max_steps + 1):
        x = x - alpha * (grad(x) + noise * rng.standard_normal(len(x)))
        if np.linalg.norm(x - x0) <= radius:
            inside = k
    return inside if inside < max_steps else -1


def same_seed(rng, d, k):
    return np.random.default_rng(0).standard_normal(d)


MISTAKES = {
    "minibatch-gradient": [
        of_products(lambda products: np.median(products, axis=0)),
        of_products(lambda products: products.sum(axis=0) / np.sqrt(len(products))),
        of_products(lambda products: products.mean(axis=0), np.sign),
        of_products(lambda products: products.mean(axis=0), np.square),
        of_products(lambda products: products.mean(axis=0), np.abs),
        of_products(lambda products: products.mean(axis=1)),
        (of_products(lambda products: products.mean()), "mean over everything"),
        of_products(lambda products: products),
        lambda w, X, y, batch: X[batch].T @ (X[batch] @ w + y[batch]) / len(batch),
        lambda w, X, y, batch: X[batch].T @ (X[batch] @ w - y[batch].mean()) / len(batch),
    ],
    "epoch-batches": [
        short_batch_first,
        never_at_home,
        first_stays,
        (strided, "batches of equal length"),
        (forwards_or_backwards, "fixed batches"),
        one_swap,
        overlapping,
        lambda n, batch_size, rng: [cut(rng.permutation(n), batch_size)],
        lambda n, batch_size, rng: cut(rng.permutation(max(n - 1, 1)), batch_size),
        lambda n, batch_size, rng: cut(rng.permutation(n) / n, batch_size),
        lambda n, batch_size, rng: cut(rng.permutation(n), batch_size + 1),
    ],
    "sgd": [
        labels_not_shuffled,
        running_mean,
        stochastic(memory=0.5),
        stochastic(alpha_at=lambda alpha, epoch: alpha / (1 + epoch)),
        stochastic(alpha_at=lambda alpha, epoch: alpha**2),
        stochastic(lambda w, X, y, batch: right("minibatch-gradient")(w, X, y, batch) + 0.1 * w),
        stochastic(of_products(lambda products: products.mean(axis=0), np.sign)),
        stochastic(of_products(lambda products: products.sum(axis=0) / np.sqrt(len(products)))),
        stochastic(batches=lambda order, size: cut(order, size)[::-1] + cut(order, size)[:1]),
        lambda *given: right("sgd")(*given).T,
        lambda *given: right("sgd")(*given)[::-1],
        lambda *given: np.vstack([right("sgd")(*given)[:1], right("sgd")(*given)]),
    ],
    "gradient-noise": [
        of_sigma2(lambda sigma2, n, B, factor: sigma2 / B * factor**2),
        of_sigma2(lambda sigma2, n, B, factor: sigma2 / B * math.sqrt(factor)),
        of_sigma2(lambda sigma2, n, B, factor: sigma2 / (B - 1) * factor if B > 1 else sigma2),
        of_sigma2(lambda sigma2, n, B, factor: sigma2 / n * factor),
        (of_sigma2(lambda sigma2, n, B, factor: sigma2 * factor), "power of B"),
        of_sigma2(lambda sigma2, n, B, factor: sigma2 / (B + 1) * factor),
        of_sigma2(lambda sigma2, n, B, factor: 2 * sigma2 / B * factor),
        lambda per_example, batch_size, replacement: np.var(per_example, axis=0) / batch_size,
        lambda per_example, batch_size, replacement: (
            np.abs(per_example - per_example.mean(axis=0)).sum(axis=1).mean() / batch_size
        ),
    ],
    "chebyshev-batch-size": [
        lambda sigma2, eps, delta: math.ceil(2 * sigma2 / (eps**2 * delta)),
        lambda sigma2, eps, delta: math.ceil(sigma2 / (2 * eps**2 * delta)),
        lambda sigma2, eps, delta: math.ceil(sigma2 / (eps**2 * delta / 2 + 1e-9)),
        lambda sigma2, eps, delta: math.ceil(sigma2 / (eps**3 * delta)),
        lambda sigma2, eps, delta: math.ceil(sigma2) / (eps**2 * delta),
        lambda sigma2, eps, delta: math.ceil(sigma2 / (eps**2 * math.sqrt(delta))),
        lambda sigma2, eps, delta: 2 ** math.ceil(math.log2(sigma2 / (eps**2 * delta))),
        lambda sigma2, eps, delta: max(2, right("chebyshev-batch-size")(sigma2, eps, delta)),
        # no noise: no rows, a quotient the wrong way up, the logarithm of 0
        (
            lambda sigma2, eps, delta: right("chebyshev-batch-size")(sigma2, eps, delta) * (sigma2 > 0),
            "a batch of no rows",
        ),
        lambda sigma2, eps, delta: math.ceil((1 - 1e-12) / (eps**2 * delta / sigma2)),
        lambda sigma2, eps, delta: math.ceil(
            math.exp(math.log(sigma2) - 2 * math.log(eps) - math.log(delta)) - 1e-9
        ),
    ],
    "noise-floor": [
        (lambda alpha, lam, s2: alpha * s2 / (lam * (2 - alpha)) if alpha * lam < 2 else np.inf, "2 - alpha"),
        lambda alpha, lam, s2: alpha * s2 / (lam * (2 - lam * alpha**2)) if alpha * lam < 2 else np.inf,
        lambda alpha, lam, s2: alpha * s2 / (lam * (2 - alpha * lam)) if alpha * lam < 1 else np.inf,
        (
            lambda alpha, lam, s2: alpha * s2 / (lam * (2 - alpha * lam)) if alpha < 2 else np.inf,
            "limit of alpha alone",
        ),
        lambda alpha, lam, s2: 2 * alpha * s2 / (lam * (2 - alpha * lam)) if alpha * lam < 2 else np.inf,
        lambda alpha, lam, s2: alpha * s2 / (lam * (1 - alpha * lam / 4)) / 2 if alpha * lam < 2 else np.inf,
        lambda alpha, lam, s2: alpha * s2 / lam / (2 - alpha / lam) if alpha * lam < 2 else np.inf,
        lambda alpha, lam, s2: min(1e6, right("noise-floor")(alpha, lam, s2)),
        lambda alpha, lam, s2: s2 if not alpha else right("noise-floor")(alpha, lam, s2),
    ],
    "decaying-steps": [
        lambda alpha0, tau, n_steps: alpha0 / (tau + np.arange(n_steps)),
        lambda alpha0, tau, n_steps: alpha0 / (1 + np.arange(n_steps)) / tau,
        lambda alpha0, tau, n_steps: alpha0 / (1 + np.log1p(np.arange(n_steps)) / tau),
        lambda alpha0, tau, n_steps: np.linspace(alpha0, alpha0 / (1 + n_steps / tau), n_steps),
        lambda alpha0, tau, n_steps: alpha0 / (1 + np.arange(n_steps) / n_steps),
        lambda alpha0, tau, n_steps: (alpha0 / (1 + np.arange(n_steps) / tau))[::-1],
        lambda alpha0, tau, n_steps: np.cumsum(alpha0 / (1 + np.arange(n_steps) / tau)),
        lambda alpha0, tau, n_steps: alpha0 - np.arange(n_steps) / tau,
        lambda alpha0, tau, n_steps: alpha0 / (1 + np.arange(n_steps) / (tau + n_steps)),
    ],
    "escape-steps": [
        walk(same_seed),
        walk(lambda rng, d, k: rng.standard_normal(d) * k),
        walk(lambda rng, d, k: rng.standard_normal(d) / k),
        walk(lambda rng, d, k: np.abs(rng.standard_normal(d))),
        walk(lambda rng, d, k: rng.standard_normal(d) / math.sqrt(d)),
        walk(lambda rng, d, k: rng.choice([-1.0, 1.0], d)),
        walk(lambda rng, d, k: rng.exponential(size=d)),
        walk(away=lambda moved: moved[0]),
        walk(away=lambda moved: moved.mean()),
        walk(every=2),
        all_at_one,
        # the last point inside is one before the first one outside
        (last_time_inside, "off by one"),
    ],
}
