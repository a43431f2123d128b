"""Boards for a wall: a unit's people with photos, and its duties, as A4 or A3 sheets (YC-R1, YC-R2).

They show what the public site shows on the day they are printed; a new one is hung when that changes.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from departments.roster.annexes import departments_open_to
from disclosure.models import DisclosureVersion
from disclosure.site import shown
from office import audit, roles
from office.errors import Refused
from office.files import stored
from office.models import User

BOARDS = {"identity": "身份公示牌（亮身份）", "duties": "职责公示牌（亮职责）"}
SIZES = {"a3": "A3", "a4": "A4"}
IN_A_ROW = {"a3": 5, "a4": 4}


@dataclass(frozen=True)
class Card:
    """One person on the board; `photo` is in the text of the sheet, which may load nothing."""

    name: str
    post: str
    photo: str


@dataclass(frozen=True)
class Row:
    """Cards beside each other; `section` heads the first row of a section."""

    section: str
    cards: list[Card]
    blank: range


def take_board(*, board: str, department_id: int, size: str, acting_user: User) -> str:
    """Return the sheet of what is published of a department, for typesetting; the export is audited."""
    roles.require(acting_user, "roster.view")
    is_open = departments_open_to(acting_user).filter(pk=department_id).exists()
    found = shown.department(department_id) if is_open else None
    if found is None or not found.sections:
        raise Refused("所选单位的身份和职责还没有公布", "请先在“公示身份和职责”中公布，再打印公示牌。")
    told = {"内容": BOARDS[board], "格式": f"PDF（{SIZES[size]}）"}
    with transaction.atomic():
        audit.record("导出", found.department, acting_user=acting_user, after=told)
    return board_html(found, board=board, size=size)


def board_html(unit: shown.ShownDepartment, *, board: str, size: str) -> str:
    context = {
        "unit": unit,
        "rows": _rows(unit, IN_A_ROW[size]) if board == "identity" else [],
        "columns": IN_A_ROW[size],
        "size": size,
        "county_name": settings.COUNTY_NAME,
        "phone": settings.SITE_FOOT["supervision"],
        "published_on": _published_on(unit),
        "demo": settings.DEMO,
    }
    return render_to_string(f"disclosure/boards/{board}.html", context)


def _published_on(unit: shown.ShownDepartment) -> date | None:
    version = DisclosureVersion.objects.filter(department=unit.department, is_current=True).first()
    return timezone.localdate(version.approved_at) if version and version.approved_at else None


def _rows(unit: shown.ShownDepartment, in_a_row: int) -> list[Row]:
    """Leaders first; a section begins a row of its own."""
    rows = []
    for section in sorted(unit.sections, key=lambda one: not one.is_leadership):
        cards = [Card(one.name, one.post or one.get_kind_display, _photo(one)) for one in section.people]
        for start in range(0, len(cards), in_a_row):
            piece = cards[start : start + in_a_row]
            rows.append(Row("" if start else section.name, piece, range(in_a_row - len(piece))))
    return rows


def _photo(person: shown.Person) -> str:
    """The approved photo as a data address; empty where none may be shown or its file is gone."""
    if not person.file:
        return ""
    try:
        with stored.media().open(person.file) as file:
            return f"data:image/jpeg;base64,{b64encode(file.read()).decode()}"
    except FileNotFoundError:
        return ""
