"""Scripts in outputs: HTML, SVG, JavaScript, LaTeX, a PDF, a widget."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(
    FULL,
    base="right",
    cell="""
from IPython.display import HTML, SVG, Javascript, display
evil = "<script>alert('evil-script')</script><img src=x onerror=alert(1)>"
display(HTML(evil))
display(SVG(data="<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"))
display(Javascript("alert('evil-script')"))
display({"text/latex": evil, "text/markdown": evil, "application/pdf": "eA==", "text/plain": evil}, raw=True)
print(evil)
""",
    shown="evil-script",
)
