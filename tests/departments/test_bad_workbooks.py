"""Workbooks that cannot be read: a clear message, nothing changed, no memory eaten."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from departments.models import Department
from office.errors import Refused
from office.workbooks.sheets import MAX_FILE, open_workbook
from tests.kit.files import ENTITIES, saved, small

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b"0" * (65 * 1024 * 1024))
    return out.getvalue()


def not_a_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


def broken() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文件是空的"),
        (OLE + b"\0" * 600, "旧格式（.xls）"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "设有打开密码"),
        ("姓名,部门\n".encode(), "不是 Excel 工作簿"),
        (not_a_workbook(), "不是 Excel 工作簿"),
        (broken(), "可能已损坏"),
        (b"PK\x03\x04" + b"\0" * MAX_FILE, "超过 20 MB"),
        (bomb(), "展开后过大"),
    ],
    ids=["empty", "xls", "encrypted", "csv", "docx", "broken", "too large", "bomb"],
)
def test_an_unreadable_file_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(Refused, match=message) as refusal:
        open_workbook(content)
    assert "未作任何更改" in str(refusal.value)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["import_roster", "import_entities"])
def test_a_file_of_50_megabytes_is_refused_before_it_is_read(tmp_path: Path, command: str) -> None:
    file = tmp_path / "大.xlsx"
    with file.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    with pytest.raises(CommandError, match="有 50 MB，超过 20 MB 的上限"):
        call_command(command, str(file))


@pytest.mark.django_db
def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="打不开文件“没有"):
        call_command("import_roster", str(tmp_path / "没有.xlsx"))


@pytest.mark.django_db
def test_a_workbook_of_another_shape_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="缺少：部门、科（室）、姓名、人员类别"):
        call_command("import_roster", str(ENTITIES))
    file = tmp_path / "名册.xlsx"
    file.write_bytes(small([]))
    with pytest.raises(CommandError, match="缺少：市场主体名称、统一社会信用代码、主体类型、所属镇（街）"):
        call_command("import_entities", str(file))
    with pytest.raises(CommandError, match="只有表头"):
        call_command("import_roster", str(file))
    assert not Department.objects.exists()


@pytest.mark.django_db
def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "空.xlsx"
    file.write_bytes(saved(Workbook()))
    with pytest.raises(CommandError, match="没有找到附件1"):
        call_command("import_roster", str(file))


@pytest.mark.django_db
def test_a_sheet_with_a_stray_cell_at_its_very_end_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for column, text in enumerate(("部门", "科室", "姓名", "人员类别"), start=1):
        book.active.cell(1, column, text)
    book.active.cell(1_048_576, 1, "x")
    file = tmp_path / "长.xlsx"
    file.write_bytes(saved(book))
    with pytest.raises(CommandError, match="超过 20000 行"):
        call_command("import_roster", str(file))
