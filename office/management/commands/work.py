"""Run background work where there is no Redis: `manage.py work`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from office.jobs import worker


class Command(BaseCommand):
    """Runs until it is asked to stop."""

    help = "运行后台任务和定时任务（未配置 Redis 时使用）"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--processes", type=int, default=2, help="同时运行几个任务")

    def handle(self, **options: Any) -> None:
        if settings.REDIS_URL:
            raise CommandError("已配置 REDIS_URL，后台任务由 Celery 运行，本次未启动。")
        if not worker.is_alone():
            raise CommandError("这一数据目录已有后台任务进程在运行，本次未启动。")
        working = worker.Worker(max(1, options["processes"]))
        if options["verbosity"] > 1:
            self.stdout.write("worker ready.")
            self.stdout.flush()
        working.run()
