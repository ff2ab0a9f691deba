"""What the methods of the course are for: four real subjects, and a last test. One module for each.

`images` sharpens a photograph, `chemistry` relaxes clusters of atoms, `networks` lets a network agree, `neural`
trains a small network by back-propagation, `capstone` hands out gradients of problems that nobody told you about.
Each module holds what its subject adds, the function to minimise and its constants; the methods are those of the
chapters before. A public function of a module is imported here as well, and so held to the rules for all of them.
"""

from helpers.applications.capstone import accelerated, courses_best, shrinking_steps
from helpers.applications.chemistry import (
    critical_pair_step,
    lennard_jones_energy,
    lennard_jones_gradient,
    pair_energy,
    pair_slope,
    scattered_atoms,
)
from helpers.applications.images import (
    blur,
    blur_spectrum_bounds,
    gaussian_kernel,
    landweber,
    landweber_after,
    landweber_step,
    motion_kernel,
    photograph,
    ridge_deblur,
)
from helpers.applications.networks import (
    best_consensus_weight,
    consensus,
    consensus_step,
    graph_laplacian,
    karate_club,
    path_graph,
    ring_graph,
    star_graph,
    stress_layout,
)
from helpers.applications.neural import (
    mlp_gradient,
    mlp_loss,
    mlp_score,
    mlp_start,
    packed,
    residual_forward,
    train_mlp,
    unpacked,
)

__all__ = [
    "accelerated",
    "best_consensus_weight",
    "blur",
    "blur_spectrum_bounds",
    "consensus",
    "consensus_step",
    "courses_best",
    "critical_pair_step",
    "gaussian_kernel",
    "graph_laplacian",
    "karate_club",
    "landweber",
    "landweber_after",
    "landweber_step",
    "lennard_jones_energy",
    "lennard_jones_gradient",
    "mlp_gradient",
    "mlp_loss",
    "mlp_score",
    "mlp_start",
    "motion_kernel",
    "packed",
    "pair_energy",
    "pair_slope",
    "path_graph",
    "photograph",
    "residual_forward",
    "ridge_deblur",
    "ring_graph",
    "scattered_atoms",
    "shrinking_steps",
    "star_graph",
    "stress_layout",
    "train_mlp",
    "unpacked",
]
