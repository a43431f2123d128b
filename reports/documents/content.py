"""What an official paper says, apart from how it looks: one content for PDF, .docx and screen.

Forms, order and marks after GB/T 9704-2012. Pure: plain values in, plain values out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

_NUMBER = re.compile(r"[^\s〔〕\[\]（）()\d第]+〔\d{4}〕[1-9]\d*号")
_ENDS = "。；，、：;,.:"
_ORDINALS = "一二三四五六七八九十"
DEEPEST = 4
MOST_SERIAL = 99_999


class Form(StrEnum):
    """Document, letter, table sheet or minutes: 公文, 信函, 表式记录, 纪要."""

    DOCUMENT = "document"
    LETTER = "letter"
    RECORD = "record"
    MINUTES = "minutes"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class FaultyContentError(ValueError):
    """A content that cannot be set as a paper; the faults are whole sentences in Chinese."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 to 4: 一、 （一） 1. （1）; the number is counted, never written."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """`width` is a share of the type area, beside the other columns' shares."""

    heading: str
    width: int = 1
    align: Align = Align.CENTER


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled cell of a table sheet; `lines` is the room it keeps for writing by hand."""

    label: str
    value: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Fields:
    """Rows of one or two fields, framed."""

    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign by hand, each with its label and room for the date."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPage:
    """Begins a page with a title of its own, such as the next unit's sheet in one file."""

    title: str


Block = Heading | Paragraph | Table | Fields | Signatures | NewPage
_BLOCKS: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "table": Table,
    "fields": Fields,
    "signatures": Signatures,
    "new_page": NewPage,
}
_NAMES = {of: name for name, of in _BLOCKS.items()}


@dataclass(frozen=True, slots=True)
class Attachment:
    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """One paper. `mark` is the red head and is empty for a body that may issue none."""

    form: Form
    title: str
    issuer: str
    on: date
    blocks: tuple[Block, ...]
    mark: str = ""
    number: str = ""
    signer: str = ""  # 签发人, of a paper to a superior
    addressee: str = ""
    attending: tuple[tuple[str, str], ...] = ()  # minutes: 出席, 请假, 列席 and who
    attachments: tuple[Attachment, ...] = ()
    sealed: bool = True  # leaves room for a seal; none is ever drawn
    note: str = ""  # 附注, without its brackets
    copies: tuple[str, ...] = ()  # 抄送
    printed_by: str = ""
    printed_on: date | None = None
    check_code: str = ""
    across: bool = False  # wide tables: the paper lies on its side, their heads at the binding

    def numbered(self, number: str, check_code: str) -> Content:
        return replace(self, number=number, check_code=check_code)


def number(code: str, year: int, serial: int) -> str:
    """Say a number as it is printed: 代字〔2026〕5号, six-sided brackets, no 第, no zero in front."""
    return f"{code}〔{year}〕{serial}号"


def faults(content: Content) -> list[str]:
    """Say what keeps this content from being a paper; nothing where it is one."""
    found = []
    if not content.title.strip():
        found.append("没有标题。")
    elif content.title.rstrip()[-1] in _ENDS:
        found.append("标题末尾不用标点。")
    if not content.issuer.strip() and content.form is not Form.RECORD:
        found.append("没有署发文机关。")
    if content.number and not _NUMBER.fullmatch(content.number):
        found.append(
            f"文号“{content.number}”不合规范，应如“某某办〔2026〕5号”：六角括号，不加“第”，不编虚位。"
        )
    if content.form in (Form.DOCUMENT, Form.LETTER, Form.MINUTES) and not content.blocks:
        found.append("没有正文。")
    for one in content.attachments:
        if not one.title.strip():
            found.append("有附件没有名称。")
        elif one.title.rstrip()[-1] in _ENDS:
            found.append(f"附件“{one.title}”的名称后不加标点。")
    for block in every_block(content):
        found.extend(_faults_of(block))
    return found


def check(content: Content) -> Content:
    if found := faults(content):
        raise FaultyContentError(found)
    return content


def every_block(content: Content) -> Iterator[Block]:
    yield from content.blocks
    for one in content.attachments:
        yield from one.blocks


def _faults_of(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, text):
            if not 1 <= level <= DEEPEST:
                yield f"“{text}”的层次超出四级。"
            if not text.strip():
                yield "有小标题没有文字。"
        case Table(columns, rows, _):
            if not columns:
                yield "有表格没有栏目。"
            if any(len(row) != len(columns) for row in rows):
                yield f"表格“{'、'.join(one.heading for one in columns)}”有的行与栏目数不一致。"
        case Fields(rows):
            if any(len(row) not in (1, 2) for row in rows):
                yield "表式记录每行只能有一栏或两栏。"


