"""Showing what stands in the working copy, where a test is not about the way to the public."""

from __future__ import annotations

from datetime import UTC, datetime

from disclosure.approval.services import publish_first_versions
from disclosure.models import DisclosureVersion

DAY = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def show_all() -> None:
    """Let the public see every department as it stands now."""
    DisclosureVersion.objects.all().delete()
    publish_first_versions(acting_user=None, now=DAY)
