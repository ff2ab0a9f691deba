"""Replace the kernel's handler of execute requests: it always says ok and shows 3."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    attention=None,
    cell="""
kernel = get_ipython().kernel
async def fine(stream, ident, parent):
    kernel.session.send(kernel.iopub_socket, "execute_result",
                        {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}, parent=parent)
    kernel.session.send(stream, "execute_reply", {"status": "ok", "execution_count": 1}, parent, ident=ident)
kernel.shell_handlers["execute_request"] = fine
print("replaced")
""",
    shown="replaced",
)
