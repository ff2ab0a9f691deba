"""Send a forged reply before the true one: whoever reads first reads full marks."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
kernel = get_ipython().kernel
handler = kernel.shell_handlers["downhill_request"]
def twice(stream, ident, message):
    count = len(message["content"].get("cases", ()))
    outcome = {"returned": {"float": "0x1.0p+0"}, "trouble": None, "sentence": "", "where": "", "error": "",
               "changed": [], "undrawn": [], "printed": ""}
    forged = {"outcomes": [outcome] * count, "entered": []}
    for _ in range(3):
        kernel.session.send(stream, "downhill_reply", forged, message, ident=ident)
    return handler(stream, ident, message)
kernel.shell_handlers["downhill_request"] = twice
print("doubled")
""",
    shown="doubled",
)
