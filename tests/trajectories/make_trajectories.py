"""Run PyTorch's optimizers with its automatic gradients and write their trajectories to torch.json.

Nothing of the course is imported, so that the table is an independent witness. To make it again:

    python -m venv torch-venv && torch-venv/bin/pip install torch==2.13.0 numpy
    torch-venv/bin/python tests/trajectories/make_trajectories.py

To add a row, add a line to ROWS: method, its settings in the course's names, problem, start, number of steps.
"""

from __future__ import annotations

import json
from pathlib import Path

TABLE = Path(__file__).with_name("torch.json")

VALLEY = {"problem": "quadratic", "arguments": {"Q": [[19.0, 10.0], [10.0, 7.0]], "b": [1.0, -2.0]}}
COST = {"problem": "cost_surface", "arguments": {}}
CURVED = {"problem": "rosenbrock", "arguments": {"a": 1.0, "b": 100.0}}
RIPPLES = {"problem": "wavy", "arguments": {"curvature": 0.2, "amplitude": 1.0, "frequency": 2.0}}
DATA = [[1.0, 0.5], [-0.5, 1.5], [2.0, -1.0], [0.25, -0.75], [-1.5, -0.5], [-0.25, 2.0]]
LABELS = {
    "problem": "logistic",
    "arguments": {"X": DATA, "y": [1.0, -1.0, 1.0, -1.0, -1.0, 1.0], "ridge": 0.125},
}
SQUARES = {
    "problem": "least_squares",
    "arguments": {"X": DATA, "y": [0.5, 2.0, -1.0, 0.0, 1.5, -0.5], "ridge": 0.25},
}

