"""A panel: who marks in it, and what two persons do with it together."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from stdnum import damm

from departments.models import Department, Membership
from evaluations.gathering.services import label_of, open_channel
from evaluations.gathering.sheets.form import has_aspects
from evaluations.models import Channel, Marker, MarkSheet, Panel, PanelAct, Round
from evaluations.rounds.state import at_step
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.roles import DEPARTMENT, Role

GOOD_FOR = timedelta(hours=1)
"""So long the first of two waits for the second; after that both sign anew."""
BEFORE_COMPUTING = (
    Round.State.DRAFT,
    Round.State.FROZEN,
    Round.State.PREPARED,
    Round.State.OPEN,
    Round.State.CLOSED,
)
DIGITS = 6
Act, State, Keying, Way = PanelAct.Act, MarkSheet.State, MarkSheet.Keying, Marker.Way


def panel_of(channel: Channel) -> Panel:
    """Return the panel of a channel, made when it is first asked for."""
    made = Panel.objects.filter(channel=channel).first()
    if made is None:
        made, _ = Panel.objects.get_or_create(channel=channel, defaults={"label": label_of(channel)[:80]})
    made.channel = channel
    return made


def sheets_of(panel: Panel) -> QuerySet[MarkSheet]:
    """The sheets that are not void, by marker."""
    valid = MarkSheet.objects.filter(marker__panel=panel).exclude(state=State.VOID)
    return valid.select_related("marker__unit", "marker__account").order_by("marker_id")


def locked(panel: Panel) -> Panel:
    rows = Panel.objects.select_for_update(of=("self",))
    return rows.select_related("channel__round__scheme_version").get(pk=panel.pk)


# --- Who marks ------------------------------------------------------------------------------------


def _list_open(panel: Panel) -> Panel:
    """Return the panel locked for changing who marks: until two persons have opened it."""
    at_step(panel.channel.round, *BEFORE_COMPUTING, to="维护评议人")
    current = locked(panel)
    if current.opened_at or current.channel.state != Channel.State.OPEN:
        raise Refused("打分表已经由两人开启或办结，不能更改评议人", "确需补交的，请两人办理重新收表。")
    return current


@transaction.atomic
def add_marker(
    *, panel: Panel, name: str, unit: Department | None, account: User | None, acting_user: User
) -> Marker:
    """Name somebody as a marker and issue the sheet; who has no account marks on paper."""
    roles.require(acting_user, "sheets.prepare")
    current = _list_open(panel)
    made = add_one(current, name=name, unit=unit, account=account)
    after = {"评议组": label_of(current.channel), "方式": made.get_way_display(), "单位": str(unit or "")}
    audit.record("新增评议人", made, acting_user=acting_user, after=after)
    return made


def add_one(panel: Panel, *, name: str, unit: Department | None, account: User | None) -> Marker:
    """Without lock and audit row, for those who write many at once."""
    unit = unit or unit_of(account)
    refuse_faults(panel, name, unit, account)
    way = Way.ACCOUNT if account else Way.PAPER
    made = Marker.objects.create(panel=panel, name=name.strip(), unit=unit, way=way, account=account)
    issue(made)
    return made


def refuse_faults(panel: Panel, name: str, unit: Department | None, account: User | None) -> None:
    if not name.strip():
        raise Refused("没有填写评议人姓名", "请填写姓名。")
    others = Marker.objects.filter(panel=panel)
    if others.filter(name=name.strip(), unit=unit).exists():
        raise Refused(f"评议组中已有{name.strip()}{f'（{unit}）' if unit else ''}", "请核对名单。")
    if account:
        if not roles.allowed(account, "sheets.mark"):
            raise Refused(f"账户“{account.username}”不能打分", "请改用其他账户，或用纸质表。")
        if others.filter(account=account).exists():
            raise Refused(f"账户“{account.username}”在评议组中已有打分表", "每个账户只填一张打分表。")
        if unit and (own := unit_of(account)) and own != unit:
            raise Refused(f"账户“{account.username}”属于{own}，不属于{unit}", "请核对单位和账户。")


def unit_of(account: User | None) -> Department | None:
    """The unit of a department's account: whoever marks with it does not mark this unit."""
    if account is None or not is_of_unit(account):
        return None
    found = Membership.objects.select_related("department").filter(user=account).first()
    return found.department if found else None


def is_of_unit(account: User) -> bool:
    return account.role in DEPARTMENT


def issue(marker: Marker) -> MarkSheet:
    """Issue a sheet under a random number with a check digit, which clerks type."""
    while True:
        digits = str(10 ** (DIGITS - 1) + secrets.randbelow(9 * 10 ** (DIGITS - 1)))
        number = int(digits + damm.calc_check_digit(digits))
        if not MarkSheet.objects.filter(number=number).exists():
            return MarkSheet.objects.create(marker=marker, number=number)


@transaction.atomic
def remove_marker(*, marker: Marker, acting_user: User) -> None:
    roles.require(acting_user, "sheets.prepare")
    current = _list_open(marker.panel)
    if marker.sheets.exclude(state=State.DUE, version=0).exists():
        raise Refused(f"{marker}已经开始打分，不能移出", "确需不计的，请将打分表作废。")
    audit.record("移出评议人", marker, acting_user=acting_user, after={"评议组": label_of(current.channel)})
    marker.delete()


