"""Judge the answers of an exercise on many draws: `python -m tests.soak 2000 gradient-step ...` (all without names).

The tests judge each answer on a few draws, which a coincidence of one in a hundred survives. This looks for the rest: a
right answer that fails, a known mistake that passes or gets another name. Minutes for an exercise; exit code 1
if it finds anything.
"""

import sys
from collections import Counter

from helpers.check import Report, judge_drawn, run_here
from helpers.drawn import draw
from helpers.exercises import EXERCISES
from helpers.exercises.table import Exercise

FIRST = 10**6  # seeds that no test uses


def surprises(exercise: Exercise, seeds: range) -> tuple[Counter, dict[str, tuple[int, Report]]]:
    """Return how often which answer is judged otherwise than the table says, and the first report on each."""
    right = {f"right answer {k}": f for k, f in enumerate((exercise.reference, *exercise.alternatives))}
    wrong = {
        f"{name} {k}": (name, function)
        for name, mistake in exercise.misconceptions.items()
        for k, function in enumerate((mistake.function, *mistake.also))
    }
    counts, firsts = Counter(), {}
    for seed in seeds:
        drawn = draw(exercise, seed)
        for label, (name, function) in {**{k: (None, f) for k, f in right.items()}, **wrong}.items():
            report = judge_drawn(drawn, lambda cases, f=function: run_here(f, cases))
            if report.misconception != name or report.passed != (name is None):
                counts[label] += 1
                firsts.setdefault(label, (seed, report))
    return counts, firsts


def main(seeds: int, names: list[str]) -> int:
    """Print what is found, exercise by exercise, and return how many answers surprised."""
    found = 0
    for name in names or EXERCISES:
        counts, firsts = surprises(EXERCISES[name], range(FIRST, FIRST + seeds))
        print(f"{name}: {dict(counts) or 'as the table says'}", flush=True)
        for label, (seed, report) in firsts.items():
            print(f"\n{label}, seed {seed}, named {report.misconception}\n{report}\n")
        found += len(counts)
    return found


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]) > 0)