# --- What is counted and worded the same way in every form of output ------------------------------


def counted(blocks: Sequence[Block]) -> Iterator[tuple[str, Block]]:
    """Yield each block with its number: 一、 （一） 1. （1） for headings, nothing for others."""
    at = [0] * (DEEPEST + 1)
    for block in blocks:
        if isinstance(block, Heading):
            at[block.level] += 1
            at[block.level + 1 :] = [0] * (DEEPEST - block.level)
            yield ordinal(block.level, at[block.level]), block
        else:
            yield "", block


def ordinal(level: int, count: int) -> str:
    match level:
        case 1:
            return f"{in_hanzi(count)}、"
        case 2:
            return f"（{in_hanzi(count)}）"
        case 3:
            return f"{count}. "
        case _:
            return f"（{count}）"


def in_hanzi(count: int) -> str:
    """Say 1 to 99 in Chinese: 一, 十, 十一, 二十, 二十一."""
    tens, ones = divmod(count, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_ORDINALS[tens - 1]}十"
    return ten + (_ORDINALS[ones - 1] if ones else "")


def attachments_said(content: Content) -> list[str]:
    """Say which attachments there are (附件说明): one alone has no number, none has a mark behind."""
    titles = [one.title for one in content.attachments]
    if len(titles) == 1:
        return [f"附件：{titles[0]}"]
    return [f"{'附件：' if place == 1 else ''}{place}. {title}" for place, title in enumerate(titles, 1)]


def attachment_heads(content: Content) -> list[str]:
    """What stands in the upper left corner of each attachment: 附件, or 附件1 and so on."""
    if len(content.attachments) == 1:
        return ["附件"]
    return [f"附件{place}" for place, _ in enumerate(content.attachments, 1)]


def copies_said(content: Content) -> str:
    return f"{'，'.join(content.copies)}。" if content.copies else ""


def said(on: date) -> str:
    """A date as papers write it: 2026年3月5日."""
    return f"{on.year}年{on.month}月{on.day}日"


# --- Plain values, as they are stored ---------------------------------------------------------------


def to_plain(content: Content) -> dict[str, Any]:
    plain = asdict(content)
    plain["on"] = content.on.isoformat()
    plain["printed_on"] = content.printed_on.isoformat() if content.printed_on else None
    plain["blocks"] = [_plain_block(one) for one in content.blocks]
    for one, stored in zip(content.attachments, plain["attachments"], strict=True):
        stored["blocks"] = [_plain_block(block) for block in one.blocks]
    # As JSON would give it back, so that the digest of what was made is that of what is read.
    again: dict[str, Any] = json.loads(json.dumps(plain, ensure_ascii=False))
    return again


def from_plain(plain: Mapping[str, Any]) -> Content:
    attachments = (
        Attachment(one["title"], tuple(_block(each) for each in one["blocks"]))
        for one in plain.get("attachments", ())
    )
    known = {one.name for one in fields(Content)}
    given = {key: value for key, value in plain.items() if key in known}
    return Content(
        **{
            **given,
            "form": Form(plain["form"]),
            "on": date.fromisoformat(plain["on"]),
            "printed_on": date.fromisoformat(plain["printed_on"]) if plain.get("printed_on") else None,
            "blocks": tuple(_block(one) for one in plain["blocks"]),
            "attending": tuple((who, names) for who, names in plain.get("attending", ())),
            "attachments": tuple(attachments),
            "copies": tuple(plain.get("copies", ())),
        }
    )


def _plain_block(block: Block) -> dict[str, Any]:
    return {"block": _NAMES[type(block)], **asdict(block)}


def _block(plain: Mapping[str, Any]) -> Block:
    match plain["block"]:
        case "heading":
            return Heading(plain["level"], plain["text"])
        case "table":
            columns = (Column(one["heading"], one["width"], Align(one["align"])) for one in plain["columns"])
            return Table(tuple(columns), tuple(map(tuple, plain["rows"])), plain["caption"])
        case "fields":
            return Fields(tuple(tuple(Field(**one) for one in row) for row in plain["rows"]))
        case "signatures":
            return Signatures(tuple(plain["labels"]))
        case "new_page":
            return NewPage(plain["title"])
        case "paragraph":
            return Paragraph(plain["text"])
    raise KeyError(plain["block"])


def digest(plain: Mapping[str, Any]) -> str:
    """SHA-256 of a stored content, whatever the order of its keys."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def words(content: Content) -> str:
    """All characters of a paper, to be looked up in fonts."""
    return json.dumps(to_plain(content), ensure_ascii=False)
