"""How fast a slider step is: in the kernel for every figure, and from key press to pixels in a real browser."""

from __future__ import annotations

import inspect
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.row import Row
from tests.browser.driver import MINUTE, NotebookDriver, chromium, signed_in_page
from tests.browser.jupyterlab import running_lab, write_notebook
from tests.figures import FIGURES
from tests.requirements import find_chromium

PRESSES = 30
KERNEL_REACH = 10.0  # ms
BROWSER_REACH = 6.0  # times

# Time from the key press to the frame after other pixels were there. A picture counts as new when its address
# is, which both ways make from the bytes, and when it is decoded.
WATCH = """root => {
  const seen = () => { const img = root.querySelector("img"); return img?.complete && img.naturalWidth && img.src; };
  const before = seen();
  window.elapsed = new Promise(done => {
    root.addEventListener("keydown", event => {
      const look = () => {
        const now = seen();
        if (!now || now === before) return requestAnimationFrame(look);
        root.querySelector("img").decode().then(() => requestAnimationFrame(() =>
          done(performance.now() - event.timeStamp)));
      };
      requestAnimationFrame(look);
    }, { once: true, capture: true });
  });
}"""


def rows():
    """Yield one row per figure for the kernel, then the one for the browser if there is one."""
    for name, (make, wandering, end) in FIGURES.items():
        yield Row(
            f"kernel, one slider step of {name}",
            in_the_kernel(make(), wandering, end),
            "ms",
            reach=KERNEL_REACH,
        )
    path = find_chromium()
    if path:
        ours, stock = in_the_browser(path)
        yield Row("browser, key press to pixels", ours, "ms", stock, stock / ours, BROWSER_REACH)


def in_the_kernel(figure, wandering, end):
    """Return the median time in ms of compute, artists, drawing and encoding, over small moves of every control.

    Processor time, so that other work on the machine does not show; on an idle one it is what a clock tells.
    """
    times = []
    for state in ({}, *wandering, end):
        start = figure.set(**state).state
        for name in end:
            for steps in range(-4, 5):
                moved = start | {name: figure._specs[name].nudged(start[name], steps)}
                began = time.process_time()
                figure._scene.update(data := figure.compute(**moved))
                figure._describe(data)
                figure.canvas.png(1)
                times.append(1e3 * (time.process_time() - began))
    return median(times)


def replotted(curvature, alpha, x0):
    """The parabola of chapter 01 in the stock way: everything plotted again at each step of a slider."""
    import matplotlib.pyplot as plt
    import numpy as np

    from helpers.descent import gradient_descent, step_regime
    from helpers.problems import parabola

    problem = parabola(curvature)
    x = gradient_descent(problem.grad, [x0], alpha, 16)
    grid, steps = np.linspace(-3.2, 3.2, 161), np.arange(17)
    _, (left, right) = plt.subplots(1, 2, figsize=(7.2, 3.84), dpi=100, layout="tight")
    left.plot(grid, problem.f(grid[:, None]))
    left.plot(x, problem.f(x), "o-")
    left.set(xlim=(-3.2, 3.2), ylim=(-0.5, 8.2), xlabel="x", ylabel="altitude f(x)")
    left.set_title(step_regime(alpha, curvature))
    right.semilogy(steps, np.abs(x[:, 0]), "o", label="measured")
    right.semilogy(steps, abs(x0) * abs(1 - alpha * curvature) ** steps, "--", label="theory")
    right.set(ylim=(1e-4, 1e3), xlabel="step k", ylabel="distance to the minimiser")
    right.legend()
    plt.show()


STOCK = f"""%matplotlib inline
import ipywidgets
{inspect.getsource(replotted)}
slider = ipywidgets.FloatLogSlider
stock = ipywidgets.interactive(
    replotted, curvature=slider(1, base=2, min=-1, max=1, step=1/8),
    alpha=slider(0.5, base=2, min=-6, max=2, step=1/8, description="step size"), x0=(-2.8, 2.8, 0.05),
)
stock.add_class("stock-figure")
stock"""
OURS = "from helpers.explore.step_size import parabola_steps\nparabola_steps(alpha=0.5)"


def in_the_browser(path):
    """Return the median time in ms from key press to changed pixels, ours and re-plotting with `interact`."""
    with tempfile.TemporaryDirectory() as home, running_lab(Path(home)) as lab:
        write_notebook(lab.root / "bench.ipynb", OURS, STOCK)
        with chromium(path) as browser, signed_in_page(browser, lab) as page:
            notebook = NotebookDriver(page, lab)
            notebook.open_notebook("bench.ipynb")
            notebook.run_all()
            ours = notebook.figure()
            return press(page, ours.root, ours), press(page, notebook.panel.locator(".stock-figure"))


def press(page, root, figure=None):
    """Press an arrow key to and fro on the slider called step size; return the median time to new pixels."""
    root.locator("img").first.wait_for(timeout=MINUTE)
    handle = root.locator(".widget-slider").filter(has_text="step size").locator(".noUi-handle")
    handle.focus()
    times = []
    for k in range(PRESSES + 3):
        before = figure.shown() if figure else None
        root.evaluate(WATCH)
        page.keyboard.press("ArrowRight" if k % 2 else "ArrowLeft")
        times.append(page.evaluate("() => window.elapsed"))
        if figure:  # the sharp frame belongs to this step, not to the next
            figure.wait_other(before)
    return median(times[3:])
