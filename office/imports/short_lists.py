"""Importing a short list (some hundred rows): what such imports share.

Each knows its own columns and rows; how their plan is counted, compared with what was previewed,
refused and shown on the page is the same for all of them. A faulty row stops the whole workbook.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db.models import Model

from office.errors import Refused
from office.imports import definition as imports
from office.models import User
from office.workbooks.sheets import STALE, UNCHANGED, Fault, Step, open_workbook
from office.workbooks.tables import Headings, Table, best_guess, find_table

Kept = TypeVar("Kept", bound=Model)


@dataclass
class Plan(Generic[Kept]):
    """What importing a list would do: rows that are new, altered, unchanged, faulty; changes in words."""

    new: list[Kept] = field(default_factory=list)
    altered: list[Kept] = field(default_factory=list)
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Whether anything would be written at all."""
        return bool(self.new or self.altered)

    def counts(self) -> dict[str, int]:
        """Count rows by what happens to them."""
        return {"新增": len(self.new), "变更": len(self.altered), "未变": self.unchanged}

    def digest(self) -> str:
        """Return a hash over everything a person sees of this plan."""
        lines = [*self.changes, *map(str, self.faults), str(self.unchanged)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def require_faultless(self) -> None:
        """Refuse with the list of faults, if there are any."""
        if self.faults:
            message = f"工作簿中有 {len(self.faults)} 处需要更正，{UNCHANGED}请更正后重新上传。"
            raise Refused(message, faults=[str(fault) for fault in self.faults])

    def require_previewed(self, expected_digest: str | None) -> None:
        """Refuse what is not exactly what somebody saw before; None where nobody looked."""
        if expected_digest is not None and self.digest() != expected_digest:
            raise Refused(STALE)


def table_of(
    content: bytes,
    headings: Headings,
    *,
    needed: Sequence[str],
    what: str,
    limit: int,
    with_merges: bool = True,
) -> Table:
    """Return the first table of a workbook that has the `needed` columns; refuse one without."""
    sheets = open_workbook(content)
    for sheet in sheets:
        if table := find_table(sheet, headings, required=needed, with_merges=with_merges, limit=limit):
            return table
    missing = "、".join(best_guess(sheets, headings, needed))
    raise Refused(f"没有找到{what}的表头，缺少：{missing}", "请补上表头后重新上传。")


def offer(
    *,
    what: str,
    lead: str,
    action: str,
    url_name: str,
    preview: Callable[..., Plan[Any]],
    run: Callable[..., Plan[Any]],
) -> imports.Import:
    """Offer the import of a list of `what`: the page asks nothing more, and all of it comes in or nothing.

    `preview(content=, acting_user=, step=)` and `run(content=, file_name=, expected_digest=,
    acting_user=, step=)` are the list's two services.
    """

    def previewed(content: bytes, option: bool, user: User, step: Step) -> imports.Preview:
        plan = preview(content=content, acting_user=user, step=step)
        counts = {**plan.counts(), "有误": len({fault.row for fault in plan.faults})}
        return imports.Preview(
            digest=plan.digest(),
            headings=list(counts),
            rows=[(what, list(counts.values()))],
            faults=plan.faults,
            changes=plan.changes,
            writes=plan.writes,
        )

    def imported(agreed: imports.Agreed, user: User, step: Step) -> str:
        plan = run(
            content=agreed.content,
            file_name=agreed.file_name,
            expected_digest=agreed.digest,
            acting_user=user,
            step=step,
        )
        said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
        return f"{what}已导入：{said}。"

    return imports.offer(
        imports.Import(
            title=f"导入{what}",
            lead=lead,
            action=action,
            url_name=url_name,
            option="",
            faults_stop=lambda _: True,
            preview=previewed,
            run=imported,
        )
    )
