"""manage.py backup FILE"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from office import backups
from office.errors import Refused


class Command(BaseCommand):
    help = "把数据和文件备份到一个文件（不含密钥；正在评价的选票不在其中）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件，如 backup-20230901.zip")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backups.backup(file=options["file"], now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        rows, files = sum(manifest["rows"].values()), len(manifest["digests"]) - len(manifest["rows"])
        self.stdout.write(
            f"备份完成：{rows} 条记录、{files} 个文件，存于 {options['file']}。请另存到别处妥善保管。"
        )
