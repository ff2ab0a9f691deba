"""Unlisted mistakes of chapter 09: pictures, clusters, networks of nodes and of units, a hidden landscape."""

import numpy as np

from tests.unlisted.parts import right, sigmoid


def blurred(x, H):
    return np.real(np.fft.ifft2(H * np.fft.fft2(x)))


def sharpened(of_residual, step=lambda alpha: alpha):
    """Return a step that adds what is made of the residual and H, in the spectrum."""

    def landweber(x, y, H, alpha):
        residual = np.fft.fft2(y) - H * np.fft.fft2(x)
        return x + step(alpha) * np.real(np.fft.ifft2(of_residual(residual, H)))

    return landweber


def over_pairs(of_r2, combine=np.sum):
    def energy(x):
        i, j = np.triu_indices(len(x), k=1)
        r2 = np.sum((x[i] - x[j]) ** 2, axis=1)
        return combine(of_r2(r2)) if len(r2) else 0.0

    return energy


def pulled(of_r2, after=lambda g: g):
    """Return a gradient whose rows add up of_r2(r^2) (x_i - x_j)."""

    def gradient(x):
        between = x[:, None] - x
        r2 = np.sum(between**2, axis=-1).astype(float)
        np.fill_diagonal(r2, np.inf)
        return after(np.sum(of_r2(r2)[..., None] * between, axis=1))

    return gradient


def slope(r2):
    return -24 * (2 / r2**7 - 1 / r2**4)


def with_cut_off(x):
    return pulled(lambda r2: np.where(r2 < 2.25, slope(r2), 0))(x)


def of_eigenvalues(answer):
    def weight(laplacian):
        lam = np.linalg.eigvalsh(laplacian)
        return answer(lam)

    return weight


def back(score_slope, dz=lambda ds, w2, a: np.outer(ds, w2) * (1 - a**2), dw2=lambda a, ds: a.T @ ds):
    """Return back-propagation from another slope, or by another way through the hidden layer."""

    def gradient(W1, b1, w2, b2, X, y):
        a = np.tanh(X @ W1.T + b1)
        ds = score_slope(a @ w2 + b2, y)
        d_z = dz(ds, w2, a)
        return d_z.T @ X, d_z.sum(axis=0), dw2(a, ds), ds.sum()

    return gradient


def logistic_slope(s, y):
    return -y * sigmoid(-y * s) / len(y)


def without_part(k):
    def gradient(*given):
        parts = list(right("mlp-gradient")(*given))
        parts[k] = 0 * np.asarray(parts[k])
        return tuple(parts)

    return gradient


def through(layer):
    def forward(x, weights, h):
        states = [np.array(x, dtype=float)]
        for k, W in enumerate(weights):
            states.append(layer(states[-1], W, h, k))
        return np.array(states)

    return forward


def midpoint(x, W, h, k):
    return x + h * np.tanh(W @ (x + h / 2 * np.tanh(W @ x)))


def walk(step):
    """Return a walk that spends the whole budget: x - step(g, k, first length, budget)."""

    def method(oracle, x0, budget):
        x, first = np.array(x0, dtype=float), None
        for k in range(budget):
            g = oracle(x)
            first = first or np.linalg.norm(g)
            if not first:
                return x
            x = x - step(g, k, first, budget)
        return x

    return method


def shortest_gradient(oracle, x0, budget):
    """Return, of all the points asked, the one with the shortest gradient, after steps of unit length."""
    x, best = np.array(x0, dtype=float), (np.inf, x0)
    for _ in range(budget):
        g = oracle(x)
        length = np.linalg.norm(g)
        best = min(best, (length, x), key=lambda pair: pair[0])
        if length > 0:
            x = x - 0.2 * g / length
    return best[1]


def mean_of_all(oracle, x0, budget):
    points, x = [], np.array(x0, dtype=float)
    for _ in range(budget):
        g = oracle(x)
        x = x - 0.3 * g / max(np.linalg.norm(g), 1e-300)
        points.append(x)
    return np.mean(points, axis=0)


