"""What is written for SGD: paths with other batches, other gradients or other rows."""

import numpy as np

from helpers.exercises.sgd.batching import cut, new_order


def sgd_with(draw, gradient=None, each=None, stale=False, start=True, scaled=True):
    """Return an sgd whose batches of an epoch are draw(n, size, rng), or with another gradient or other rows."""

    def run(X, y, w0, alpha, batch_size, n_epochs, rng):
        w, path = np.array(w0, dtype=float), [np.array(w0, dtype=float)]
        for epoch in range(n_epochs):
            there = w
            for batch in draw(len(y), batch_size, rng):
                at = there if stale else w
                g = (gradient or mean)(X, y, at, batch, batch_size)
                w = w - (alpha if scaled else 1) * g
                path.append(w)
            if each == "epoch":
                path[1:] = [*path[1 : epoch + 1], w]
        return np.array(path if start else path[1:])

    return run


def mean(X, y, w, batch, size):
    return X[batch].T @ (X[batch] @ w - y[batch]) / len(batch)


def of_all_rows(X, y, w, batch, size):
    return mean(X, y, w, np.arange(len(y)), size)


def independent(n, size, rng):
    return [rng.choice(n, min(size, n), replace=False) for _ in range(-(-n // size))]


def order_drawn_once(X, y, w0, alpha, batch_size, n_epochs, rng):
    order = rng.permutation(len(y))
    return sgd_with(lambda n, size, rng: cut(order, size))(X, y, w0, alpha, batch_size, n_epochs, rng)


def seeded_inside(X, y, w0, alpha, batch_size, n_epochs, rng):
    return sgd_with(new_order)(X, y, w0, alpha, batch_size, n_epochs, np.random.default_rng(0))


def truncated(X, y, w0, alpha, batch_size, n_epochs, rng):
    path = np.array([w0] * (n_epochs * -(-len(y) // batch_size) + 1))
    k = 0
    for _ in range(n_epochs):
        for batch in cut(rng.permutation(len(y)), batch_size):
            path[k + 1] = path[k] - alpha * mean(X, y, path[k], batch, batch_size)
            k += 1
    return path


def aliased(X, y, w0, alpha, batch_size, n_epochs, rng):
    w = np.array(w0, dtype=float)
    path = [w]
    for _ in range(n_epochs):
        for batch in cut(rng.permutation(len(y)), batch_size):
            w -= alpha * mean(X, y, w, batch, batch_size)
            path.append(w)
    return np.array(path)


def scaled(factor):
    return sgd_with(
        new_order,
        lambda X, y, w, batch, size: factor(len(batch), size, len(y)) * mean(X, y, w, batch, size),
    )


def by_lists(X, y, w0, alpha, batch_size, n_epochs, rng):
    rows = [([float(v) for v in row], float(target)) for row, target in zip(X, y, strict=True)]
    path = [[float(v) for v in w0]]
    for _ in range(n_epochs):
        order = sorted(range(len(rows)), key=rng.random(len(rows)).__getitem__)
        for start in range(0, len(rows), batch_size):
            chosen, w = [rows[i] for i in order[start : start + batch_size]], path[-1]
            residuals = [sum(a * b for a, b in zip(row, w, strict=True)) - target for row, target in chosen]
            g = [
                sum(r * row[j] for r, (row, _) in zip(residuals, chosen, strict=True)) for j in range(len(w))
            ]
            path.append([a - alpha * b / len(chosen) for a, b in zip(w, g, strict=True)])
    return path


def by_counter(X, y, w0, alpha, batch_size, n_epochs, rng):
    n = len(y)
    path = np.tile(np.asarray(w0, dtype=float), (n_epochs * -(-n // batch_size) + 1, 1))
    orders = [rng.permuted(np.arange(n)) for _ in range(n_epochs)]
    for k in range(len(path) - 1):
        epoch, place = divmod(k, -(-n // batch_size))
        rows = orders[epoch][place * batch_size : (place + 1) * batch_size]
        H, c = (
            np.einsum("ij,ik->jk", X[rows], X[rows]) / len(rows),
            np.einsum("ij,i->j", X[rows], y[rows]) / len(rows),
        )
        path[k + 1] = path[k] - alpha * (H @ path[k] - c)
    return path
