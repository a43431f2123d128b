"""Store the shipped procedures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from casework.procedures import stored
from office.errors import Refused


class Command(BaseCommand):
    """Load every procedures/<id>/procedure.yaml whose text is new."""

    help = "载入办理规程文件（已载入的不重复载入）"

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            versions = stored.load_procedures()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        for version in versions:
            self.stdout.write(f"{version.procedure_id}　{version.title}　{version.sha256[:12]}")
