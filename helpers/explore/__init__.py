"""Live figures: controls -> compute -> artists -> pixels, a frame in milliseconds.

A new figure is one function that returns a `LiveFigure`; `walks.contour_walk` is a good one to copy. The parts::

    def halving(x0: float = 3.0, alpha: float = 0.25, method: Callable = gradient_descent) -> LiveFigure:
        problem, run = parabola(1.0), Runner(method, ours=gradient_descent)  # a learner's cannot break the figure
        controls = {
            "x0": Slider("start x₀", -4, 4, 0.1, start=3.0),
            "alpha": LogSlider("step size α", 1 / 32, 4, start=0.25),
        }

        def compute(x0, alpha):                             # pure; helpers/*.py does the mathematics
            inputs = {"grad": problem.grad, "x0": np.array([x0]), "alpha": alpha, "n_steps": 20}
            return {"alpha": alpha, "path": run(inputs, shape=(21, 1))[:, 0]}

        def build(canvas):                                  # once: axes by pixels, then artists
            with canvas.building():
                axes = canvas.axes(60, 46, 700, 300, xlim=(-1, 21), ylim=(-5, 5), xlabel="step k", ylabel="x")
            dots = Dots(canvas, axes)

            def update(data):                               # every frame: data into artists, nothing else
                dots.set(np.arange(21), data["path"])

            return Scene(update, Drag(axes, lambda data: (0, data["path"][0]), y="x0"))

        def describe(data):                                 # caption, text alternative, text/plain: key numbers
            return f"20 steps of size {say(data['alpha'])} end at {say(data['path'][-1])}."

        return LiveFigure("Halving", starting(controls, x0=x0, alpha=alpha), compute, build, describe,
                          on_reset=run.try_again)

What makes a frame fast:

- `update` only calls `set` on artists. Changing anything else (limits, titles, ticks) is allowed and right, but
  draws a new background, ten times as slow; `Ticks` changes a scale without it.
- A text that moves or changes is `Words`, `Badge` or `MarkedLine`, never `axes.text`.
- What depends on one control only may be kept with `lru_cache` inside the figure.

What makes it a figure of this course: it starts where the phenomenon shows; theory is dashed and drawn beside what
was measured, which is dots; colours come from `draw.style` and are never the only sign; what leaves the picture
says so. Then add a line to tests/figures.py, which has it tested (moved through many settings it must equal a fresh
one, pixel for pixel) and timed by `make bench`, and look at it in JupyterLab: first, dragged, diverging.
"""
