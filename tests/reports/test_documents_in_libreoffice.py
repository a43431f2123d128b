"""The .docx as LibreOffice lays it out: run by `make test-long` alone, which installs it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from reports.documents.content import Content
from reports.documents.docx import paper_docx
from tests.reports.papers_read import Page, Words, pages
from tests.reports.test_documents_geometry import LETTER, OFFICE, PAPER, near

PATIENCE = 240  # seconds: it starts slowly on a busy machine


def laid_out(content: Content, folder: Path) -> list[Page]:
    source = folder / "paper.docx"
    source.write_bytes(paper_docx(content))
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return pages((folder / "paper.pdf").read_bytes())


def left_of(words: Words) -> float:
    return words.left


def look_at_the_layout(tmp_path: Path) -> None:
    paper = laid_out(PAPER, tmp_path)
    assert all(near(one.size[0], 210, 0.2) and near(one.size[1], 297, 0.2) for one in paper)
    for place, page in enumerate(paper, start=1):
        number = sorted(
            (one for one in page.words if one.base > 262 and near(one.size, 14, 0.1)), key=left_of
        )
        assert "".join(one.text for one in number) == f"—{place}—"
        assert (number[0].left > 150) is (place % 2 == 1), "page numbers change sides"
        assert near(number[0].base - 0.33 * 14 * 25.4 / 72, 297 - 35 + 7, 1.5)
    full = [one for one in paper[1].words if len(one.text) == 28]
    assert full, "28 characters a line"
    assert all(near(one.left, 28, 0.3) for one in full)
    imprint = next(one for one in paper[-1].words if "抄送" in one.text)
    assert imprint.base > 297 - 35 - 20, "the imprint lies at the foot of the last page"
    rows = [page for page in paper if sum(one.text == "参评单位" for one in page.words) > 1]
    assert len(rows) > 1
    assert all(any("得分" in one.text for one in page.words) for page in rows), "heads of tables repeat"
    folder = tmp_path / "letter"
    folder.mkdir()
    letter = laid_out(LETTER, folder)
    assert letter[0].at(OFFICE).base < 50
    assert not any(one.text.startswith("—") for one in letter[0].words)


if os.environ.get("LONG_TESTS"):
    test_libreoffice_lays_out_what_the_standard_says = look_at_the_layout
