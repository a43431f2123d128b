"""After a transfer the house shows number and days, nothing of what was reported."""

from __future__ import annotations

import pytest
from django.test import Client

from casework.matters import transferring
from casework.models import Matter
from casework.reporters.opening import open_reporter
from office.errors import Refused
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db


def test_who_passed_a_matter_on_sees_number_and_days_alone() -> None:
    """WY-R3: discipline and courts go on with it; nobody here reads it any more."""
    desk = Desk()
    matter = desk.register("2026-03-02T09:10", name="测试反映人", text="科室人员索要财物的经过。").matter
    desk.accept(matter, "2026-03-02T09:20")
    transferring.transfer_matter(
        matter=Matter.objects.get(pk=matter.pk),
        to="discipline",
        reason="涉嫌违纪",
        letter_number="示移〔2026〕1号",
        now=at("2026-03-02T10:00"),
        acting_user=desk.operator,
    )
    browser = Client()
    browser.force_login(desk.operator)
    page = browser.get(f"/office/matters/{matter.pk}/").content.decode()
    assert "示移〔2026〕1号" in page
    assert "2026年3月2日" in page
    for gone in (matter.title, "索要财物", "涉嫌违纪"):
        assert gone not in page
        assert gone not in browser.get("/office/matters/?state=transferred").content.decode()
    with pytest.raises(Refused, match="已移送"):
        open_reporter(
            reporter=Matter.objects.get(pk=matter.pk).reporter,
            reason="核实办理情况需要",
            now=at("2026-03-03T09:00"),
            acting_user=desk.operator,
        )
