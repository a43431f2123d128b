"""manage.py backup [FILE] [--keep DAYS]"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from office import backups
from office.errors import Refused
from office.safekeeping import elsewhere, rotation


class Command(BaseCommand):
    help = "把数据和文件备份到一个文件（不含密钥；正在评价的选票不在其中）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="备份文件；不写的，以日期命名，存入 BACKUP_DIR"
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="天数",
            help="在 BACKUP_DIR 和 BACKUP_COPY_DIR 中保留最近若干天的备份，"
            f"以及 {rotation.WEEKS_KEPT} 周、{rotation.MONTHS_KEPT} 个月中每周、每月最后一份，其余删除",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keep = options["keep"]
        if keep is not None and keep < 1:
            raise CommandError("--keep 至少为 1 天。")
        now = timezone.now()
        try:
            file = options["file"] or _named(now)
            manifest = backups.backup(file=file, now=now)
            self._told(manifest, file)
            self._rotated(Path(settings.BACKUP_DIR), keep)
            if settings.BACKUP_COPY_DIR:
                copies = Path(settings.BACKUP_COPY_DIR)
                elsewhere.copy(file, copies)
                self.stdout.write(f"已另存到 {copies} 并核对。")
                self._rotated(copies, keep)
        except (Refused, elsewhere.NotCopied) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"备份已写好，但旧备份没有清理：{error.strerror}。") from error

    def _told(self, manifest: dict[str, Any], file: Path) -> None:
        rows, files = sum(manifest["rows"].values()), len(manifest["digests"]) - len(manifest["rows"])
        how = "已加密" if settings.BACKUP_PASSPHRASE else "未加密"
        self.stdout.write(f"备份完成（{how}）：{rows} 条记录、{files} 个文件，存于 {file}。")
        if not settings.BACKUP_COPY_DIR:
            self.stdout.write("请另存到别处妥善保管。")

    def _rotated(self, folder: Path, keep: int | None) -> None:
        if keep is not None and folder.is_dir() and (gone := rotation.rotate(folder, days=keep)):
            self.stdout.write(f"已按保留规则从 {folder} 删除 {len(gone)} 份旧备份。")


def _named(now: datetime) -> Path:
    folder = Path(settings.BACKUP_DIR)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(f"不能建立文件夹“{folder}”（{error.strerror}）", "请核对 BACKUP_DIR。") from error
    return folder / rotation.name(now, sealed=bool(settings.BACKUP_PASSPHRASE))
