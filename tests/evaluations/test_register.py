"""The register of consequences: filled from results, nothing counted twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from evaluations.consequences.services import register_consequences
from evaluations.models import Disposition
from tests.evaluations.county import County, fresh
from tests.evaluations.pages import starts

pytestmark = pytest.mark.django_db


@starts("appeals_ended")
def test_proposals_stand_in_the_register_once_the_appeals_ended(county: County) -> None:
    rows = Disposition.objects.order_by("register_serial")
    said = {(str(row).partition(" ")[2], row.kind): row.because for row in rows}
    assert said["县乙局乙科长 亮黄牌提醒", "card"] == "本人评定为一般"
    assert said["县甲局甲局长 同等条件下优先培养、提拔重用", "priority"] == "单位评定为优秀；本人评定为优秀"
    assert len(said) == len(rows), "one row for a person and a measure, with every reason"
    assert {row.state for row in rows} == {Disposition.State.PROPOSED}
    register_consequences(round=fresh(county.round), now=timezone.now(), acting_user=county.operator)
    assert Disposition.objects.count() == len(said), "once more changes nothing"
