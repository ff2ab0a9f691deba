"""What a student shows in feedback, made to take the reader's time: shown as text instead."""

import pytest

from helpers.grading.feedback import FEW, MANY, MOST_SIGNS, clean, markdown

TABLE = (
    '<style scoped>\n.dataframe th { text-align: right; }\n</style>\n<table border="1" class="dataframe">'
    + 50 * '<tr style="color: red"><th>1</th><td>2.5</td><td>a &lt; b<br></td></tr>\n'
    + "</table>"
)


def test_a_long_table_as_programs_write_it_stays_a_table():
    assert TABLE.count("<") > FEW
    assert clean(TABLE).count("<td>") == 100


@pytest.mark.parametrize(
    "html",
    {
        "tags that are never closed": "".join(f'<p><b class="{k}">' for k in range(300_000)),
        "closed in a comment only": "".join(f'<p><b class="{k}"><!--</b>-->' for k in range(100_000)),
        "closed in a quoted text only": "".join(f'<b class="{k}" title="</b>">' for k in range(100_000)),
        "closed by another": "".join(f'<b class="{k}"></i><p>' for k in range(100_000)),
        "closed too late": "".join(f'<b class="{k}"><div></b></div>' for k in range(100_000)),
        "nested deeply": 50_000 * "<div>" + 50_000 * "</div>",
        "too many": MANY * "<b></b>",
        "in a text that is not read": "<plaintext>" + 50_000 * "<b>",
    }.values(),
)
def test_html_that_would_take_hours_to_read_is_shown_as_its_text(html):
    assert clean(html).startswith("<pre>&lt;")
    assert "<b" not in clean(html)


@pytest.mark.parametrize("signs", ["*a ", "[", "[a](", "$", "`", "<a ", "**a*", "> ", "_a", "![", "\\", "~~"])
def test_markdown_that_would_take_hours_to_read_is_shown_as_its_text(signs):
    assert markdown((MOST_SIGNS + 1) * signs).startswith("<pre>")


def test_a_picture_within_a_text_is_no_such_thing():
    picture = f"![a](data:image/png;base64,{100_000 * 'aB3/+x'}==)"
    assert "<img" in markdown(f"# Heading\n\nText with *stress* and $x^2$.\n\n{picture}\n")
