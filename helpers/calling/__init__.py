"""Call a learner's function: inputs protected, time limited, output kept, trouble put into one sentence.

Arguments that are functions or random generators travel as descriptions (`Given`, `RandomSource`,
`helpers.oracle.Oracle`) and are built where the call happens. The same case can therefore be run here or in another process. What comes back is
plain data (`helpers.plain`).
"""

from helpers.calling.calls import SECONDS, call, trusted_call
from helpers.calling.given import Given, RandomSource, build, pasteable
from helpers.calling.outcome import Outcome, accounted
from helpers.calling.settings import PRINTED, random_state_kept, settings_kept
from helpers.calling.words import MISFIT

__all__ = [
    "MISFIT",
    "PRINTED",
    "SECONDS",
    "Given",
    "Outcome",
    "RandomSource",
    "accounted",
    "build",
    "call",
    "pasteable",
    "random_state_kept",
    "settings_kept",
    "trusted_call",
]
