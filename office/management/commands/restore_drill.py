"""manage.py restore_drill [FILE]"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.errors import Refused
from office.safekeeping import drills, rotation


class Command(BaseCommand):
    help = "把一份备份恢复到临时的数据库和文件夹，核验恢复出来的内容；现有数据不变。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="备份文件；不写的，为 BACKUP_DIR 中最新的一份")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"] or _newest()
        self.stdout.write(f"恢复演练：{file}")
        try:
            proven = drills.drill(file)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"恢复演练没有完成：{error.strerror}。请检查磁盘空间后重试。") from error
        self.stdout.write("\n".join(proven))


def _newest() -> Path:
    folder = Path(settings.BACKUP_DIR)
    found = [path for path in folder.glob("backup-*") if rotation.made_at(path.name)]
    if not found:
        raise CommandError(f"“{folder}”中没有备份，请写明备份文件。")
    return max(found, key=lambda path: path.name)
