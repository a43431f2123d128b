"""Papers that people hand in (佐证材料、附件): what they may be, told by their content, not by their name."""

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
from django.http import FileResponse, Http404

from office.errors import Refused
from office.files import stored

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
_MEGABYTE = 1024 * 1024


def says() -> str:
    most = settings.EVIDENCE_MAX_BYTES // _MEGABYTE
    return f"PDF、图片（JPG、PNG）、Word（.docx）或 Excel（.xlsx）文件，不超过 {most} MB。"


@contextmanager
def put(row: Any, field: str, upload: UploadedFile[Any] | None) -> Iterator[None]:
    """Store a file with a row that is about to be saved, and its name in `<field>_name`; if the block fails,
    take it away.
    """
    if upload is None:
        yield
        return
    kind, content, name = _read(upload)
    setattr(row, f"{field}_name", name)
    file = getattr(row, field)
    file.save(f"{secrets.token_hex(16)}.{kind}", ContentFile(content), save=False)
    try:
        yield
    except BaseException:
        stored.private().delete(str(file.name))
        raise


def _read(upload: UploadedFile[Any]) -> tuple[str, bytes, str]:
    if (upload.size or 0) > settings.EVIDENCE_MAX_BYTES:  # before it is read
        most = settings.EVIDENCE_MAX_BYTES // _MEGABYTE
        why = f"文件有 {(upload.size or 0) // _MEGABYTE} MB，超过 {most} MB 的上限"
        raise Refused(why, f"可以提交：{says()}")
    content = upload.read()
    name = PurePath(upload.name or "").name
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if not content:
        raise Refused("材料是空文件", "请重新选择文件。")
    kind = kind_by_content(content)
    if kind is None:
        raise Refused(f"材料“{name[:40]}”的类型不能接收", f"可以提交：{says()}")
    if ending not in KINDS[kind]:
        raise Refused(
            f"材料“{name[:40]}”的内容与文件名的类型不符", f"内容是 {kind} 文件，请另存为该类型后再提交。"
        )
    return kind, content, f"{PurePath(name).stem[: LONGEST_NAME - 6]}.{ending}"


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


def answer(file: Any, name: str) -> FileResponse:
    """The file, always to be saved: a browser runs nothing that somebody handed in."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    kind = str(file.name).rpartition(".")[2]
    return FileResponse(
        content, as_attachment=True, filename=name or f"材料.{kind}", content_type=TYPES.get(kind)
    )
