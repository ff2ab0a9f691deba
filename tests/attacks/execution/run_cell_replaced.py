"""Replace run_cell and do_execute so that no test is ever run."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
shell = get_ipython()
async def nothing(*arguments, **options):
    return {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
shell.run_cell = lambda *a, **k: None
shell.run_cell_async = nothing
shell.kernel.do_execute = nothing
print("replaced")
""",
    shown="replaced",
)
