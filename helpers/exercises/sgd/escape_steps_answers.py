"""What is written for the escape: walks with one part done otherwise, and right answers."""

import math

import numpy as np

from helpers.time_limit import TooSlow


def walk_with(
    move=lambda x, g, z, alpha, noise: x - alpha * (g + noise * z),
    away=lambda x, x0, last: np.linalg.norm(x - x0),
    result=lambda k: k,
    none=lambda max_steps: -1,
    draw=lambda rng, x: rng.standard_normal(len(x)),
    out=lambda distance, radius: distance > radius,
    more=0,
):
    """Return an escape_steps with one part of it done otherwise."""

    def walk(grad, x0, alpha, noise, radius, max_steps, rng):
        x = np.array(x0, dtype=float)
        for k in range(1, max_steps + 1 + more):
            last = x
            x = move(x, grad(x), draw(rng, x), alpha, noise)
            if out(away(x, x0, last), radius):
                return result(k)
        return none(max_steps)

    return walk


def without_end(grad, x0, alpha, noise, radius, max_steps, rng):
    x, k = np.array(x0, dtype=float), 0
    while not np.linalg.norm(x - x0) > radius:
        x, k = x - alpha * (grad(x) + noise * rng.standard_normal(len(x))), k + 1
        if k > 1000:
            raise TooSlow
    return k


def one_draw(grad, x0, alpha, noise, radius, max_steps, rng):
    z = rng.standard_normal(len(x0))
    return walk_with(draw=lambda rng, x: z)(grad, x0, alpha, noise, radius, max_steps, rng)


def kicked_off(grad, x0, alpha, noise, radius, max_steps, rng):
    x = np.array(x0, dtype=float)
    for k in range(1, max_steps + 1):
        x = x - alpha * grad(x)
        if k == 1:
            x = x - alpha * noise * rng.standard_normal(len(x))
        if np.linalg.norm(x - x0) > radius:
            return k
    return -1


def in_place(grad, x0, alpha, noise, radius, max_steps, rng):
    x = x0
    for k in range(1, max_steps + 1):
        x -= alpha * (grad(x) + noise * rng.standard_normal(len(x)))
        if np.linalg.norm(x - x0) > radius:
            return k
    return -1


def checks_before_moving(grad, x0, alpha, noise, radius, max_steps, rng):
    x = np.array(x0, dtype=float)
    for k in range(max_steps):
        if np.linalg.norm(x - x0) > radius:
            return k
        x = x - alpha * (grad(x) + noise * rng.standard_normal(len(x)))
    return -1


def by_while(grad, x0, alpha, noise, radius, max_steps, rng):
    x, k = np.asarray(x0) * 1.0, 0
    while k < max_steps:
        x, k = x - alpha * grad(x) + rng.normal(0.0, alpha * noise, np.shape(x)), k + 1
        if np.sum((x - x0) ** 2) > radius**2:
            return np.int64(k)
    return -1.0


def noise_drawn_first(grad, x0, alpha, noise, radius, max_steps, rng):
    kicks = alpha * noise * rng.standard_normal((max_steps, len(x0)))
    x, left = [float(v) for v in x0], -1
    for k, kick in enumerate(kicks):
        x = [a - alpha * float(g) - float(z) for a, g, z in zip(x, grad(np.array(x)), kick, strict=True)]
        if math.dist(x, [float(v) for v in x0]) > radius:
            left = k + 1
            break
    return left
