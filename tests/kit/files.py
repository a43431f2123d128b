"""Workbooks and pictures as people send them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image

DATA = Path(__file__).parent.parent / "data"
ROSTER = DATA / "roster.xlsx"
ENTITIES = DATA / "market-entities.xlsx"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: Sequence[object]) -> bytes:
    """Return a workbook with these rows in its one sheet."""
    book: Any = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def changed(path: Path, change: Callable[[Workbook], None]) -> bytes:
    """Return the workbook after `change` was done to it."""
    book = load_workbook(path)
    change(book)
    return saved(book)


def small(people: list[list[object]], duties: list[list[object]] | None = None) -> bytes:
    """Return a workbook in the shape of annex 1 (and annex 2) with a few rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "附件1"
    sheet.append(["人员身份公示表"])
    sheet.append(["序号", "部门", "科（室）", "姓名", "职务", "人员类别", "分管科室", "办公电话", "备注"])
    for number, row in enumerate(people, start=1):
        sheet.append([number, *row])
    if duties is not None:
        second = book.create_sheet("附件2")
        second.append(
            ["部门", "科（室）", "岗位职责", "工作制度", "事项名称", "办理流程", "办理时限", "服务用语"]
        )
        for row in duties:
            second.append(row)
    return saved(book)


def first_sheet(content: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(content)).worksheets[0]


def uploaded(content: bytes, name: str = "名单.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(
    kind: str = "JPEG", size: tuple[int, int] = (900, 1200), color: str = "red", *, mode: str = "RGB"
) -> bytes:
    """Return a picture whose EXIF says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "secret place"
    Image.new(mode, size, color).save(out, kind, exif=exif)
    return out.getvalue()


def own_folders(settings: Any, folder: Path) -> Path:
    """Give a test a folder of its own for everything kept outside the database, keys included."""
    settings.DATA_DIR = folder
    settings.MEDIA_ROOT, settings.PUBLISHED_ROOT = folder / "media", folder / "published"
    settings.PRIVATE_ROOT, settings.KEYS_DIR = folder / "private", folder / "keys"
    return folder
