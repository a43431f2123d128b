"""Taking in a list that comes as a workbook: looked through, previewed, then exactly that or nothing.

Numbers of cases are hashed as they are read: no fault, preview or audit row shows one. The file goes with
the import.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from office import audit, roles
from office.errors import Refused
from office.imports import definition as imports
from office.imports.plan import ImportPlan
from office.imports.short_lists import table_of
from office.imports.unchanged import changed_since_preview
from office.models import User
from office.workbooks.sheets import Fault, ReportProgress, digest, silently
from office.workbooks.tables import MAX_ROWS, Headings, Row, Table
from ratings.rules import RatingRules, all_rules

MOST_NAMED = 20


@dataclass
class ListPlan(ImportPlan):
    """What a list would do; `counts` is what the preview shows, `writes` whether anything is new."""

    rules_id: str
    today: date
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    sealed: Any = field(default_factory=hashlib.sha256)  # of what no page shows
    skipped: dict[str, list[int]] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)  # to the audit, beside the counts

    @property
    def writes(self) -> bool:
        return any(self.counts.get(name) for name in ("新增", "变更", "计入"))

    @property
    def rules(self) -> RatingRules:
        return all_rules()[self.rules_id]

    def lines(self) -> Iterable[str]:
        told = [f"{name} {number}" for name, number in self.counts.items()]
        return [
            self.rules_id,
            self.sealed.hexdigest(),
            *told,
            *self.notes,
            *self.changes,
            *map(str, self.faults),
        ]

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def skip(self, why: str, row: Row) -> None:
        self.skipped.setdefault(why, []).append(row.number)

    def tell_skipped(self) -> None:
        """Say which rows are left out and why, by their numbers in the sheet."""
        for why, numbers in self.skipped.items():
            named = "、".join(map(str, numbers[:MOST_NAMED]))
            more = f"等{len(numbers)}" if len(numbers) > MOST_NAMED else ""
            self.notes.append(f"第{named}{more}行{why}。")


P = TypeVar("P", bound=ListPlan)


@dataclass(frozen=True, kw_only=True)
class RatingList(Generic[P]):
    """One kind of list: its columns, how its rows are read, how what is new is written."""

    what: str
    action: str
    headings: Headings
    needed: Sequence[str]
    days: Sequence[str]
    read: Callable[[Table, str, date, ReportProgress], P]
    write: Callable[[P, User], models.Model]
    check: Callable[[P, Table, User], None] | None = None  # against what this user may do
    rules: Callable[[], dict[str, RatingRules]] | None = all_rules  # None: the same under all of them
    faults_stop: bool = True


def preview_list(
    kind: RatingList[P],
    *,
    content: bytes,
    rules_id: str,
    today: date,
    acting_user: User,
    progress: ReportProgress = silently,
) -> P:
    roles.require(acting_user, kind.action)
    if rules_id not in (all_rules() if kind.rules is None else kind.rules()):
        raise Refused("没有选择评价办法", "请选择评价办法后重新上传。")
    table = table_of(
        content, kind.headings, needed=kind.needed, what=kind.what, limit=MAX_ROWS, days=kind.days
    )
    plan = kind.read(table, rules_id, today, progress)
    if kind.check is not None:
        kind.check(plan, table, acting_user)
    if not plan.counts.get("行数"):
        raise Refused(f"工作簿中只有表头，没有{kind.what}", "请填写后重新上传。")
    plan.tell_skipped()
    plan.notes += table.notes()
    if plan.faults:
        plan.counts["有误"] = len({fault.row for fault in plan.faults})
    return plan


def import_list(
    kind: RatingList[P],
    *,
    content: bytes,
    rules_id: str,
    today: date,
    acting_user: User,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> P:
    """Import what was previewed; the constraints of the tables refuse what came in meanwhile."""
    plan = preview_list(
        kind, content=content, rules_id=rules_id, today=today, acting_user=acting_user, progress=progress
    )
    if kind.faults_stop:
        plan.require_faultless(f"工作簿中有 {len(plan.faults)} 处")
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    progress(plan.counts["行数"], plan.counts["行数"], "正在写入")
    try:
        with transaction.atomic():
            subject = kind.write(plan, acting_user)
            after = {**plan.counts, **plan.told, "文件校验值": digest(content)}
            audit.record(f"导入{kind.what}", subject, acting_user=acting_user, after=after)
    except IntegrityError as error:
        raise changed_since_preview() from error
    return plan


class RulesField(forms.CharField):
    """Under which rules the rows are taken in."""

    def __init__(self, rules: Callable[[], dict[str, RatingRules]]) -> None:
        self.rules = rules
        choices = [(name, one.title) for name, one in rules().items()]
        super().__init__(label="评价办法", widget=forms.Select(choices=choices))

    def clean(self, value: Any) -> str:
        chosen = str(super().clean(value))
        if chosen not in self.rules():
            raise ValidationError("请选择评价办法。")
        return chosen


def offer(kind: RatingList[Any], *, lead: str, url_name: str) -> imports.Import:
    return imports.offer(
        imports.Import(
            title=f"导入{kind.what}",
            lead=lead,
            action=kind.action,
            url_name=url_name,
            option="",
            asks=partial(RulesField, kind.rules) if kind.rules else None,
            faults_stop=lambda _: kind.faults_stop,
            preview=partial(_preview, kind),
            run=partial(_run, kind),
            holds_persons=True,
        )
    )


def _rules_id(kind: RatingList[Any], option: Any) -> str:
    return str(option) if kind.rules else next(iter(all_rules()))


def _preview(
    kind: RatingList[Any], content: bytes, option: Any, user: User, progress: ReportProgress
) -> imports.Preview:
    plan = preview_list(
        kind,
        content=content,
        rules_id=_rules_id(kind, option),
        today=timezone.localdate(),
        acting_user=user,
        progress=progress,
    )
    return imports.Preview(
        digest=plan.digest(),
        headings=list(plan.counts),
        rows=[(kind.what, list(plan.counts.values()))],
        notes=plan.notes,
        faults=plan.faults,
        changes=plan.changes,
        writes=plan.writes,
    )


def _run(kind: RatingList[Any], agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = import_list(
        kind,
        content=agreed.content,
        rules_id=_rules_id(kind, agreed.option),
        today=timezone.localdate(),
        acting_user=user,
        expected_digest=agreed.digest,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts.items())
    return f"{kind.what}已导入：{said}。"