MISTAKES = {
    "landweber-step": [
        sharpened(lambda r, H: np.abs(H) * r),
        sharpened(lambda r, H: np.abs(H) ** 2 * r),
        sharpened(lambda r, H: np.conj(H) * np.conj(r)),
        sharpened(lambda r, H: np.conj(H) * r, lambda alpha: alpha**2),
        sharpened(lambda r, H: np.conj(H) * r / np.max(np.abs(H)) ** 2),
        lambda x, y, H, alpha: y + alpha * np.real(np.fft.ifft2(np.conj(H) * np.fft.fft2(y - blurred(y, H)))),
        lambda x, y, H, alpha: (1 - alpha) * x + alpha * blurred(y, np.conj(H)),
        lambda x, y, H, alpha: np.clip(right("landweber-step")(x, y, H, alpha), 0, None),
        lambda x, y, H, alpha: np.round(right("landweber-step")(x, y, H, alpha), 2),
    ],
    "blur-spectrum-bounds": [
        lambda H: (np.abs(H).max() ** 2, np.abs(H).min()),
        lambda H: (np.abs(H).max(), np.abs(H).min() ** 2),
        lambda H: (np.mean(np.abs(H) ** 2), np.min(np.abs(H) ** 2)),
        lambda H: (np.sum(np.abs(H) ** 2), np.min(np.abs(H) ** 2)),
        lambda H: (np.max(np.abs(H) ** 2), np.min(np.abs(H[np.abs(H) > 1e-6]) ** 2, initial=np.inf)),
        lambda H: (np.max(np.abs(H) ** 2), np.sort(np.abs(H).ravel())[1] ** 2),
        lambda H: np.max(np.abs(H) ** 2),
        lambda H: (np.max(np.abs(H)) ** 2, 0.0),
        lambda H: (
            np.max(np.abs(H.real) + np.abs(H.imag)) ** 2,
            np.min(np.abs(H.real) + np.abs(H.imag)) ** 2,
        ),
    ],
    "lennard-jones-energy": [
        over_pairs(lambda r2: 4 * (1 / r2**6 - 1 / r2**3), np.min),
        over_pairs(lambda r2: 4 * (1 / r2**6 - 1 / r2**3), lambda e: e),
        over_pairs(lambda r2: 4 * (1 / r2**6 - 1 / r2**3), lambda e: np.sum(np.abs(e))),
        over_pairs(lambda r2: 4 * (1 / r2**5 - 1 / r2**3)),
        over_pairs(lambda r2: np.where(r2 < 16, 4 * (1 / r2**6 - 1 / r2**3), 0)),
        over_pairs(lambda r2: 1 / r2**6 - 4 / r2**3),
        over_pairs(lambda r2: 4 * (1 / r2**3 - 1 / r2) ** 2),
        over_pairs(lambda r2: np.where(r2 < 2.25, 4 * (1 / r2**6 - 1 / r2**3), 0)),
        over_pairs(lambda r2: 4 * (1 / r2**6 - 1 / r2**3) + 1),
        over_pairs(lambda r2: -24 * (2 / r2**6.5 - 1 / r2**3.5)),
    ],
    "lennard-jones-gradient": [
        pulled(slope, lambda g: g / len(g)),
        pulled(lambda r2: np.where(r2 < 16, slope(r2), 0)),
        pulled(slope, lambda g: g - g[0]),
        pulled(slope, np.abs),
        pulled(slope, lambda g: g.ravel()),
        pulled(slope, lambda g: g.T),
        pulled(slope, lambda g: g / np.linalg.norm(g) if np.any(g) else g),
        pulled(lambda r2: -24 * (2 / r2**7 - 1 / r2**3.5)),
        (pulled(lambda r2: -12 * (2 / r2**7 - 1 / r2**4)), "half of the gradient"),
        pulled(lambda r2: -24 * (1 / r2**7 - 2 / r2**4)),
        with_cut_off,
    ],
    "critical-pair-step": [
        lambda epsilon, sigma: 2 * 2 ** (1 / 3) * sigma**2 / (57 * epsilon),
        lambda epsilon, sigma: 2 ** (1 / 6) * sigma**2 / (36 * epsilon),
        (lambda epsilon, sigma: sigma**2 / (36 * epsilon), "minimum at sigma"),
        lambda epsilon, sigma: 2 ** (1 / 3) * sigma**2 / (36 * epsilon**2),
        lambda epsilon, sigma: 2 ** (1 / 3) * sigma**3 / (36 * epsilon),
        lambda epsilon, sigma: 2 ** (1 / 3) * sigma**2 / (36 * np.sqrt(epsilon)),
        lambda epsilon, sigma: 2 ** (1 / 6) * sigma,
        lambda epsilon, sigma: 2 / (4 * epsilon * (156 / 4 - 42 / 2) / sigma),
        lambda epsilon, sigma: round(2 ** (1 / 3) * sigma**2 / (36 * epsilon), 4),
    ],
    "consensus-step": [
        lambda laplacian, x, alpha: x - alpha**2 * laplacian @ x,
        lambda laplacian, x, alpha: x - alpha * laplacian @ (laplacian @ x),
        lambda laplacian, x, alpha: np.linalg.solve(np.eye(len(x)) + alpha * laplacian, x),
        lambda laplacian, x, alpha: x - alpha * np.sign(laplacian) @ x,
        lambda laplacian, x, alpha: x - alpha * np.sign(laplacian @ x),
        lambda laplacian, x, alpha: x - alpha * np.tril(laplacian) @ x,
        lambda laplacian, x, alpha: (x - alpha * laplacian @ x)[:, None],
        lambda laplacian, x, alpha: [x, x - alpha * laplacian @ x],
        lambda laplacian, x, alpha: x - x.mean() - alpha * laplacian @ x,
        lambda laplacian, x, alpha: np.clip(x - alpha * laplacian @ x, 0, 5),
    ],
    "best-consensus-weight": [
        of_eigenvalues(lambda lam: (2 / (lam[-2] + lam[-1]), (lam[-1] - lam[-2]) / (lam[-1] + lam[-2]))),
        of_eigenvalues(
            lambda lam: (2 / (lam[1] + lam[-1]), np.sqrt((lam[-1] - lam[1]) / (lam[-1] + lam[1])))
        ),
        of_eigenvalues(lambda lam: (2 / (lam[1] + lam[-1]), 1 - lam[1])),
        of_eigenvalues(lambda lam: (2 / (lam[1] + lam[-1]), lam[-1] - lam[1])),
        of_eigenvalues(lambda lam: (1 / lam[1:].mean(), (lam[-1] - lam[1]) / (lam[-1] + lam[1]))),
        of_eigenvalues(lambda lam: (2 / np.sqrt(lam[1] * lam[-1]), (lam[-1] - lam[1]) / (lam[-1] + lam[1]))),
        of_eigenvalues(lambda lam: 2 / (lam[1] + lam[-1])),
        of_eigenvalues(
            lambda lam: (
                4 / (np.sqrt(lam[1]) + np.sqrt(lam[-1])) ** 2,
                (np.sqrt(lam[-1]) - np.sqrt(lam[1])) / (np.sqrt(lam[-1]) + np.sqrt(lam[1])),
            )
        ),
    ],
    "mlp-gradient": [
        back(lambda s, y: -y * np.exp(-y * s) / len(y)),
        back(lambda s, y: -y / (1 + np.exp(np.clip(s, -500, 500))) / len(y)),
        back(lambda s, y: np.where(y * s < 0, -y, 0) / len(y)),
        back(logistic_slope, dz=lambda ds, w2, a: np.outer(ds, w2) * (1 - a) ** 2),
        back(logistic_slope, dz=lambda ds, w2, a: np.outer(ds, w2) * (1 + a**2)),
        back(logistic_slope, dz=lambda ds, w2, a: np.outer(ds, np.ones_like(w2) * w2.mean()) * (1 - a**2)),
        back(logistic_slope, dz=lambda ds, w2, a: np.outer(ds, w2) * a),
        back(logistic_slope, dw2=lambda a, ds: (1 - a**2).T @ ds),
        back(logistic_slope, dw2=lambda a, ds: a.sum(axis=0) * ds.sum()),
        back(lambda s, y: logistic_slope(np.clip(s, -30, 30), y) * 2),
        without_part(0),
        without_part(2),
        lambda *given: right("mlp-gradient")(*given)[::-1],
        lambda *given: right("mlp-gradient")(*given)[:3],
    ],
    "residual-forward": [
        through(midpoint),
        through(lambda x, W, h, k: x + h * np.tanh(W) @ x),
        through(lambda x, W, h, k: x + h**2 * np.tanh(W @ x)),
        through(lambda x, W, h, k: x + h ** (k + 1) * np.tanh(W @ x)),
        through(lambda x, W, h, k: h * x + np.tanh(W @ x)),
        through(lambda x, W, h, k: x + h * sigmoid(W @ x)),
        through(lambda x, W, h, k: x + h * np.tanh(W * x).sum(axis=1)),
        through(lambda x, W, h, k: x + h / (k + 1) * np.tanh(W @ x)),
        lambda x, weights, h: right("residual-forward")(x, weights, h).T,
        lambda x, weights, h: right("residual-forward")(x, weights, h)[::-1],
    ],
    "capstone": [
        # the same multiple of the gradient all the way, and it does not fit
        (walk(lambda g, k, first, budget: 0.1 * g / first), "one fixed step for all"),
        walk(lambda g, k, first, budget: 0.1 / (k + 1) * g),
        walk(lambda g, k, first, budget: 0.05 * np.sign(g)),
        walk(lambda g, k, first, budget: 0.1 * g / (np.linalg.norm(g) + 1e-8)),
        shortest_gradient,
        mean_of_all,
        lambda oracle, x0, budget: np.zeros(len(x0)),
        lambda oracle, x0, budget: np.full(len(x0), np.nan),
        lambda oracle, x0, budget: oracle(x0),
        lambda oracle, x0, budget: x0 - oracle(x0),
    ],
}
