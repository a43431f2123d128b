"""Sheets on paper: printed with numbers, handed in sealed, keyed twice blind once two persons opened them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from stdnum import damm

from evaluations.gathering.services import label_of, open_channel
from evaluations.gathering.sheets import sealing
from evaluations.gathering.sheets.form import Cell, Marks, SheetForm, changed, form_of
from evaluations.gathering.sheets.marking import refuse_incomplete
from evaluations.gathering.sheets.panels import locked, sheets_of
from evaluations.models import Marker, MarkSheet, Panel, SheetReading
from evaluations.schemes.stored import scheme_of
from office import audit, roles
from office.errors import Refused
from office.models import User

State, Keying = MarkSheet.State, MarkSheet.Keying
TURNS = {
    Keying.NONE: ("paper.key", "录入"),
    Keying.ONCE: ("paper.key", "录入"),
    Keying.DIFFERENT: ("paper.settle", "由第三人录入"),
    Keying.REVIEW: ("paper.decide", "由评价中心复核人员裁定"),
}


def on_paper(panel: Panel) -> list[MarkSheet]:
    return list(sheets_of(panel).filter(marker__way=Marker.Way.PAPER))


@transaction.atomic
def take_blank_sheets(*, panel: Panel, acting_user: User) -> str:
    """Return the numbered sheets that are not handed in yet, to be printed, and record that they leave."""
    roles.require(acting_user, "sheets.prepare")
    channel = open_channel(panel.channel, to="印制打分表")
    due = [one for one in on_paper(panel) if one.state == State.DUE]
    if not due:
        raise Refused("没有待发的纸质打分表", "请先将评议人的方式定为用纸质表。")
    audit.record(
        "印制打分表",
        channel.round,
        acting_user=acting_user,
        after={"评议组": label_of(channel), "张数": len(due), "编号": [one.number for one in due]},
    )
    whole = form_of(panel)
    sheets = [{"sheet": one, "form": form_of(panel, without=one.marker.unit_id)} for one in due]
    context = {
        "sheets": sheets,
        "form": whole,
        "round": channel.round,
        "title": scheme_of(channel.round).title,
        "county_name": settings.COUNTY_NAME,
    }
    return render_to_string("evaluations/gathering/sheets/printed.html", context)


@transaction.atomic
def receive_sheet(*, panel: Panel, number: str, now: datetime, acting_user: User) -> MarkSheet:
    """Note that a sealed envelope with a sheet was handed in; it stays sealed."""
    roles.require(acting_user, "sheets.prepare")
    channel = open_channel(panel.channel, to="收表")
    if locked(panel).opened_at:
        raise Refused("打分表已经由两人开启，不再收表", "确需补交的，请两人办理重新收表。")
    sheet = _numbered(panel, number)
    if sheet.state != State.DUE:
        raise Refused(f"编号{sheet.number}的打分表已经收到")
    sheet.state, sheet.submitted_at, sheet.received_by = State.SUBMITTED, now, acting_user
    sheet.save(update_fields=["state", "submitted_at", "received_by"])
    after = {"评议组": label_of(channel), "评议人": str(sheet.marker)}
    audit.record("收到密封的打分表", sheet, acting_user=acting_user, after=after)
    return sheet


def turn(*, panel: Panel, number: str, acting_user: User) -> MarkSheet:
    """Return the sheet whose number a clerk typed, if it is theirs to key now."""
    return _turn(panel, _numbered(panel, number), acting_user)


@transaction.atomic
def key_sheet(*, sheet: MarkSheet, typed: Mapping[Cell, str], acting_user: User) -> MarkSheet:
    """Take in what one person read. Two that agree settle a sheet; else a third looks, then the reviewer."""
    panel = sheet.marker.panel
    open_channel(panel.channel, to="录入打分表")
    rows = MarkSheet.objects.select_for_update(of=("self",))
    kept = rows.select_related("marker__panel__channel__round__scheme_version").get(pk=sheet.pk)
    current = _turn(kept.marker.panel, kept, acting_user)
    form = form_of(current.marker.panel, without=current.marker.unit_id)
    cells, faults = form.read(typed)
    if faults:
        raise Refused(f"有{len(faults)}处打分不符合要求", "请对照原表更正：", faults=faults)
    read = changed({}, cells)
    refuse_incomplete(read, form)
    made = SheetReading.objects.create(sheet=current, reader=acting_user)
    made.sealed = sealing.sealed(read, sheet_id=current.pk)
    made.save(update_fields=["sealed"])
    decides = current.keying == Keying.REVIEW
    _move_on(current, form, read, decides=decides)
    verb = "裁定打分表" if decides else "录入打分表"
    audit.record(verb, current, acting_user=acting_user, after={"评议组": form.label})
    return current


def _move_on(sheet: MarkSheet, form: SheetForm, last: Marks, *, decides: bool) -> None:
    readings = [sealing.opened(one.sealed, sheet_id=sheet.pk) for one in sheet.readings.all()]
    settled = last if decides else agreed(readings, form)
    if settled is None:
        sheet.keying = {1: Keying.ONCE, 2: Keying.DIFFERENT}.get(len(readings), Keying.REVIEW)
    else:
        sheet.keying, sheet.sealed = Keying.SETTLED, sealing.sealed(settled, sheet_id=sheet.pk)
        sheet.readings.update(sealed="")
    sheet.save(update_fields=["keying", "sealed"])


def agreed(readings: list[Marks], form: SheetForm) -> Marks | None:
    """What two of the readings have alike in every cell; None while some cell has no two alike."""
    cells: dict[Cell, str | None] = {}
    for cell in form.cells():
        values = [one.get(cell[0], {}).get(cell[1]) for one in readings]
        alike = [value for value in values if values.count(value) > 1]
        if not alike:
            return None
        cells[cell] = alike[0]
    return changed({}, cells)


def _turn(panel: Panel, sheet: MarkSheet, user: User) -> MarkSheet:
    if not panel.opened_at:
        raise Refused("信封还没有由两人开启，不能录入", "请在两人开启后录入。")
    if sheet.marker.way != Marker.Way.PAPER or sheet.state != State.SUBMITTED:
        raise Refused(f"编号{sheet.number}的打分表没有登记收到，或不是纸质表", "请核对编号。")
    if sheet.keying == Keying.SETTLED:
        raise Refused(f"编号{sheet.number}的打分表已经核定，不需要再录", "请录下一张。")
    if sheet.readings.filter(reader=user).exists():
        raise Refused(f"编号{sheet.number}的打分表您已经录过，须由另一人再录", "请录下一张。")
    action, whose = TURNS[Keying(sheet.keying)]
    if not roles.allowed(user, action):
        raise Refused(f"编号{sheet.number}的打分表须{whose}", "请另行放置。")
    return sheet


def _numbered(panel: Panel, typed: str) -> MarkSheet:
    digits = "".join(one for one in unicodedata.normalize("NFKC", typed) if one.isdecimal())[:20]
    if not digits or not damm.is_valid(digits):
        raise Refused("编号有误", "请对照打分表右上角的编号重新输入。")
    valid = sheets_of(panel).select_related("marker__panel__channel__round__scheme_version", "marker__unit")
    sheet = valid.filter(number=int(digits), marker__way=Marker.Way.PAPER).first()
    if sheet is None:
        raise Refused(f"本评议组没有编号{digits}的纸质打分表", "请核对编号。")
    return sheet
