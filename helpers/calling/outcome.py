"""What came of one call, as plain data and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from helpers.oracle import Ledger


@dataclass(frozen=True)
class Outcome:
    """What came of one call.

    `returned` is plain data and a private copy. `trouble` is None, "not-attempted", "raised", "too-slow",
    "not-run" or "overspent"; `sentence` says it in words, `error` is the type of what was raised (MISFIT if the function could
    not even be called) and `where` the learner's lines. `changed` names the arguments that were changed in
    place, `undrawn` the random generators from which nothing was drawn. `arguments` are those of the call, as they were left. `ledger` holds what was asked of the oracle, if
    there was one: counted here, or by the judge where the call happened elsewhere.
    """

    returned: object = None
    trouble: str | None = None
    sentence: str = ""
    where: str = ""
    error: str = ""
    changed: tuple[str, ...] = ()
    printed: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict, repr=False)
    ledger: Ledger | None = field(default=None, repr=False)
    undrawn: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the call came back with a value."""
        return self.trouble is None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "arguments": {}, "ledger": None}  # built functions cannot be pickled


def accounted(outcome: Outcome, ledger: Ledger | None) -> Outcome:
    """Return the outcome with what was asked of its oracle: to ask for more than the budget is trouble, caught or not."""
    if ledger is None:
        return outcome
    if not ledger.overspent or outcome.trouble in ("too-slow", "not-run"):
        return replace(outcome, ledger=ledger)
    sentence = (
        f"your function asked the oracle {ledger.calls} times, and the budget is {ledger.oracle.budget} calls"
    )
    return replace(outcome, returned=None, trouble="overspent", sentence=sentence, error="", ledger=ledger)
