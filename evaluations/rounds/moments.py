"""How a moment is said on slips and pages: 2026年9月30日18时, 2026年9月30日18时30分."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone


def in_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%Y年%-m月%-d日%-H时}" + (f"{local:%-M分}" if local.minute else "")
