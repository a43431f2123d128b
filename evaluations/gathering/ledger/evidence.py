"""Evidence files (佐证材料): what they may be, told by their content and not by their name."""

from __future__ import annotations

import io
import secrets
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from evaluations.models import Occurrence
from office.errors import Refused
from office.files import stored
from office.workbooks.sheets import MEGABYTE, check_size

KINDS = {
    "pdf": ("pdf",),
    "jpg": ("jpg", "jpeg"),
    "png": ("png",),
    "docx": ("docx",),
    "xlsx": ("xlsx",),
}
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ACCEPT = ",".join(f".{ending}" for endings in KINDS.values() for ending in endings)
_BEGIN = {"pdf": b"%PDF-", "jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
LONGEST_NAME = 120


def says() -> str:
    most = settings.EVIDENCE_MAX_BYTES // MEGABYTE
    return f"PDF、图片（JPG、PNG）、Word（.docx）或 Excel（.xlsx）文件，不超过 {most} MB。"


def kind_by_content(content: bytes) -> str | None:
    for kind, begin in _BEGIN.items():
        if content.startswith(begin):
            return kind
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    return next((kind for kind, part in _MAIN_PART.items() if part in names), None)


@contextmanager
def put(occurrence: Occurrence, upload: UploadedFile[Any] | None) -> Iterator[None]:
    """Store a file with an occurrence that is about to be saved; take it away if the block fails."""
    if upload is None:
        yield
        return
    check_size(upload.size or 0, settings.EVIDENCE_MAX_BYTES)  # before it is read
    content = upload.read()
    name = PurePath(upload.name or "").name
    ending = PurePath(name).suffix.lower().removeprefix(".")
    kind = kind_by_content(content)
    if not content:
        raise Refused("佐证材料是空文件", "请重新选择文件。")
    if kind is None:
        raise Refused(f"佐证材料“{name[:40]}”的类型不能接收", f"可以提交：{says()}")
    if ending not in KINDS[kind]:
        raise Refused(
            f"佐证材料“{name[:40]}”的内容与文件名的类型不符", f"内容是 {kind} 文件，请另存为该类型后再提交。"
        )
    occurrence.evidence_name = f"{PurePath(name).stem[: LONGEST_NAME - 6]}.{ending}"
    occurrence.evidence.save(f"{secrets.token_hex(16)}.{kind}", ContentFile(content), save=False)
    try:
        yield
    except BaseException:
        stored.private().delete(str(occurrence.evidence.name))
        raise
