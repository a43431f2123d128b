"""Open uploaded workbooks; refuse unsafe ones before anything is unpacked.

Rows are streamed (`read_only`), because a full load of a large workbook takes fifty times its size.
Streaming drops merged ranges, so they are read from the sheet's XML beside it.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from bisect import bisect, insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from office.errors import Refused
from office.workbooks.cells import Hidden, know_chinese_dates, stream
from office.workbooks.letters import dotted, fold

MEGABYTE = 1024 * 1024
MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 200 * MEGABYTE
MAX_SHARED_PART = 64 * MEGABYTE  # held in memory as a whole: shared strings, styles
MAX_COLUMNS = 60
MAX_ROW = 1_048_576
MAX_MERGES = 20_000

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls and of encrypted workbooks
UNREADABLE = (
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    ParseError,
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
)
SAVE_AS = "请在 Excel 或 WPS 中另存为“Excel 工作簿（.xlsx）”后重新上传。"
STRICT = b"http://purl.oclc.org/ooxml/"
HEAD = 64 * 1024
_STROKE = re.compile("(?<=[0-9])\\s*[－–—―‐‑−]+\\s*(?=[0-9])")
ESCAPED = ("'=", "'+", "'-", "'@")

# Called with (done, total, message in Chinese). `jobs.Progress` is one.
ReportProgress = Callable[[int, int, str], None]


def silently(done: int, total: int, message: str = "") -> None:
    """Report progress to nobody."""


def damaged() -> Refused:
    return Refused("无法读取该工作簿，文件可能已损坏", "请在 Excel 或 WPS 中打开检查，重新保存后再上传。")


@dataclass(frozen=True)
class Fault:
    """One fault at one place of a workbook; `reason` is for programs, `text` for people."""

    sheet: str
    row: int
    column: int
    label: str
    reason: str
    text: str

    def __str__(self) -> str:
        place = f"“{self.sheet}”第{self.row}行"
        if self.column:
            place += f"{get_column_letter(self.column)}列（{self.label}）"
        return f"{place}：{self.text}"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows as they stream by, and where cells are merged."""

    name: str
    _content: bytes
    _worksheet: Any  # ReadOnlyWorksheet, whose type stubs do not fit it
    stated_rows: int = 0  # what the file says of itself; only good for showing progress
    hidden: Hidden = field(default_factory=Hidden, compare=False)  # filled as the rows stream by

    @property
    def is_visible(self) -> bool:
        return bool(self._worksheet.sheet_state == "visible")

    def rows(self, limit: int) -> Iterator[tuple[object, ...]]:
        """Yield the cell values of each row, the first row first; more than `limit` rows are refused."""
        try:
            for number, row in enumerate(stream(self._worksheet, MAX_COLUMNS, self.hidden)):
                if number >= limit:
                    raise Refused(
                        f"工作表“{self.name}”超过 {limit} 行", "请删去多余的空行，或分成几个文件后重新上传。"
                    )
                yield row
        except UNREADABLE as error:
            raise damaged() from error

    def merges(self) -> Merges:
        """Read where cells are merged; the streaming reader does not say."""
        merges = Merges()
        try:
            with zipfile.ZipFile(io.BytesIO(self._content)) as archive:
                path = self._worksheet._worksheet_path  # noqa: SLF001 - the only place that tells
                if not _merges_at_all(archive, path):
                    return merges
                for left, top, right, bottom in _merged_ranges(archive, path):
                    merges.add(left, top, right, bottom)
        except UNREADABLE as error:
            raise damaged() from error
        return merges


class Merges:
    """Merged ranges, asked cell by cell without unfolding them."""

    def __init__(self) -> None:
        self._by_column: dict[int, list[tuple[int, int, int]]] = {}
        self.anchors: set[tuple[int, int]] = set()

    def __bool__(self) -> bool:
        return bool(self.anchors)

    def add(self, left: int, top: int, right: int, bottom: int) -> None:
        """Note one merged range (columns and rows count from 1)."""
        self.anchors.add((top, left))
        for column in range(left, right + 1):
            insort(self._by_column.setdefault(column, []), (top, bottom, left))

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """Return the cell that holds the value shown at this cell."""
        ranges = self._by_column.get(column, [])
        position = bisect(ranges, (row, MAX_ROW, MAX_COLUMNS)) - 1
        if position >= 0:
            top, bottom, left = ranges[position]
            if top <= row <= bottom:
                return top, left
        return row, column


