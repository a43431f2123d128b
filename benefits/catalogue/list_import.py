"""Items from a workbook: each row that says something new becomes a draft, which somebody else approves.

What was exported and comes back untouched changes nothing (GY-R12).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from benefits.catalogue.checking import Draft
from benefits.catalogue.drafting import OPEN, draft_version, drafts_for, holds_some_day
from benefits.catalogue.reading import Reading, said_in
from benefits.catalogue.words import DAYS, GUIDE, HEADINGS, Vocabulary, told, with_all
from benefits.models import BenefitItem, Condition, ItemVersion, LevelShare, NeededPaper
from departments.models import Department, DepartmentAlias
from departments.names.wording import plain, short_form_of
from office import audit, dates, roles
from office.errors import Refused
from office.imports.plan import ImportPlan
from office.imports.short_lists import table_of
from office.imports.unchanged import digest_of_rows, require_unchanged
from office.models import User
from office.workbooks.sheets import Fault, ReportProgress, digest, silently
from office.workbooks.tables import Row, Table

WHAT = "惠企政策事项"
NEEDED = ("code", "name", "category", "kind", "level", "department", "valid_from")
MOST_ROWS = 5000
COMPARED = (BenefitItem, ItemVersion, Condition, NeededPaper, LevelShare, Department, DepartmentAlias)
EVERY = 50
State = ItemVersion.State


@dataclass
class ItemsPlan(ImportPlan):
    """What importing a workbook would do: drafts to write, in words what is new in each, faults."""

    faults: list[Fault] = field(default_factory=list)
    new: list[Draft] = field(default_factory=list)
    altered: list[Draft] = field(default_factory=list)
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)  # what the altered ones said before

    @property
    def writes(self) -> bool:
        return bool(self.new or self.altered)

    def lines(self) -> Iterable[str]:
        drafts = map(repr, [*self.new, *self.altered])
        return [*self.changes, *self.known, *drafts, *self.notes, *map(str, self.faults), str(self.unchanged)]

    def counts(self) -> dict[str, int]:
        return {"新事项": len(self.new), "修改": len(self.altered), "未变": self.unchanged}


def preview_items(*, content: bytes, acting_user: User, progress: ReportProgress = silently) -> ItemsPlan:
    """Say what importing a workbook would do; write nothing."""
    roles.require(acting_user, "benefit.draft")
    table = table_of(content, HEADINGS, needed=NEEDED, what=WHAT, limit=MOST_ROWS, days=DAYS)
    comparison = _Comparison(table, acting_user)
    for row in table.rows(progress):
        if not row.is_blank() and not table.leaves_out(row):
            comparison.read(row)
    plan = comparison.plan
    plan.notes += table.notes()
    if not (plan.writes or plan.unchanged or plan.faults):
        raise Refused(f"工作簿中只有表头，没有{WHAT}", "请填写后重新上传。")
    return plan


def import_items(
    *,
    content: bytes,
    file_name: str,
    acting_user: User,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> ItemsPlan:
    """Write the drafts of a workbook: exactly what was previewed, or nothing."""
    compared = digest_of_rows(*COMPARED)
    plan = preview_items(content=content, acting_user=acting_user, progress=progress)
    plan.require_faultless(f"工作簿中有 {len(plan.faults)} 处")
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    drafts = [*plan.new, *plan.altered]
    with require_unchanged(compared, *COMPARED):
        for number, draft in enumerate(drafts, start=1):
            draft_version(draft=draft, acting_user=acting_user)
            if number % EVERY == 0:
                progress(number, len(drafts), "正在写入")
        after = {**plan.counts(), "文件校验值": digest(content)}
        audit.record(f"导入{WHAT}", BenefitItem(code=file_name[:32]), acting_user=acting_user, after=after)
    return plan


class _Comparison:
    def __init__(self, table: Table, user: User) -> None:
        self.table, self.user, self.plan = table, user, ItemsPlan()
        self.vocabulary = Vocabulary.stored()
        units = {one.pk: one for one in Department.objects.bodies()}
        self.units = {plain(one.name): one for one in units.values()}
        for alias in DepartmentAlias.objects.filter(department__in=units):
            self.units.setdefault(plain(alias.name), units[alias.department_id])
        self.versions: dict[str, list[ItemVersion]] = {}
        for version in with_all(ItemVersion.objects.order_by("number")):
            self.versions.setdefault(version.item.code, []).append(version)
        self.mine = {pk for pk in units if drafts_for(user, pk)}
        self.drafted: dict[str, int] = {}
        self.row = 0
        self.reading = Reading(self.vocabulary, self._unit, self._fault)

    def read(self, row: Row) -> None:
        self.row = row.number
        if row.faults:
            self.plan.faults += row.faults
            return
        cells = {name: row.shown[name] for name in self.table.columns}
        said = said_in(cells, {})
        known = self.versions.get(said["code"], [])
        base = self._base(said, known)
        if base is None and known:
            self._fault("number", "unknown version", "没有这一版本，请填写清单上的版本号，或者留空。")
            return
        before = told(base, self.vocabulary) if base is not None else {}
        said = said_in(cells, before)
        if base is not None and all(said[name] == before[name] for name in GUIDE):
            self.plan.unchanged += 1
            return
        draft = self.reading.draft(said)
        if draft is not None and self._may_be_written(draft, base, known):
            self._add(draft, base)

    def _base(self, said: dict[str, str], known: list[ItemVersion]) -> ItemVersion | None:
        """The version a row is about: the one it numbers, else the last one."""
        if said["number"] and known:
            return next((one for one in known if str(one.number) == said["number"]), None)
        return known[-1] if known else None

    def _may_be_written(self, draft: Draft, base: ItemVersion | None, known: list[ItemVersion]) -> bool:
        first = self.drafted.setdefault(draft.code, self.row)
        if draft.department.pk not in self.mine:
            return self._fault("department", "not own", "只能导入本单位主管的事项，请删去这一行。")
        if known and known[-1].department_id not in self.mine:
            text = f"这一事项由{known[-1].department}主管，请由该部门或者专窗导入。"
            return self._fault("code", "not own", text)
        if first != self.row:
            text = f"第{first}行已经写了这一事项的新内容，请只留一行。"
            return self._fault("code", "twice", text)
        last = known[-1] if known else None
        if last is not None and last.state == State.SUBMITTED:
            text = "这一事项有待审核的版本，不能再改，请等审核，或者请专窗退回后再导入。"
            return self._fault("code", "waits", text)
        if base is not None and base.state not in OPEN and last is not None and last.state == State.DRAFT:
            text = f"这一事项已有草稿（第{last.number}版），请在草稿的那一行修改。"
            return self._fault("number", "has a draft", text)
        return self._begins_later(draft, known)

    def _begins_later(self, draft: Draft, known: list[ItemVersion]) -> bool:
        last = max((one.valid_from for one in known if holds_some_day(one)), default=None)
        if last is not None and draft.fields["valid_from"] <= last:
            text = f"已有{dates.day(last)}起生效的版本，新版本的生效日期须在这一天以后。"
            return self._fault("valid_from", "too early", text)
        return True

    def _add(self, draft: Draft, base: ItemVersion | None) -> None:
        label = f"{draft.code}“{draft.fields['name']}”"
        if base is None:
            self.plan.new.append(draft)
            self.plan.changes.append(f"新事项 {label}：{draft.department}")
            return
        self.plan.altered.append(draft)
        self.plan.known.append(repr(told(base, self.vocabulary)))
        what = "修改草稿" if base.state == State.DRAFT else "起草新版本"
        self.plan.changes.append(f"{what} {label}：{self._what_differs(draft, base)}")

    def _what_differs(self, draft: Draft, base: ItemVersion) -> str:
        before, after = told(base, self.vocabulary), self.reading.said
        said = [
            f"{HEADINGS[name][0]}由“{before[name][:40]}”改为“{after[name][:40]}”"
            for name in GUIDE
            if before[name] != after[name]
        ]
        return "，".join(said)

    def _unit(self, name: str) -> Department | None:
        return self.units.get(name) or self.units.get(short_form_of(name, self.units) or "")

    def _fault(self, name: str, reason: str, text: str) -> bool:
        self.plan.faults.append(self.table.fault(self.row, name, reason, text))
        return False
