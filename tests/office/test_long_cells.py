"""A text longer than a page in a cell: every page keeps headings and frames, and nothing of it is lost."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from office.exports import typeset
from office.exports.long_cells import LONGEST, cut

HEAD = "<thead><tr><th>科（室）</th><th>岗位职责</th><th>事项</th></tr></thead>"
LONG = "".join(f"第{number}项职责须逐条办理。" for number in range(400))


def table(rows: int, text: str) -> str:
    first = (
        f'<tr><td rowspan="{rows}">甲科</td><td class="text" rowspan="{rows}">{text}</td><td>事项0</td></tr>'
    )
    more = "".join(f"<tr><td>事项{number}</td></tr>" for number in range(1, rows))
    return f"<h1>公示表</h1><table>{HEAD}<tbody>{first}{more}</tbody></table>"


def test_a_cell_that_fits_is_left_alone() -> None:
    assert cut(table(3, "短" * LONGEST)) == table(3, "短" * LONGEST)


def test_nothing_is_lost_and_every_row_has_all_columns() -> None:
    for rows in (1, 3, 30):
        done = cut(table(rows, LONG))
        cells = re.findall(r'<td class="text[^"]*">(.*?)</td>', done)
        assert "".join(cells) == LONG
        assert re.findall(r">(事项\d+)<", done) == [f"事项{n}" for n in range(rows)]
        body = done.partition("<tbody>")[2]
        assert {row.count("<td") for row in re.findall(r"<tr>(.*?)</tr>", body)} == {3}


def test_breaks_and_entities_stay_whole() -> None:
    text = "&lt;甲&gt;<br>" * 200
    cells = re.findall(r'<td class="text[^"]*">(.*?)</td>', cut(table(2, text)))
    assert len(cells) > 2
    assert "".join(cells).count("&lt;甲&gt;") == 200


def test_every_page_has_the_headings() -> None:
    pages = PdfReader(io.BytesIO(typeset.pdf(table(30, LONG)))).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert len(texts) > 2
    assert all("岗位职责" in text for text in texts)
    assert "第1项" in texts[0], "the title does not stand alone"
    assert "".join(texts).count("项职责须逐条办理") >= 380
