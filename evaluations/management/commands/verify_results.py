"""Recompute every stored result from its stored scheme and facts."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from evaluations.models import Result
from evaluations.results.recompute import differences

LINES_SHOWN = 20


class Command(BaseCommand):
    """Compare every stored result with a fresh computation; exit status 1 when one differs."""

    help = "逐一重算已存的评价结果并比对；有不一致时以状态码 1 结束"

    def handle(self, *args: Any, **options: Any) -> None:
        checked = wrong = 0
        for result in (
            Result.objects.select_related("scheme_version", "round").order_by("pk").iterator(chunk_size=1)
        ):
            lines = differences(result)
            checked += 1
            wrong += bool(lines)
            self.stdout.write(f"{result}：{'不一致' if lines else '一致'}")
            for line in lines[:LINES_SHOWN]:
                self.stdout.write(f"    {line}")
            if len(lines) > LINES_SHOWN:
                self.stdout.write(f"    另有 {len(lines) - LINES_SHOWN} 处")
        self.stdout.write(f"共核对 {checked} 份结果，{wrong} 份不一致。")
        if wrong:
            sys.exit(1)
