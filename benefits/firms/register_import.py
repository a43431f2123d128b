"""Preview and import a register of firms (GY-R16).

What a list says replaces what an earlier list said. What the firm or the window said on the day of the
list or later stays, and the preview names where the two differ. Rows are compared before the transaction
and put aside on the disk; inside it is only written what still reads as compared.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from benefits.firms.labels import Source, rule_of, shown_value
from benefits.firms.many_rows import insert_rows
from benefits.firms.register_rows import Register, read_register
from benefits.models import Firm, FirmLabel
from office import audit, dates, roles
from office.errors import Refused
from office.imports.plan import ImportPlan
from office.imports.spool import Spool
from office.imports.unchanged import changed_since_preview
from office.models import User
from office.workbooks.sheets import Fault, ReportProgress, digest, silently

AT_ONCE = 2000
INSERT = "INSERT INTO benefits_firmlabel (firm_id, label, value, source, told_on)"
MOST_NAMED = 200
MOST_DIFFERENT = 30


@dataclass
class RegisterPlan(ImportPlan):
    """What a register would do: firms that are new or altered, labels that are written or stay."""

    rows: int = 0
    new: int = 0
    altered: int = 0
    labels: int = 0
    again: int = 0
    kept: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    change_count: int = 0
    different: list[str] = field(default_factory=list)
    firms: Spool = field(default_factory=Spool)  # of (key or None, code, name, cancelled, before)
    written: Spool = field(default_factory=Spool)  # of (code, label, value, key and row before or None)
    _hash: Any = field(default_factory=hashlib.sha256)

    @property
    def writes(self) -> bool:
        return bool(self.new or self.altered or self.labels or self.again)

    def counts(self) -> dict[str, int]:
        return {
            "行数": self.rows,
            "新增企业": self.new,
            "变更企业": self.altered,
            "写入标签": self.labels,
            "再次载明": self.again,
            "保留不改": self.kept,
            "有误": len({fault.row for fault in self.faults}),
        }

    def lines(self) -> Iterable[str]:
        return [self._hash.hexdigest(), *self.all_notes(), *map(str, self.faults)]

    def all_notes(self) -> list[str]:
        if not self.different:
            return self.notes
        more = f"等 {self.kept} 处" if self.kept > len(self.different) else ""
        told = f"以下与名册不同，企业或者窗口所说的不早于名册，保留不改：{'；'.join(self.different)}{more}。"
        return [*self.notes, told]

    def note(self, *values: object) -> None:
        self._hash.update(repr(values).encode())

    def take(self, said: str, *values: object) -> None:
        """Note a change: in words for the preview, in values for the digest."""
        self.note(said, *values)
        self.change_count += 1
        if len(self.changes) < MOST_NAMED:
            self.changes.append(said)


def preview_register(
    *, content: bytes, listed_on: date, acting_user: User, progress: ReportProgress = silently
) -> RegisterPlan:
    roles.require(acting_user, "benefit.match")
    return _compare(read_register(content, progress), listed_on)


def import_register(
    *,
    content: bytes,
    file_name: str,
    listed_on: date,
    acting_user: User,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> RegisterPlan:
    """Import exactly what was previewed, or nothing; the second time there is nothing to do."""
    plan = preview_register(content=content, listed_on=listed_on, acting_user=acting_user, progress=progress)
    plan.require_faultless(f"企业名册中有 {plan.counts()['有误']} 行")
    if not plan.writes:
        return plan
    plan.require_previewed(expected_digest)
    progress(plan.rows, plan.rows, "正在写入")
    try:
        with transaction.atomic():
            # A firm that answers at this moment waits; all in one order, as a run of matching takes them.
            list(Firm.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
            _write_firms(plan)
            _write_labels(plan, listed_on)
            after = {**plan.counts(), "名册日期": dates.day(listed_on), "文件校验值": digest(content)}
            audit.record("导入企业名册", Firm(name=file_name), acting_user=acting_user, after=after)
    except IntegrityError as error:
        raise changed_since_preview() from error
    return plan


def _compare(register: Register, listed_on: date) -> RegisterPlan:
    plan = RegisterPlan(faults=register.faults, notes=register.table.notes())
    plan.rows = len(register.rows) + len({fault.row for fault in register.faults})
    for rows in register.rows.chunks(AT_ONCE):
        codes = [code for code, *_ in rows]
        firms = {one.credit_code: one for one in Firm.objects.filter(credit_code__in=codes)}
        known: defaultdict[int, dict[str, FirmLabel]] = defaultdict(dict)
        for one in FirmLabel.objects.filter(firm__in=[firm.pk for firm in firms.values()]):
            known[one.firm_id][one.label] = one
        for code, name, is_cancelled, labels in rows:
            firm = firms.get(code)
            _settle_firm(plan, firm, code, name, is_cancelled)
            for label, value in labels.items():
                _settle_label(
                    plan,
                    f"{name}（{code}）",
                    known[firm.pk].get(label) if firm else None,
                    (code, label, value),
                    listed_on,
                )
    return plan


def _settle_firm(
    plan: RegisterPlan, firm: Firm | None, code: str, name: str, is_cancelled: bool | None
) -> None:
    if firm is None:
        plan.new += 1
        plan.firms.add([None, code, name, bool(is_cancelled), None])
        plan.take(f"新增 {name}（{code}）{'，已注销' if is_cancelled else ''}")
        return
    after = (name, firm.is_cancelled if is_cancelled is None else is_cancelled)
    before = (firm.name, firm.is_cancelled)
    if after == before:
        return
    said = [f"名称 {firm.name} → {name}"] if name != firm.name else []
    if after[1] != before[1]:
        said.append("存续 → 注销" if after[1] else "注销 → 存续")
    plan.altered += 1
    plan.firms.add([firm.pk, code, *after, before])
    plan.take(f"变更 {firm.name}（{code}）：{'；'.join(said)}")


def _settle_label(
    plan: RegisterPlan, firm: str, old: FirmLabel | None, told: tuple[str, str, str], listed_on: date
) -> None:
    """Who spoke last holds; on the same day the firm and the window hold against a list.

    A later list that says the same holds from its day on.
    """
    _, label, value = told
    rule = rule_of(label)
    if old is None:
        plan.labels += 1
        plan.written.add([*told, None])
        plan.take(f"{firm}：{rule.label} {shown_value(rule, value)}", label)
        return
    replaced = [old.pk, old.value, old.source, old.told_on.isoformat()]
    if old.value == value:
        if old.told_on < listed_on:
            plan.again += 1
            plan.written.add([*told, replaced])
            plan.note(*told)
        return
    by_list = old.source == Source.LIST
    is_later = old.told_on > listed_on if by_list else old.told_on >= listed_on
    was = f"{old.get_source_display()}{dates.day(old.told_on)}"
    if is_later:
        plan.kept += 1
        if len(plan.different) < MOST_DIFFERENT:
            plan.different.append(
                f"{firm} {rule.label} 名册 {shown_value(rule, value)}，{was} {shown_value(rule, old.value)}"
            )
        return
    plan.labels += 1
    plan.written.add([*told, replaced])
    plan.take(
        f"{firm}：{rule.label} {shown_value(rule, old.value)}（{was}） → {shown_value(rule, value)}", label
    )


def _write_firms(plan: RegisterPlan) -> None:
    for rows in plan.firms.chunks(AT_ONCE):
        before = {key: tuple(values) for key, _, _, _, values in rows if key is not None}
        held = Firm.objects.in_bulk(before)
        if {key: (one.name, one.is_cancelled) for key, one in held.items()} != before:
            raise changed_since_preview()
        for key, _, name, is_cancelled, _ in rows:
            if key is not None:
                held[key].name, held[key].is_cancelled = name, is_cancelled
        Firm.objects.bulk_update(held.values(), ["name", "is_cancelled"], batch_size=500)
        Firm.objects.bulk_create(
            Firm(credit_code=code, name=name, is_cancelled=is_cancelled)
            for key, code, name, is_cancelled, _ in rows
            if key is None
        )


def _write_labels(plan: RegisterPlan, listed_on: date) -> None:
    """Replace what still reads as it was compared; a firm that answered meanwhile ends the import."""
    for rows in plan.written.chunks(AT_ONCE):
        codes = {code for code, *_ in rows}
        firms = dict(Firm.objects.filter(credit_code__in=codes).values_list("credit_code", "pk"))
        before = {old[0]: tuple(old[1:]) for *_, old in rows if old is not None}
        replaced = FirmLabel.objects.filter(pk__in=before)
        found = {one.pk: (one.value, one.source, one.told_on.isoformat()) for one in replaced}
        if found != before or len(firms) != len(codes):
            raise changed_since_preview()
        replaced.delete()
        new = [(firms[code], label, value, Source.LIST.value, listed_on) for code, label, value, _ in rows]
        insert_rows(INSERT, new)


def day_of_list(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError as error:
        raise Refused("没有填写名册日期", "请填写名册所载数据的日期。") from error
    if found > today:
        raise Refused("名册日期晚于今天", "请填写名册所载数据的日期。")
    return found
