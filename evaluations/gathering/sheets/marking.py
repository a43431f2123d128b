"""Filling in a sheet: saved as typed, submitted once. Only the marker sees what is on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from evaluations.gathering.services import label_of, open_channel
from evaluations.gathering.sheets import sealing
from evaluations.gathering.sheets.form import (
    Cell,
    Marks,
    SheetForm,
    changed,
    fitting,
    form_of,
    half_marked,
    zeros,
)
from evaluations.models import Marker, MarkSheet
from office import audit, roles
from office.errors import Refused
from office.models import User

State = MarkSheet.State
SAVED_ELSEWHERE = "这张打分表已在另一处保存过"


def marks_of(sheet: MarkSheet, form: SheetForm) -> Marks:
    """What stands on a sheet, as far as its units are still judged."""
    return fitting(sealing.opened(sheet.sealed, sheet_id=sheet.pk), form)


@transaction.atomic
def save_marks(*, sheet: MarkSheet, typed: Mapping[Cell, str], seen: int, acting_user: User) -> MarkSheet:
    """Save some cells as typed. No audit row: a draft is its marker's own, and a row would tell when."""
    current, form = _mine(sheet, acting_user)
    _save(current, form, typed, seen)
    return current


@transaction.atomic
def submit_sheet(
    *,
    sheet: MarkSheet,
    typed: Mapping[Cell, str],
    seen: int,
    zeros_confirmed: bool,
    now: datetime,
    acting_user: User,
) -> MarkSheet:
    """Submit a sheet, once: a nought has to be confirmed, a blank is no mark."""
    current, form = _mine(sheet, acting_user)
    marks = _save(current, form, typed, seen)
    refuse_incomplete(marks, form)
    if (noughts := zeros(marks)) and not zeros_confirmed:
        raise Refused(
            f"有{noughts}处打了0分，还没有确认", "确实打0分的，请勾选确认后再提交；没有打分的请留空。"
        )
    current.state, current.submitted_at = State.SUBMITTED, now
    current.save(update_fields=["state", "submitted_at"])
    after = {"评议组": form.label, "评议人": str(current.marker)}
    audit.record("提交打分表", current, acting_user=acting_user, after=after)
    return current


def refuse_incomplete(marks: Marks, form: SheetForm) -> None:
    if halves := half_marked(marks, form):
        raise Refused(
            f"有{len(halves)}个单位没有逐方面打全", "请补全；不评的单位，各方面都留空：", faults=halves
        )
    if not marks:
        raise Refused("一个单位都没有打分", "请打分后再提交。")


def _mine(sheet: MarkSheet, user: User) -> tuple[MarkSheet, SheetForm]:
    """Return the user's own sheet locked for marking, with its form."""
    roles.require(user, "sheets.mark")
    panel = sheet.marker.panel
    open_channel(panel.channel, to="打分")
    rows = MarkSheet.objects.select_for_update(of=("self",))
    current = rows.select_related("marker__panel__channel__round__scheme_version", "marker__unit").get(
        pk=sheet.pk
    )
    if current.marker.account_id != user.pk or current.marker.way != Marker.Way.ACCOUNT:
        raise Refused("这不是您的打分表", "请从工作台打开本人的打分表。")
    if current.marker.panel.opened_at:
        raise Refused(f"“{label_of(panel.channel)}”已经截止收表", "确需补交的，请联系评价中心。")
    if current.state != State.DUE:
        raise Refused(f"这张打分表{current.get_state_display()}，不能再改")
    return current, form_of(current.marker.panel, without=current.marker.unit_id)


def _save(sheet: MarkSheet, form: SheetForm, typed: Mapping[Cell, str], seen: int) -> Marks:
    if sheet.version != seen:
        raise Refused(SAVED_ELSEWHERE, "请刷新页面，看到已保存的打分后再继续。")
    cells, faults = form.read(typed)
    if faults:
        raise Refused(f"有{len(faults)}处打分不符合要求", "请更正：", faults=faults)
    before = marks_of(sheet, form)
    marks = changed(before, cells)
    if marks != before:
        sheet.sealed, sheet.version = sealing.sealed(marks, sheet_id=sheet.pk), sheet.version + 1
        sheet.save(update_fields=["sealed", "version"])
    return marks
