"""manage.py restore FILE [--replace]"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from office import backups
from office.errors import Refused


class Command(BaseCommand):
    help = "从备份文件恢复数据和文件：全部恢复或完全不变。请先停止网站和后台服务。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件")
        parser.add_argument("--replace", action="store_true", help="替换系统中的全部现有数据")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = backups.restore(file=options["file"], replace=options["replace"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("\n".join([*done, "恢复完成。请启动服务，登录核对后再开放使用。"]))
