"""A stored procedure that this version of the product can no longer read stops nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from casework.figures.closing import close_month
from casework.figures.months import Month
from casework.matters import closing, extending
from casework.matters.following import follow_the_clocks
from casework.models import Clock, Matter, ProcedureVersion
from casework.procedures.stored import load_procedures
from office.errors import Refused
from office.models import User
from tests.casework.desk import Desk, at, ready

pytestmark = pytest.mark.django_db
WHEN, LATER = "2026-03-02T09:00", "2026-03-20T09:00"


@pytest.fixture
def desk(db: None) -> Desk:
    return ready()


def read(user: User, url: str) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.parametrize(
    "text", ["title: [", "intake: 1\nstages: x\ncategories: {items: [{id: yellow, label: 黄牌}]}"]
)
def test_its_matters_stand_still_and_are_shown_and_all_others_go_on(
    desk: Desk, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """WY-R5: the night job, lists and pages; it is told of once, and goes on when it can be read again."""
    stuck = desk.assigned(WHEN, "yellow", name="测试反映人", phone="13800000001")
    kept = desk.version().text
    ProcedureVersion.objects.filter(pk=stuck.matter.version_id).update(text=text, sha256="0" * 64)
    load_procedures()
    goes_on = desk.assigned(WHEN, "yellow")
    assert follow_the_clocks(at(LATER)) == 1
    assert follow_the_clocks(at(LATER)) == 0
    assert goes_on.matter.events.filter(act="chased").exists()
    assert not stuck.matter.events.filter(act="chased").exists()
    assert sum("cannot be read" in record.getMessage() for record in caplog.records) == 1
    clock = Clock.objects.get(assignment=stuck, rule="reply")
    common = {"now": at("2026-03-02T10:00"), "acting_user": desk.officer}
    for act in (
        lambda: desk.sign(stuck, WHEN),
        lambda: extending.ask_extension(assignment=stuck, clock=clock, reason="测试", **common),
        lambda: closing.withdraw_matter(
            matter=fresh(stuck.matter), reason="", now=at(WHEN), acting_user=None
        ),
        lambda: close_month(
            version=fresh(stuck.matter).version,
            month=Month(2026, 2),
            now=at(LATER),
            acting_user=desk.reviewer,
        ),
    ):
        with pytest.raises(Refused, match="不能"):
            act()
    pages = (
        (desk.clerk, "/office/matters/"),
        (desk.clerk, f"/office/matters/{stuck.matter_id}/"),
        (desk.officer, "/office/matters/own/"),
        (desk.officer, f"/office/matters/own/{stuck.pk}/"),
    )
    for user, url in pages:
        assert stuck.matter.title in read(user, url)
    assert "不能读取" in read(desk.operator, "/office/matters/procedures/")
    assert "不能读取" in read(desk.operator, f"/office/matters/procedures/{stuck.matter.version_id}/")
    ProcedureVersion.objects.filter(pk=stuck.matter.version_id).update(text=kept)
    assert follow_the_clocks(at(LATER)) == 1, "nothing was put off for good"


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)
