"""Read the judge's request on its way in: nothing in it may say what is expected."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
kernel = get_ipython().kernel
handler = kernel.shell_handlers["downhill_request"]
asked = []
def listen(stream, ident, message):
    asked.append(str(message["content"]))
    return handler(stream, ident, message)
kernel.shell_handlers["downhill_request"] = listen
print("listening")
""",
    change=lambda paper: paper.append(
        'words = ("expected", "reference", "points", "secret", "score")\n'
        'print("loot:", [word for word in words if any(word in text for text in asked)], len(asked))'
    ),
    shown="loot: [] 6",
)
