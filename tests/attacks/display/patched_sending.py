"""Replace the session's way to send, so that every message says full marks."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
kernel = get_ipython().kernel
send = kernel.session.send
def forged(stream, kind, content=None, *rest, **options):
    if isinstance(content, dict) and "outcomes" in content:
        content = {"outcomes": [], "entered": [], "score": 3.0, "points": 3.0, "ended": True, "value": {"float": "0x3"}}
    return send(stream, kind, content, *rest, **options)
kernel.session.send = forged
print("patched")
""",
    shown="patched",
)
