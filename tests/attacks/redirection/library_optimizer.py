"""Have SciPy's optimizer walk and record its path."""

from tests.attacks.corpus import POINTS, Entry

ENTRY = Entry(
    POINTS | {"limit-of-descent": 0.0},
    base="right",
    redirected=("limit-of-descent",),
    change=lambda paper: paper.answer(
        "limit-of-descent",
        "from scipy.optimize import minimize\n"
        "def limit_of_descent(grad, x0, alpha, n_steps, tol):\n"
        "    return minimize(lambda x: float(np.sum(x * x)), x0, jac=lambda x: grad(x), method='CG').nit",
    ),
)