ADAM = {"alpha": 0.05, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
QUICK_ADAM = {"alpha": 0.2, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6}
# PyTorch corrects the bias of AMSGrad's moments and the course does not. With eps out of the way that is a
# schedule, alpha_t = alpha sqrt(1 - beta2^t) / (1 - beta1^t), which the course's function can be given.
AMSGRAD = {"alpha": 0.1, "beta1": 0.8, "beta2": 0.9, "eps": 1e-30}

ROWS = [
    ("gradient_descent", {"alpha": 0.05}, VALLEY, [1.5, -2.0], 30),
    ("gradient_descent", {"alpha": 0.1}, COST, [1.0, 1.0], 30),
    ("gradient_descent", {"alpha": 0.001}, CURVED, [-1.2, 1.0], 30),
    ("gradient_descent", {"alpha": 0.1}, RIPPLES, [4.0], 30),
    ("gradient_descent", {"alpha": 1.0}, LABELS, [-2.0, 3.0], 30),
    ("gradient_descent", {"alpha": 0.5}, SQUARES, [-2.0, 3.0], 30),
    ("gradient_descent", {"alpha": 0.1}, VALLEY, [1.5, -2.0], 30),  # beyond 2/L: it diverges
    ("heavy_ball", {"alpha": 0.05, "beta": 0.6}, VALLEY, [1.5, -2.0], 30),
    ("heavy_ball", {"alpha": 0.001, "beta": 0.9}, CURVED, [-1.2, 1.0], 30),
    ("heavy_ball", {"alpha": 0.5, "beta": 0.5}, LABELS, [-2.0, 3.0], 30),
    ("nesterov", {"alpha": 0.03, "beta": 0.7}, VALLEY, [1.5, -2.0], 30),
    ("nesterov", {"alpha": 0.001, "beta": 0.9}, CURVED, [-1.2, 1.0], 30),
    ("nesterov", {"alpha": 0.5, "beta": 0.5}, LABELS, [-2.0, 3.0], 30),
    ("adam", ADAM, VALLEY, [1.5, -2.0], 30),
    ("adam", QUICK_ADAM, CURVED, [-1.2, 1.0], 30),
    ("adam", QUICK_ADAM, LABELS, [-2.0, 3.0], 30),
    ("adamw", {**ADAM, "weight_decay": 0.1}, VALLEY, [1.5, -2.0], 30),
    ("adamw", {**QUICK_ADAM, "weight_decay": 0.02}, CURVED, [-1.2, 1.0], 30),
    ("rmsprop", {"alpha": 0.05, "beta": 0.9, "eps": 1e-8}, VALLEY, [1.5, -2.0], 30),
    ("rmsprop", {"alpha": 0.01, "beta": 0.99, "eps": 1e-6}, CURVED, [-1.2, 1.0], 30),
    ("amsgrad", AMSGRAD, VALLEY, [1.5, -2.0], 30),
    ("amsgrad", AMSGRAD, LABELS, [-2.0, 3.0], 30),
]


def trajectory(method, settings, problem, x0, n_steps):
    """Return the path of one of PyTorch's optimizers as n_steps + 1 lists of coordinates."""
    import torch

    f = loss(torch, **problem)
    x = torch.tensor(x0, dtype=torch.float64, requires_grad=True)
    optimizer = optimizers(torch)[method](x, **settings)
    path = [x.tolist()]
    for _ in range(n_steps):
        optimizer.zero_grad()
        f(x).backward()
        optimizer.step()
        path.append(x.tolist())
    return before_look_ahead(path, settings["beta"]) if method == "nesterov" else path


def optimizers(torch):
    sgd, adam = torch.optim.SGD, torch.optim.Adam
    return {
        "gradient_descent": lambda x, alpha: sgd([x], lr=alpha),
        "heavy_ball": lambda x, alpha, beta: sgd([x], lr=alpha, momentum=beta),
        "nesterov": lambda x, alpha, beta: sgd([x], lr=alpha, momentum=beta, nesterov=True),
        "adam": lambda x, alpha, beta1, beta2, eps: adam([x], lr=alpha, betas=(beta1, beta2), eps=eps),
        "adamw": lambda x, alpha, beta1, beta2, eps, weight_decay: torch.optim.AdamW(
            [x], lr=alpha, betas=(beta1, beta2), eps=eps, weight_decay=weight_decay
        ),
        "rmsprop": lambda x, alpha, beta, eps: torch.optim.RMSprop([x], lr=alpha, alpha=beta, eps=eps),
        "amsgrad": lambda x, alpha, beta1, beta2, eps: adam(
            [x], lr=alpha, betas=(beta1, beta2), eps=eps, amsgrad=True
        ),
    }


def loss(torch, problem, arguments):
    given = {
        name: torch.tensor(value, dtype=torch.float64) if isinstance(value, list) else value
        for name, value in arguments.items()
    }
    return {
        "quadratic": lambda Q, b: lambda x: x @ Q @ x / 2 - b @ x,
        "cost_surface": lambda: lambda x: 2 * (x[0] - 3) ** 2 + (x[1] + 1) ** 2 + 2 * x[0] * x[1],
        "rosenbrock": lambda a, b: lambda x: (a - x[0]) ** 2 + b * (x[1] - x[0] ** 2) ** 2,
        "wavy": lambda curvature, amplitude, frequency: (
            lambda x: curvature * x[0] ** 2 / 2 + amplitude * torch.sin(frequency * x[0])
        ),
        "logistic": lambda X, y, ridge: (
            lambda w: torch.nn.functional.softplus(-y * (X @ w)).mean() + ridge * (w @ w) / 2
        ),
        "least_squares": lambda X, y, ridge: lambda w: ((X @ w - y) ** 2).mean() / 2 + ridge * (w @ w) / 2,
    }[problem](**given)


def before_look_ahead(path, beta):
    """Return the x of y = x + beta (x - previous x): PyTorch keeps y, the course returns x."""
    x = [path[0]]
    for y in path[1:]:
        x.append([(ahead + beta * previous) / (1 + beta) for ahead, previous in zip(y, x[-1], strict=True)])
    return x


def main():
    import torch

    torch.set_num_threads(1)
    names = ("method", "settings", "problem", "x0", "n_steps")
    rows = [json.dumps({**dict(zip(names, row, strict=True)), "path": trajectory(*row)}) for row in ROWS]
    version = torch.__version__.partition("+")[0]
    TABLE.write_text(f'{{"made_with": "torch {version}", "rows": [\n' + ",\n".join(rows) + "\n]}\n")


if __name__ == "__main__":
    main()
