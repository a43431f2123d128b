"""Importing a short list (some hundred rows): all of it comes in, or nothing and the list of faults.

A kind of list knows its columns, how its rows compare with what is stored, and how they are written;
the way from the upload to the audit row is the same for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import Model

from office import audit, roles
from office.errors import Refused
from office.imports import definition as imports
from office.imports.plan import ImportPlan
from office.imports.unchanged import digest_of_rows, require_unchanged
from office.models import User
from office.workbooks.sheets import Fault, ReportProgress, all_sheets, digest, silently
from office.workbooks.tables import (
    Headings,
    Table,
    best_guess,
    find_table,
    hidden_sheets_note,
    unread_sheets_note,
    unusable_headings,
)

MOST_AUDITED = 100
Kept = TypeVar("Kept", bound=Model)


@dataclass
class Plan(ImportPlan, Generic[Kept]):
    """What importing a list would do: rows that are new, altered, unchanged, faulty; changes in words."""

    new: list[Kept] = field(default_factory=list)
    altered: list[Kept] = field(default_factory=list)
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        return bool(self.new or self.altered)

    def lines(self) -> Iterable[str]:
        return [*self.changes, *self.notes, *map(str, self.faults), str(self.unchanged)]

    def counts(self) -> dict[str, int]:
        return {"新增": len(self.new), "变更": len(self.altered), "未变": self.unchanged}


@dataclass(frozen=True, kw_only=True)
class ListKind(Generic[Kept]):
    """One kind of short list.

    `compared` are the models whose rows decide what `compare` finds; the first of them is locked while
    `write` writes. `subject` gives the audit row its object: a plan and the file's name tell which.
    """

    what: str
    action: str
    headings: Headings
    needed: Sequence[str]
    limit: int
    compared: tuple[type[Model], ...]
    compare: Callable[[Table, ReportProgress], Plan[Kept]]
    write: Callable[[Any], None]  # what `compare` made, with whatever more its own kind of plan holds
    subject: Callable[[Plan[Kept], str], Model]
    days: tuple[str, ...] = ()  # fields that hold a date; a date elsewhere is a fault
    audits_changes: bool = True  # no: the audit keeps counts, because the changes name people

    @property
    def verb(self) -> str:
        return f"导入{self.what}"


def preview_list(
    kind: ListKind[Kept], *, content: bytes, acting_user: User | None, progress: ReportProgress = silently
) -> Plan[Kept]:
    """Say what importing this list would do; write nothing. Nobody acts on the command line."""
    if acting_user is not None:
        roles.require(acting_user, kind.action)
    table = table_of(
        content, kind.headings, needed=kind.needed, what=kind.what, limit=kind.limit, days=kind.days
    )
    plan = kind.compare(table, progress)
    plan.notes += table.notes()
    if not (plan.writes or plan.unchanged or plan.faults):
        raise Refused(f"工作簿中只有表头，没有{kind.what}", "请填写后重新上传。")
    return plan


def import_list(
    kind: ListKind[Kept],
    *,
    content: bytes,
    file_name: str,
    acting_user: User | None,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> Plan[Kept]:
    """Import a list: exactly what was previewed, or nothing. What it does not name stays."""
    compared = digest_of_rows(*kind.compared)
    plan = preview_list(kind, content=content, acting_user=acting_user, progress=progress)
    plan.require_faultless(f"工作簿中有 {len(plan.faults)} 处")
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    progress(len(plan.changes), len(plan.changes), "正在写入")
    with require_unchanged(compared, *kind.compared):
        kind.write(plan)
        changes = {"变化": plan.changes[:MOST_AUDITED]} if kind.audits_changes else {}
        after = {**plan.counts(), **changes, "文件校验值": digest(content)}
        audit.record(kind.verb, kind.subject(plan, file_name), acting_user=acting_user, after=after)
    return plan


def table_of(
    content: bytes,
    headings: Headings,
    *,
    needed: Sequence[str],
    what: str,
    limit: int,
    days: Sequence[str] = (),
) -> Table:
    """Return the first table of a workbook that has the `needed` columns; refuse one without."""
    sheets = all_sheets(content)
    visible = [sheet for sheet in sheets if sheet.is_visible]
    hidden = hidden_sheets_note(sheets)
    tables = [
        table
        for sheet in visible
        if (table := find_table(sheet, headings, required=needed, limit=limit, days=days))
    ]
    if tables:
        unread = unread_sheets_note(table.sheet for table in tables[1:])
        tables[0].remarks.extend(filter(None, [hidden, unread]))
        return tables[0]
    missing = "、".join(best_guess(visible, headings, needed))
    raise Refused(
        f"没有找到{what}的表头，缺少：{missing}",
        f"请补上表头后重新上传。{unusable_headings(visible)}{hidden}",
    )


def offer(
    kind: ListKind[Any], *, lead: str, url_name: str, warn: Callable[[str], str] = lambda _: ""
) -> imports.Import:
    """Offer a list on a page of its own; `warn` may say something about the texts it would store."""
    return imports.offer(
        imports.Import(
            title=kind.verb,
            lead=lead,
            action=kind.action,
            url_name=url_name,
            option="",
            faults_stop=lambda _: True,
            preview=partial(_preview, kind, warn=warn),
            run=partial(_run, kind),
        )
    )


def _preview(
    kind: ListKind[Any],
    content: bytes,
    option: bool,
    user: User,
    progress: ReportProgress,
    *,
    warn: Callable[[str], str],
) -> imports.Preview:
    plan = preview_list(kind, content=content, acting_user=user, progress=progress)
    counts = {**plan.counts(), "有误": len({fault.row for fault in plan.faults})}
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[(kind.what, list(counts.values()))],
        notes=[*plan.notes, *filter(None, [warn("".join(plan.changes))])],
        faults=plan.faults,
        changes=plan.changes,
        writes=plan.writes,
    )


def _run(kind: ListKind[Any], agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = import_list(
        kind,
        content=agreed.content,
        file_name=agreed.file_name,
        expected_digest=agreed.digest,
        acting_user=user,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
    return f"{kind.what}已导入：{said}。"
