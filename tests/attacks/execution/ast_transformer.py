"""Rewrite the syntax tree of every call of check into a number."""

from tests.attacks.corpus import NOTHING, Entry

ENTRY = Entry(
    NOTHING,
    cell="""
import ast
class Five(ast.NodeTransformer):
    def visit_Call(self, node):
        return ast.copy_location(ast.Constant(1.0), node) if getattr(node.func, "id", "") == "check" else node
get_ipython().ast_transformers.append(Five())
print("transformer in place")
""",
    shown="transformer in place",
)
