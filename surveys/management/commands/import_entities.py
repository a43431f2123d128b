"""manage.py import_entities FILE [--dry-run] [--skip-faulty]: bring in the sample library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.errors import Refused
from office.workbooks.sheets import read_upload
from surveys.respondents import entity_import


class Command(BaseCommand):
    help = "导入市场主体样本库。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="文件", help="工作簿（.xlsx）")
        parser.add_argument("--dry-run", action="store_true", help="只检查和预览，不写入")
        parser.add_argument("--skip-faulty", action="store_true", help="略过有误的行，导入其余各行")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            content = read_upload(path)
            if options["dry_run"]:
                plan = entity_import.preview_entities(content=content, acting_user=None)
            else:
                plan = entity_import.import_entities(
                    content=content,
                    file_name=path.name,
                    acting_user=None,
                    skip_faulty=options["skip_faulty"],
                )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self._report(plan, dry_run=options["dry_run"])

    def _report(self, plan: entity_import.EntityPlan, *, dry_run: bool) -> None:
        for fault in plan.faults:
            self.stdout.write(str(fault))
        for note in plan.notes:
            self.stdout.write(note)
        if plan.new_towns:
            names = "、".join(town.name for town in plan.new_towns)
            self.stdout.write(f"系统中还没有镇（街），按文件新增：{names}")
        self.stdout.write("，".join(f"{action} {count}" for action, count in plan.counts().items()))
        if dry_run:
            self.stdout.write("以上为预览，没有写入。")
        elif plan.writes:
            self.stdout.write("已导入，有误的行已略过。" if plan.faults else "已导入。")
        else:
            self.stdout.write("与系统中的数据一致，没有变化。")