def tidy(value: object) -> str:
    """Return a cell as one line of text: half-width letters and digits, no padding.

    Names padded to three characters (`孟　敏`) lose their padding. Chinese brackets stay Chinese, and
    blanks inside text that is not Chinese stay. The apostrophe that an export puts before `=+-@` goes.
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    line = " ".join(fold(str(value)).split())
    return line[1:] if line.startswith(ESCAPED) else line


def telephone(value: object) -> str:
    """Return a telephone number; whatever stroke was typed between its digits is a hyphen."""
    return _STROKE.sub("-", tidy(value))


def paragraph(value: object) -> str:
    """Return a cell with its line breaks, each line tidied."""
    lines = (tidy(line) for line in ("" if value is None else str(value)).splitlines())
    return "\n".join(line for line in lines if line)


def squeeze(value: object) -> str:
    """Return a cell without any blank: for headers, names, kinds."""
    return dotted("".join(tidy(value).split()))


def read_upload(path: Path) -> bytes:
    """Read a file from disk; one that is too large is refused before it is read."""
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"打不开文件“{path.name}”", "请核对路径和读取权限。") from error


def check_size(size: int, largest: int = MAX_FILE) -> None:
    """Refuse a file that is too large, before anybody reads it."""
    if size > largest:
        raise Refused(
            f"文件有 {size // MEGABYTE} MB，超过 {largest // MEGABYTE} MB 的上限",
            "请删去多余的内容，或分成几个文件后重新上传。",
        )


def unpacked_size(content: bytes) -> int:
    """Return how large an archive says it becomes; 0 for what is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist())
    except UNREADABLE:
        return 0


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def open_workbook(content: bytes) -> list[Sheet]:
    """Return the visible sheets of a workbook, or refuse in words the sender can act on."""
    return [sheet for sheet in all_sheets(content) if sheet.is_visible]


def all_sheets(content: bytes) -> list[Sheet]:
    _look_at(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        know_chinese_dates(book)
    except UNREADABLE as error:
        raise damaged() from error
    return [
        Sheet(sheet.title, content, sheet, sheet.max_row or 0)
        for sheet in book.worksheets
        if isinstance(sheet, ReadOnlyWorksheet)
    ]


def _look_at(content: bytes) -> None:
    if not content:
        raise Refused("文件是空的", "请选择填写好的工作簿（.xlsx）。")
    check_size(len(content))
    if content.startswith(OLE_MAGIC):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Refused("工作簿设有打开密码，无法读取", "请取消密码后重新上传。")
        raise Refused("这是旧格式（.xls）的文件", SAVE_AS)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("这不是 Excel 工作簿", SAVE_AS)
    _look_at_archive(content)


def _look_at_archive(content: bytes) -> None:
    """Refuse what would not fit into memory once unpacked (the archive states each part's size)."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            book = next((part for part in parts if part.filename == "xl/workbook.xml"), None)
            head = _head(archive, book) if book else b""
    except UNREADABLE as error:
        raise Refused("文件已损坏", SAVE_AS) from error
    if book is None:
        raise Refused("这不是 Excel 工作簿", SAVE_AS)
    if STRICT in head:
        raise Refused("这是“Strict Open XML 电子表格”格式的文件，本系统不能读取", SAVE_AS)
    held = [part.file_size for part in parts if not part.filename.startswith("xl/worksheets/")]
    if sum(part.file_size for part in parts) > MAX_UNPACKED or max(held, default=0) > MAX_SHARED_PART:
        raise Refused("工作簿展开后过大", "请把名单单独复制到一个新的工作簿后重新上传。")


def _head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with archive.open(part) as opened:
        return opened.read(HEAD)


def _merges_at_all(archive: zipfile.ZipFile, path: str) -> bool:
    """Look for the word before a long sheet is parsed once more for nothing."""
    word, before = b"mergeCell", b""
    with archive.open(path) as part:
        while chunk := part.read(MEGABYTE):
            if word in before + chunk or b"\0m\0e\0r\0g\0e" in chunk:  # the latter in UTF-16
                return True
            before = chunk[-len(word) :]
    return False


def _merged_ranges(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the merged ranges of one sheet as (left, top, right, bottom)."""
    count = 0
    with archive.open(path) as part:
        for _, element in iterparse(part):  # noqa: S314 - expat limits what entities may grow to
            if element.tag.endswith("}row"):
                element.clear()
            elif element.tag.endswith("}mergeCell"):
                count += 1
                if count > MAX_MERGES:
                    raise Refused(f"合并单元格超过 {MAX_MERGES} 处", "请取消合并、向下填充后重新上传。")
                left, top, right, bottom = (side or 0 for side in range_boundaries(element.attrib["ref"]))
                if right <= MAX_COLUMNS:
                    yield left, top, right, bottom
