"""Importing markers: round, panel, name, unit, account. What a workbook does not name stays."""

from __future__ import annotations

from departments.models import Department, DepartmentAlias, Membership
from departments.names.wording import person_name, plain
from evaluations.gathering.services import label_of
from evaluations.gathering.sheets import panels
from evaluations.models import Channel, Marker, MarkSheet, Panel
from evaluations.rounds.channels import needs_of
from office import roles
from office.errors import Refused
from office.imports.short_lists import ListKind, Plan
from office.models import User
from office.workbooks.sheets import ReportProgress
from office.workbooks.tables import Row, Table

HEADINGS = {
    "round": ("轮次", "评价轮次"),
    "panel": ("评议组", "数据", "评议方"),
    "name": ("姓名", "评议人"),
    "unit": ("单位", "单位名称", "部门"),
    "account": ("账户", "用户名", "账号"),
}
MOST_ROWS = 2000
LONGEST_NAME = 80
NONE = ("", "—", "-", "无")
MarkerPlan = Plan[Marker]


class _Stored:
    """Panels that may still change, units and accounts as the database knows them."""

    def __init__(self) -> None:
        channels = Channel.objects.filter(
            kind=Channel.Kind.SHEETS, state=Channel.State.OPEN, round__state__in=panels.BEFORE_COMPUTING
        ).select_related("round__scheme_version")
        self.panels = {one.channel_id: one for one in Panel.objects.all()}
        self.channels: dict[tuple[str, str], Channel] = {}
        labels: dict[int, dict[str, str]] = {}
        for channel in channels:
            known = labels.setdefault(
                channel.round_id, {key: need.label for key, need in needs_of(channel.round).items()}
            )
            label = known.get(channel.need, channel.need)
            self.channels[plain(channel.round.title), plain(label)] = channel
        self.units = {plain(unit.name): unit for unit in Department.objects.all()}
        for alias in DepartmentAlias.objects.select_related("department"):
            self.units.setdefault(plain(alias.name), alias.department)
        self.accounts = {user.username: user for user in User.objects.filter(is_active=True)}
        of_accounts = Membership.objects.exclude(department=None).select_related("department")
        self.unit_of = {one.user_id: one.department for one in of_accounts}
        self.markers = {
            (one.panel.channel_id, person_name(one.name), one.unit_id): one
            for one in Marker.objects.select_related("account", "unit", "panel")
        }
        self.begun = set(
            MarkSheet.objects.exclude(state=MarkSheet.State.DUE, version=0).values_list(
                "marker_id", flat=True
            )
        )
        self.by_account = {
            (one.panel.channel_id, one.account_id): one for one in self.markers.values() if one.account_id
        }

    def rounds(self) -> list[str]:
        return list(dict.fromkeys(round_ for round_, _ in self.channels))


class _Wrong(Exception):  # noqa: N818 - what is wrong with a row, in which column
    def __init__(self, column: str, text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


def _compare(table: Table, progress: ReportProgress) -> MarkerPlan:
    plan: MarkerPlan = Plan()
    rows = _Rows(_Stored())
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row) or plain(row.own["name"]) in HEADINGS["name"]:
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        try:
            _settle(plan, rows.marker(row), rows.stored)
        except _Wrong as wrong:
            plan.faults.append(table.fault(row.number, wrong.column, "marker", wrong.text))
    return plan


