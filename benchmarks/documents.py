"""The papers of a round as PDF, from what is stored to the file, against WeasyPrint alone; and as .docx.

    .venv/bin/python -m benchmarks.documents [papers]

60 papers unless told otherwise: letters of two or three pages with a table. "Alone" is WeasyPrint on the
very HTML that it gets from us, with the stylesheet read once. Both in this process, one after the other,
after each has set one paper; seconds are of processor time. "Together" is what the job does, with as many
processes as there are processors, by the clock.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

AIM = 1.3


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{count} papers; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ |= {"SECRET_KEY": "only-for-the-benchmark-" * 3}
        import django

        django.setup()
        measure(stored_papers(count), Path(folder))


def measure(papers: list[Any], folder: Path) -> None:
    """Set papers that the database gave, against WeasyPrint alone on the same HTML."""
    from weasyprint import CSS, HTML

    from office.exports import typeset
    from reports.documents.batch import set_papers
    from reports.documents.docx import paper_docx
    from reports.documents.pdf import paper_html
    from reports.documents.services import content_of

    count = len(papers)
    sheet = CSS(filename=str(typeset.STYLESHEETS / "official.css"))
    htmls = [paper_html(content_of(one)) for one in papers]

    def alone(html: str) -> bytes:
        made = bytes(HTML(string=html).write_pdf(stylesheets=[sheet]))
        gc.collect()
        return made

    def ours(paper: Any) -> Path:
        return typeset.write_pdf(paper_html(content_of(paper)), folder / f"{paper.pk}.pdf")

    alone(htmls[0]), ours(papers[0])
    bare = seconds(lambda: [alone(one) for one in htmls])
    whole = seconds(lambda: [ours(one) for one in papers])
    word = seconds(lambda: [paper_docx(content_of(one)) for one in papers])
    print(f"WeasyPrint alone {bare:5.1f} s busy, {1000 * bare / count:.0f} ms a paper")
    print(f"from the store   {whole:5.1f} s busy, {whole / bare:.2f} x (aim {AIM})")
    print(f".docx            {word:5.1f} s busy, {word / bare:.2f} x")
    clock = time.perf_counter()
    made = list(set_papers(papers, folder, lambda *_: None))
    clock = time.perf_counter() - clock
    print(f"together         {clock:5.1f} s by the clock for {len(made)}, {clock / bare:.2f} x")


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def stored_papers(count: int) -> list[Any]:
    """Papers as the database gives them; nothing is saved."""
    from reports.documents import content as contents
    from reports.documents.content import Align, Attachment, Column, Content, Form, Heading, Paragraph, Table
    from reports.models import OfficialDocument

    text = Paragraph("依据评价办法和本轮评价结果，现将存在的问题和整改要求通知如下，请按期办理。" * 4)
    columns = (
        Column("序号", 1),
        Column("问题", 6, Align.LEFT),
        Column("措施", 6, Align.LEFT),
        Column("期限", 2),
    )
    rows = tuple(
        (str(place), "办理事项超过承诺时限", "压缩环节并公开进度", "11月底") for place in range(1, 25)
    )
    found = []
    for place in range(1, count + 1):
        content = Content(
            Form.LETTER,
            f"关于第{place}单位限期整改的通知书",
            "示范县优化营商环境服务中心",
            date(2026, 10, 20),
            (text, Heading(1, "存在的问题"), text, Heading(1, "整改要求"), text),
            mark="示范县优化营商环境服务中心",
            number=f"示营商〔2026〕{place}号",
            addressee=f"第{place}单位",
            attachments=(Attachment("整改问题清单", (Table(columns, rows),)),),
            copies=("县委组织部",),
            check_code="K7PX-2M9Q-WT4D",
        )
        paper = OfficialDocument(pk=place, content=contents.to_plain(content))
        paper.number, paper.title = content.number, content.title
        found.append(paper)
    return found


if __name__ == "__main__":
    main()
