"""Keep the questions, and answer the next exercise in advance with what the last one got."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
kernel = get_ipython().kernel
handler = kernel.shell_handlers["downhill_request"]
kept = []
def replay(stream, ident, message):
    kept.append((ident, message))
    for ident_before, before in kept:
        handler(stream, ident_before, before)
        handler(stream, ident, {**message, "header": before["header"]})
kernel.shell_handlers["downhill_request"] = replay
print("replaying")
""",
    shown="replaying",
)