class _Rows:
    """Reads rows one by one, and knows those before."""

    def __init__(self, stored: _Stored) -> None:
        self.stored = stored
        self.seen: dict[tuple[int, str, int | None], int] = {}
        self.taken: set[tuple[int, int]] = set()

    def marker(self, row: Row) -> Marker:
        """The marker that a row names, as it would be stored."""
        panel = self._panel(plain(row.shown["round"]), plain(row.shown["panel"]))
        name = person_name(row.shown["name"])
        if not name or len(name) > LONGEST_NAME:
            raise _Wrong("name", "姓名空白或过长，请补填。")
        account = self._account(plain(row.shown["account"]))
        unit = self._unit(plain(row.shown["unit"]), account)
        key = (panel.channel_id, name, unit.pk if unit else None)
        if (first := self.seen.setdefault(key, row.number)) != row.number:
            raise _Wrong("name", f"该评议人在第{first}行已经出现，请删去一行。")
        kept = self.stored.markers.get(key)
        if account:
            self._refuse_twice(panel, account, kept)
        way = Marker.Way.ACCOUNT if account else Marker.Way.PAPER
        return Marker(
            pk=kept.pk if kept else None, panel=panel, name=name, unit=unit, account=account, way=way
        )

    def _panel(self, round_: str, label: str) -> Panel:
        rounds = self.stored.rounds()
        round_ = round_ or (rounds[0] if len(rounds) == 1 else "")
        channel = self.stored.channels.get((round_, label))
        if channel is None:
            names = "、".join(name for of, name in self.stored.channels if of == round_) or "无"
            raise _Wrong(
                "panel", f"没有正在收表的评议组“{label[:40]}”，可用的有：{names}；请核对轮次和评议组。"
            )
        panel = self.stored.panels.get(channel.pk) or Panel(channel=channel)
        panel.channel = channel
        if panel.opened_at:
            raise _Wrong("panel", f"“{label}”已经由两人开启，不能再改评议人。")
        return panel

    def _account(self, written: str) -> User | None:
        if written in NONE:
            return None
        account = self.stored.accounts.get(written)
        if account is None:
            raise _Wrong("account", f"没有启用的账户“{written[:40]}”，请核对用户名。")
        if not roles.allowed(account, "sheets.mark"):
            raise _Wrong("account", f"账户“{account.username}”不能打分，请改用其他账户。")
        return account

    def _unit(self, written: str, account: User | None) -> Department | None:
        """The unit that is written; of a department's account it is known by itself."""
        unit = self.stored.units.get(written)
        if unit is None and written not in NONE:
            raise _Wrong("unit", f"单位名单中没有“{written[:40]}”，请核对名称。")
        own = self.stored.unit_of.get(account.pk) if account and panels.is_of_unit(account) else None
        if own and unit and own != unit:
            raise _Wrong("unit", f"账户“{account}”属于{own}，不属于{unit}，请核对。")
        return unit or own

    def _refuse_twice(self, panel: Panel, account: User, kept: Marker | None) -> None:
        other = self.stored.by_account.get((panel.channel_id, account.pk))
        if (other is not None and other != kept) or (panel.channel_id, account.pk) in self.taken:
            raise _Wrong("account", f"账户“{account.username}”在这个评议组中已有打分表。")
        self.taken.add((panel.channel_id, account.pk))


def _settle(plan: MarkerPlan, marker: Marker, stored: _Stored) -> None:
    label = label_of(marker.panel.channel)
    by = f"用账户{marker.account.username}" if marker.account else "用纸质表"
    if marker.pk is None:
        plan.new.append(marker)
        plan.changes.append(f"新增 {label}：{marker}，{by}")
        return
    before = stored.markers[marker.panel.channel_id, person_name(marker.name), marker.unit_id]
    if before.account_id == marker.account_id:
        plan.unchanged += 1
    elif marker.pk in stored.begun:
        raise _Wrong("account", f"{marker}已经开始打分，不能更改账户；确需更改的，请先将打分表作废。")
    else:
        plan.altered.append(marker)
        plan.changes.append(f"变更 {label}：{marker}，{by}")


def _write(plan: MarkerPlan) -> None:
    kept: dict[int, Panel] = {}
    for one in [*plan.new, *plan.altered]:
        channel = one.panel.channel
        if channel.pk not in kept:
            kept[channel.pk] = panels.locked(panels.panel_of(channel))
        if kept[channel.pk].opened_at:
            raise Refused("打分表已经由两人开启，不能更改评议人", "请重新预览。")
        one.panel = kept[channel.pk]
    for one in plan.new:
        one.save()
        panels.issue(one)
    for one in plan.altered:
        one.save(update_fields=["account", "way"])


MARKERS = ListKind(
    what="评议人",
    action="sheets.prepare",
    headings=HEADINGS,
    needed=("panel", "name"),
    limit=MOST_ROWS,
    compared=(Marker, Panel, MarkSheet, Department, DepartmentAlias),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: Marker(name=file_name),
)
