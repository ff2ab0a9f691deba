"""Publish a result of text/plain 3 as if it were the cell's own, under the message of every later request."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
shell = get_ipython()
def publish(*ignored):
    content = {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}
    shell.kernel.session.send(shell.kernel.iopub_socket, "execute_result", content, parent=shell.kernel.get_parent())
def answer(*inputs):
    publish()
    return 0.0
publish()
shell.events.register("post_run_cell", publish)
""",
    shown="1",
)
