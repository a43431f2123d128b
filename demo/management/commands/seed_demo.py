"""manage.py seed_demo: fill an empty database with the demo county."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from demo import seed as demo
from office.models import User


class Command(BaseCommand):
    help = "向空数据库载入示范县（人员、单位均为虚构），仅用于演示。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("示范县只能在演示环境中载入（DEMO=1），没有写入。")
        if User.objects.exists():
            raise CommandError("数据库中已有数据，没有写入。如需重新载入，请先执行 make reset。")
        with transaction.atomic():
            demo.seed(lambda line: self.stdout.write(f"  {line}"))
