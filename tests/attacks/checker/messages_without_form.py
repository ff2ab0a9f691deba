"""Answer with messages that break every reader: missing keys, wrong types, bytes that are not JSON, a broken signature."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
kernel = get_ipython().kernel
def garbage(stream, ident, message):
    for content in ([], None, {"outcomes": {}}, {"outcomes": [[]] * 9}, {"absent": {}}):
        kernel.session.send(stream, "downhill_reply", content, {"header": {"msg_id": 5}}, ident=ident)
    stream.send_multipart([*ident, b"<IDS|MSG>", b"0" * 64, b"{", b"}", b"\\xff", b"null"])
kernel.shell_handlers["downhill_request"] = garbage
print("garbage ready")
""",
    shown="garbage ready",
)
