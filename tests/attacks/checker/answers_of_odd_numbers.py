"""Answer with numbers that no array holds: negative shapes, wrong byte counts, dtypes that run code, huge shapes."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
kernel = get_ipython().kernel
odd = [
    {"array": 0, "dtype": "|O", "shape": [1]}, {"array": 0, "dtype": "<f8", "shape": [-1]},
    {"array": 9, "dtype": "<f8", "shape": [2]}, {"array": 0, "dtype": "<f8", "shape": [2**40, 0]},
    {"int": "9" * 10**5}, {"float": "inf" * 9}, {"given": "grad", "problem": []}, {"__reduce__": []},
]
turn = [0]
def answer_oddly(stream, ident, message):
    form = {"trouble": None, "sentence": "", "where": "", "error": "", "changed": [], "undrawn": [], "printed": ""}
    outcomes = []
    for _ in message["content"]["cases"]:
        outcomes.append({**form, "returned": odd[turn[0] % len(odd)]})
        turn[0] += 1
    kernel.session.send(stream, "downhill_reply", {"outcomes": outcomes, "entered": []}, message, ident=ident,
                        buffers=[b"12345678"])
kernel.shell_handlers["downhill_request"] = answer_oddly
print("odd")
""",
    shown="odd",
)