@transaction.atomic
def add_units(*, panel: Panel, acting_user: User) -> int:
    """Name every unit of the round as a marker, by the account of its reviewer, else of its officer.

    A unit without an account marks on paper; the unit itself is not on its sheet.
    """
    roles.require(acting_user, "sheets.prepare")
    current = _list_open(panel)
    there = set(Marker.objects.filter(panel=current).values_list("unit_id", flat=True))
    rows = [
        row
        for row in current.channel.round.departments.select_related("department")
        if row.department_id not in there
    ]
    if not rows:
        raise Refused("参评单位都已在评议组中，或还没有选定参评单位")
    accounts: dict[int | None, User] = {}
    members = Membership.objects.filter(user__is_active=True, user__role__in=DEPARTMENT)
    for one in members.select_related("user").order_by("-user_id"):
        kept = accounts.get(one.department_id)
        if kept is None or one.user.role in (Role.DEPARTMENT_REVIEWER, kept.role):
            accounts[one.department_id] = one.user
    for row in rows:
        add_one(current, name=row.name, unit=row.department, account=accounts.get(row.department_id))
    after = {"评议组": label_of(current.channel), "新增": len(rows)}
    audit.record("将参评单位列为评议人", current.channel.round, acting_user=acting_user, after=after)
    return len(rows)


@transaction.atomic
def set_by_aspect(*, panel: Panel, by_aspect: bool, acting_user: User) -> Panel:
    """Mark by aspect or in total; no longer once somebody has begun."""
    roles.require(acting_user, "sheets.prepare")
    current = _list_open(panel)
    if by_aspect and not has_aspects(current):
        raise Refused("评价方案没有分方面的满分", "请打总分。")
    if MarkSheet.objects.filter(marker__panel=current).exclude(version=0, state=State.DUE).exists():
        raise Refused("已有人开始打分，不能再改打分方式")
    current.by_aspect = by_aspect
    current.save(update_fields=["by_aspect"])
    after = {"评议组": label_of(current.channel), "打分方式": "逐方面打分" if by_aspect else "打总分"}
    audit.record("选定打分方式", current.channel.round, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def void_sheet(*, sheet: MarkSheet, reason: str, acting_user: User) -> MarkSheet:
    """Take a sheet out for good, with a reason, and issue the marker another one."""
    roles.require(acting_user, "sheets.void")
    panel = sheet.marker.panel
    channel = open_channel(panel.channel, to="作废打分表")
    current = locked(panel)
    kept = MarkSheet.objects.select_for_update(of=("self",)).select_related("marker").get(pk=sheet.pk)
    if kept.state == State.VOID:
        raise Refused("这张打分表已经作废")
    if current.opened_at and (kept.marker.way == Way.ACCOUNT or kept.keying == Keying.SETTLED):
        raise Refused("打分表已经由两人开启，不能作废已经看到的打分", "有异议的，请报领导小组决定。")
    if not reason.strip():
        raise Refused("没有写明作废原因", "请写明原因。")
    kept.state, kept.void_reason, kept.sealed = State.VOID, reason.strip(), ""
    kept.save(update_fields=["state", "void_reason", "sealed"])
    kept.readings.all().delete()
    issue(kept.marker)
    after = {"评议组": label_of(channel), "原因": reason.strip()}
    audit.record("作废打分表", kept, acting_user=acting_user, after=after)
    return kept


# --- What two persons do --------------------------------------------------------------------------


def waiting_act(panel: Panel, now: datetime) -> PanelAct | None:
    """What the first of two has signed within the hour."""
    fresh = panel.acts.filter(second=None, first_at__gt=now - GOOD_FOR)
    return fresh.select_related("first").first()


@transaction.atomic
def sign(*, panel: Panel, act: str, reason: str = "", now: datetime, acting_user: User) -> PanelAct:
    """Open a panel, or let late sheets in: one person signs, and when another one signs, it is done."""
    roles.require(acting_user, "sheets.unseal")
    verb = Act(act).label
    open_channel(panel.channel, to=verb)
    current = locked(panel)
    _refuse_act(current, act)
    label = label_of(current.channel)
    waiting = waiting_act(current, now)
    if waiting is None:
        if act == Act.REOPEN and not reason.strip():
            raise Refused("没有写明重新收表的原因", "请写明原因。")
        current.acts.filter(second=None).delete()
        made = PanelAct.objects.create(
            panel=current, act=act, reason=reason.strip(), first=acting_user, first_at=now
        )
        said = {"评议组": label, **({"原因": made.reason} if made.reason else {})}
        audit.record(f"提出{verb}打分表", current.channel.round, acting_user=acting_user, after=said)
        return made
    if waiting.first_id == acting_user.pk:
        raise Refused(f"您已经提出{verb}", "请另一位有权限的人员在一小时内用本人的账户办理。")
    waiting.second, waiting.second_at = acting_user, now
    waiting.save(update_fields=["second", "second_at"])
    current.opened_at = now if act == Act.OPEN else None
    current.save(update_fields=["opened_at"])
    after: dict[str, object] = {"评议组": label, "第一人": str(waiting.first), "第二人": str(acting_user)}
    after |= _returns(current)
    if waiting.reason:
        after["原因"] = waiting.reason
    audit.record(f"两人{verb}打分表", current.channel.round, acting_user=acting_user, after=after)
    return waiting


def _refuse_act(panel: Panel, act: str) -> None:
    if act == Act.OPEN:
        if panel.opened_at:
            raise Refused("打分表已经由两人开启")
        if not sheets_of(panel).filter(state=State.SUBMITTED).exists():
            raise Refused("一张打分表都没有收到，不能开启", "请催收；确实没有的，请注明原因后不采用这一项。")
    elif not panel.opened_at:
        raise Refused("打分表还没有开启，正在收表，不必重新收表")


def _returns(panel: Panel) -> dict[str, object]:
    sheets = list(sheets_of(panel))
    missing = [str(one.marker) for one in sheets if one.state != State.SUBMITTED]
    return {"应交": len(sheets), "已交": len(sheets) - len(missing), "未交": missing}
