"""Cells as Chinese Excel writes them and openpyxl cannot: formats of a country, rows hidden by a filter."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

WORKBOOKS = Path(__file__).parent.parent / "data" / "workbooks"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def given(name: str) -> bytes:
    """Return a workbook as somebody's office wrote it."""
    return (WORKBOOKS / f"{name}.xlsx").read_bytes()


def rewritten(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return the workbook with one part of its archive changed as text."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data.decode()) if info.filename == part else data)
    return out.getvalue()


def with_format(content: bytes, number: int) -> bytes:
    """Give every cell that shows a day the format of this number, which no workbook spells out."""
    return rewritten(
        content,
        "xl/styles.xml",
        lambda text: re.sub(r'numFmtId="(14|22|16[4-9])"', f'numFmtId="{number}"', text),
    )


def with_shared_text(content: bytes, cell: str, written: str) -> bytes:
    """Keep the text of a cell where Excel keeps texts, beside the sheets, as `written`."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    listed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    content = rewritten(content, "[Content_Types].xml", lambda text: text.replace("</Types>", listed))
    content = rewritten(
        content,
        "xl/worksheets/sheet1.xml",
        lambda text: re.sub(f'<c r="{cell}"[^>]*>.*?</c>', f'<c r="{cell}" t="s"><v>0</v></c>', text),
    )
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si>{written}</si></sst>')
    return out.getvalue()
