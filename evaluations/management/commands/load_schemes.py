"""Store the shipped schemes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluations import services
from office.errors import Refused


class Command(BaseCommand):
    """Load every schemes/<id>/scheme.yaml whose text is new."""

    help = "载入评价方案文件（已载入的不重复载入）"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            versions = services.load_schemes()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for version in versions:
            self.stdout.write(f"{version.scheme_id}　{version.title}　{version.sha256[:12]}")
