"""manage.py seed_large: add many made-up firms with labels to the demo county, and match them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.large import seed_large
from office.errors import Refused
from office.models import User
from office.roles import Role


class Command(BaseCommand):
    help = "向示范县加入大量企业和标签（均为虚构）并匹配，仅用于演示。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--firms", type=int, default=20_000, help="企业数，默认 20000")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("只能在演示环境中载入（DEMO=1），没有写入。")
        user = User.objects.filter(role=Role.WINDOW_CLERK, is_active=True).order_by("pk").first()
        if user is None:
            raise CommandError("还没有示范县，没有写入。请先执行 make run。")
        try:
            found = seed_large(
                options["firms"], timezone.localdate(), user, lambda line: self.stdout.write(f"  {line}")
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("，".join(f"{what} {count}" for what, count in found.items()))
