"""Draw once more from a protocol file; needs neither database nor network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from surveys.draws import protocol


class Command(BaseCommand):
    help = "按抽取记录（.json）重新抽取，与记录的名单、候补和递补核对；不连接数据库，不改动任何数据。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="从抽取页面下载的抽取记录")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            kept, raw = protocol.read(Path(options["file"]).read_bytes())
        except OSError as error:
            raise CommandError(f"无法读取文件：{options['file']}。") from error
        except protocol.NotAProtocol as error:
            raise CommandError(str(error)) from error
        for name, value in raw.get("about", {}).items():
            self.stdout.write(f"{name}：{value}")
        self.stdout.write(f"抽取码：{kept.seed}")
        self.stdout.write(f"名单摘要：{kept.list_hash}（{len(kept.listed)}人）")
        self.stdout.write(f"记录摘要：{protocol.hash_of(raw)}")
        if faults := protocol.faults_of(kept):
            raise CommandError("\n".join(["核对不一致：", *faults]))
        drawn = sum(len(one.drawn) for one in kept.cells)
        self.stdout.write(
            f"重新抽取的名单与记录完全一致：抽取{drawn}，递补{len(kept.replacements)}次，均按候补顺序。"
        )
