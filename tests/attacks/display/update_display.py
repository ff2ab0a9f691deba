"""Update a display by its id after the fact, hoping that it lands in a test cell."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
from IPython.display import display
handle = display("waiting", display_id="gradient-step")
def answer(*inputs):
    handle.update(5.0)
    get_ipython().kernel.session.send(
        get_ipython().kernel.iopub_socket, "update_display_data",
        {"data": {"text/plain": "5"}, "metadata": {}, "transient": {"display_id": "gradient-step"}},
        parent=get_ipython().kernel.get_parent())
    return 0.0
""",
    shown="waiting",
)
