"""manage.py import_roster FILE [--dry-run]: bring in annex 1 and annex 2."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from departments.roster import services
from departments.roster.plan import MISSING, Plan
from office.errors import Refused
from office.workbooks.sheets import read_upload


class Command(BaseCommand):
    help = "导入人员身份公示表（附件1）和岗位职责公示表（附件2）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="文件", help="工作簿（.xlsx）")
        parser.add_argument("--dry-run", action="store_true", help="只检查和预览，不写入")
        parser.add_argument("--new-departments", action="store_true", help="允许新增单位名单中没有的单位")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        adding = options["new_departments"]
        try:
            content = read_upload(path)
            if options["dry_run"]:
                plan = services.preview_roster(content=content, new_departments=adding, acting_user=None)
            else:
                plan = services.import_roster(
                    content=content, file_name=path.name, new_departments=adding, acting_user=None
                )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._report(plan, dry_run=options["dry_run"])

    def _report(self, plan: Plan, *, dry_run: bool) -> None:
        for note in plan.notes:
            self.stdout.write(f"提示：{note}")
        for change in plan.changes:
            if change.action == MISSING:
                self.stdout.write(str(change))
        for what, counts in plan.counts().items():
            self.stdout.write(
                f"{what}：" + "，".join(f"{action} {count}" for action, count in counts.items())
            )
        if plan.faults:
            lines = "\n".join(map(str, plan.faults))
            raise CommandError(f"名册中有 {len(plan.faults)} 处需要更正，没有写入：\n{lines}")
        if dry_run:
            self.stdout.write("以上为预览，没有写入。")
        else:
            self.stdout.write("已导入。" if plan.writes else "与系统中的数据一致，没有变化。")
