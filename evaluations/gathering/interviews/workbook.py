"""The call list as a workbook: what departments hand in (FC-R13), and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.urls import reverse

from departments.names.wording import plain
from evaluations.gathering.entries.workbook import GridImport, units_of
from evaluations.gathering.interviews import services
from evaluations.gathering.interviews.kind import ENTER, questions_of
from evaluations.gathering.interviews.services import Listed
from evaluations.gathering.services import is_open, label_of, open_channel
from evaluations.models import Channel
from office.errors import Refused
from office.imports.definition import Agreed, Import, Preview
from office.imports.plan import ImportPlan
from office.imports.short_lists import table_of
from office.models import User
from office.workbooks.sheets import MEGABYTE, Fault, ReportProgress, silently, tidy
from office.workbooks.writing import workbook

WHAT = "样本企业"
HEADINGS = {
    "unit": ("单位", "单位名称", "责任单位", "部门"),
    "enterprise": ("企业名称", "企业", "市场主体名称"),
    "phone": ("联系电话", "电话", "手机"),
    "matter": ("办理事项", "事项"),
}
LENGTHS = {"enterprise": 120, "phone": 40, "matter": 200}
MOST_ROWS = 5000


@dataclass
class ListPlan(ImportPlan):
    """The enterprises that a workbook would add."""

    listed: list[Listed] = field(default_factory=list)
    known: int = 0
    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.listed)

    def lines(self) -> Iterable[str]:
        return [*self.changes, *self.notes, *map(str, self.faults), str(self.known)]


def compare(channel: Channel, content: bytes, progress: ReportProgress = silently) -> ListPlan:
    table = table_of(content, HEADINGS, needed=["unit", "enterprise", "phone"], what=WHAT, limit=MOST_ROWS)
    units = units_of(channel)
    known = set(channel.interviews.values_list("subject_id", "enterprise"))
    plan = ListPlan()
    for row in table.rows(progress):
        if row.is_blank():
            continue
        plan.faults += row.faults
        given = {name: tidy(row.own.get(name)) for name in LENGTHS}
        unit = plain(row.shown["unit"])
        wrong = [name for name in ("enterprise", "phone") if not given[name]]
        for name in wrong:
            plan.faults.append(table.fault(row.number, name, "blank", "空白，请补填。"))
        for name in (name for name, most in LENGTHS.items() if len(given[name]) > most):
            plan.faults.append(
                table.fault(row.number, name, "too long", f"超过 {LENGTHS[name]} 字，请缩短。")
            )
        if unit not in units:
            text = f"参评单位中没有“{unit[:40]}”，请核对名称。" if unit else "单位空白，请补填。"
            plan.faults.append(table.fault(row.number, "unit", "unknown unit", text))
            continue
        key = (units[unit], given["enterprise"])
        if key in known:
            plan.known += 1
        elif not wrong:
            known.add(key)
            plan.listed.append(Listed(units[unit], **given))
            plan.changes.append(f"新增 {unit}：{given['enterprise']}")
    plan.notes += table.notes()
    if not (plan.listed or plan.known or plan.faults):
        raise Refused(f"工作簿中只有表头，没有{WHAT}", "请填写后重新上传。")
    return plan


def import_of(channel: Channel) -> Import:
    def preview(content: bytes, option: Any, user: User, progress: ReportProgress) -> Preview:
        if not is_open(channel):
            raise Refused(f"“{label_of(channel)}”{channel.get_state_display()}，不能登记样本企业")
        plan = compare(channel, content, progress)
        counts = {"新增": len(plan.listed), "已有": plan.known}
        counts["有误"] = len({fault.row for fault in plan.faults})
        return Preview(
            digest=plan.digest(),
            headings=list(counts),
            rows=[(WHAT, list(counts.values()))],
            notes=plan.notes,
            faults=plan.faults,
            changes=plan.changes,
            writes=plan.writes,
        )

    def run(agreed: Agreed, user: User, progress: ReportProgress) -> str:
        return take_in(channel=channel, agreed=agreed, acting_user=user)

    return GridImport(
        title=f"导入{WHAT}",
        lead="表头为单位、企业名称、联系电话、办理事项。同一单位已登记的企业保持不变。",
        action=ENTER,
        url_name=reverse("cockpit:interviews-import", args=[channel.pk]),
        option="",
        faults_stop=lambda _: True,
        preview=preview,
        run=run,
        largest=2 * MEGABYTE,
    )


@transaction.atomic
def take_in(*, channel: Channel, agreed: Agreed, acting_user: User) -> str:
    """List exactly what was previewed, or nothing."""
    current = open_channel(channel, to=f"登记{WHAT}")
    plan = compare(current, agreed.content)
    plan.require_faultless(f"工作簿中有 {len(plan.faults)} 处")
    plan.require_previewed(agreed.digest)
    added = services.list_enterprises(channel=current, listed=plan.listed, acting_user=acting_user)
    return f"{WHAT}已导入：新增 {added} 家。"


def workbook_of(channel: Channel) -> bytes:
    """The call list with what came of it; the importer reads its first columns again."""
    questions = questions_of(channel)
    headings = ["单位", "企业名称", "联系电话", "办理事项", "状态", *questions.values()]
    headings += ["办理用时（工作日）", "办理费用（元）", "提交材料（份）", "备注"]
    rows = [
        [
            *(one.subject.name, one.enterprise, one.phone, one.matter, one.get_state_display()),
            *(one.answers.get(key, "") for key in questions),
            *(one.days, one.cost if one.cost is None else float(one.cost), one.papers, one.remark),
        ]
        for one in channel.interviews.select_related("subject")
    ]
    return workbook(WHAT, headings, rows)
