"""All exercises by id, in chapter order: `EXERCISES["gradient-step"]`.

One folder per chapter, one module per exercise. Its order: the cases, the known mistakes, other right answers,
then EXERCISE. Where that is too long for one module, the mistakes and other right answers stand beside it in
`<exercise>_answers`, and a verify of its own in `<exercise>_judging`. Name the module in its chapter's `__init__`, and the chapter in CHAPTERS below. tests/test_exercises.py
holds it to the contract: `.venv/bin/python -m pytest tests/test_exercises.py -q -k your-id`; then, once,
`.venv/bin/python -m tests.soak 2000 your-id` looks for rare coincidences.

**Cases** are drawn by `cases(rng)`, from `rng` alone (`drawing` has the usual draws).

- Inputs come by name in the order of the signature and are passed by position. Plain numbers, texts, arrays
  and tuples of them; a function of a problem is `given("grad", problem)`, a generator is `RandomSource(seed)` with a
  seed drawn from rng. Never a closure: the same case is also run in another process.
- The first case of a claim is the one a learner can redo by hand: two coordinates, one decimal. The card shows
  the failing case with the fewest numbers, and grad(x) beside it; `Case(shown={...})` adds what else one would have
  to work out first (the product that decides, the norms along the path).
- Every core case has to tell every mistake from the truth, by construction and not by luck: no coordinate 0 or
  equal to another, no matrix that is diagonal or symmetric where the order matters, alpha and eigenvalues not 1,
  minimiser not the origin, beta not 1/2, n not 2, at least two steps. Where you cannot build it in, `redrawn` and
  `telling` draw again, and give up after a thousand draws; never write `while True`.
- Go close to every limit, on both sides of it: gradients shorter and longer than 1, models that predict less and
  more. Otherwise a mistake nobody listed passes, or looks like one that is listed.
- Keep results away from what rounding decides. Numbers agree to 1e-5 of the largest expected entry, plus 1e-12: no
  result that is a small difference of large terms (float32 answers are right as well), no tiny results, no path
  whose early rows are 1e-5 of its last.
  A count, a name or a yes/no is exact: keep what decides it 1e-3 away from the limit, or exactly on it in powers of 2.
- Arrays may hold whole numbers (int64): make that a claim of its own wherever arrays come in.
- Draw several dimensions (1, 2, 3, 5), so that hard-wired ones fail, and never only the prompt's worked example.
- Real data: build the problem once, outside the loop over cases, and keep it small.

**Claims** are sentences a learner can check: "no steps at all". The first is the core: half of the shares or more,
at least four random cases, and nothing is earned without it. Edge cases get claims of their own, so that one slip
costs one claim and its hint fits. Choose shares that split the points into round numbers. Where only one thing
is right in an edge (inf, -1) and anything may come instead, a verify with one kind of fault for all of it lets
one misconception stand for all.

**Results.** `Outcome.returned` is plain data: numbers, texts, arrays, lists and tuples of them. By default it is
compared with the reference's. A reference that returns a tuple expects the parts in order, each compared by itself.
An int expects a whole number exactly; a str or bool that very name or truth value.

**verify(case, outcome, expected)** replaces that comparison where many answers are right (random algorithms,
eigenvectors of either sign). It returns None or `Fault(kind, sentence)` and is called only if the function came
back. `helpers.agreement.as_numbers` first: it turns rubbish into a Fault. A mistake is recognised by its kind there, so
give every way to be wrong a kind of its own ("with-replacement", "not-shuffled"); the words value, shape, nan, none
and type are taken. Where there is one right answer all the same, begin the kind with "value: " ("value: short"),
and the card shows what was expected. What verify needs besides the inputs goes into `Case(facts=...)`. `Case(repeat=n)` passes the
same arguments n times, so a generator moves on; `returned` is then the list of the n results. Test distributions
with bounds that a right answer misses once in 1e9 runs, and mistakes by a wide margin.

**Misconceptions** are functions a learner might have written, with the signature of the exercise. A learner's
function is taken for one if it passes every claim before the first that fails, and there does the same in
every case; among several, the one that does the same in the most claims is named. In the core at least one wrong
value has to be the same, since anything can raise a TypeError.

- `also` holds the same mistake coming out differently: without the guard, with the other sign, with a loop. One hint
  must be true for all of them, else they are two misconceptions.
- Two mistakes must differ in the core claim. If they come out the same in every case, they are one.
- One that would never end counts its turns and raises `helpers.time_limit.TooSlow`: nobody waits for it.
- Write the mistake, not "anything but the truth": a combination of two, or a mistake nobody listed, is better left
  without a name than given a wrong hint.

**A hint** says what the function does, then what to change, in the words and symbols of the prompt: "You divide the
gradient by its length, so every step is alpha long. Use the gradient as it is." Not the whole line of the
solution, no praise, no blame, no exclamation marks, two or three sentences.

**Alternatives** are right answers that look different: lists, float32, a loop over coordinates, recursion, another
algorithm, a 0-d array. They find the claims that are too strict.
"""

from helpers.exercises import (
    adam,
    applications,
    conditioning,
    gradient_flow,
    momentum,
    regularization,
    sgd,
    smoothness,
    start,
    step_size,
)
from helpers.exercises.table import Exercise

CHAPTERS = (
    start,
    step_size,
    smoothness,
    conditioning,
    regularization,
    gradient_flow,
    sgd,
    momentum,
    adam,
    applications,
)

EXERCISES: dict[str, Exercise] = {
    exercise.id: exercise for chapter in CHAPTERS for exercise in chapter.EXERCISES
}
