"""The demo's year of benefits shows every state, late ones too, with money to the cent."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Sum
from pytest_django.fixtures import Settings

from benefits.firms.access import firm_by_code
from benefits.matching import running
from benefits.models import (
    Claim,
    FundEntry,
    FundPool,
    ItemVersion,
    Match,
    MonthNotice,
    NoticePublication,
    Payment,
)
from casework.matters.clocks import one_calendar
from casework.models import Matter
from casework.procedures.stored import load_procedures
from demo import benefit_items, seed
from demo.benefit_year import hold_benefits
from demo.benefits import Size
from departments.models import Department, Membership
from office.jobs import services as jobs
from office.models import Job
from tests.casework.desk import at
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
NOW = at("2026-11-30T15:00")


def test_a_short_year_of_benefits(settings: Settings, tmp_path: Path) -> None:
    """GY-R12, GY-R17: items approved by others, claims through services, pools never below nothing."""
    own_folders(settings, tmp_path)
    call_command("seed_calendar", verbosity=0)
    load_procedures()
    people = seed.make_accounts()
    seed.name_issuing_bodies()
    unit = Department.objects.create(name="县第1局", order=1)
    Department.objects.create(name="县工信局", order=2)
    credit_code, code = benefit_items.hand_out_one(NOW.date(), people["window"])
    for name in ("department", "checker"):
        Membership.objects.create(user=people[name], department=unit)
    handlers = {unit: (people["department"], people["checker"])}
    with one_calendar():
        hold_benefits(
            people, handlers, NOW, Size(days=40, a_month=10, earlier=10, items=12, firms=30, months=2)
        )
    assert {ItemVersion.State.PUBLISHED, ItemVersion.State.DRAFT} <= set(
        ItemVersion.objects.values_list("state", flat=True)
    )
    of_industry = ItemVersion.objects.filter(name="高新技术企业首次认定奖励")
    assert {one.department.name for one in of_industry} == {"县工信局"}
    assert Claim.objects.count() > 8
    assert Claim.objects.exclude(from_list=None).exists()
    states = set(Matter.objects.values_list("state", flat=True))
    assert Matter.State.CLOSED in states
    assert states - {Matter.State.CLOSED}
    assert Payment.objects.filter(state=Payment.State.PAID).exists()
    for pool in FundPool.objects.all():
        assert FundEntry.objects.filter(pool=pool).aggregate(sum=Sum("amount"))["sum"] >= 0
    (job,) = Job.objects.filter(kind=running.KIND)
    jobs.run(job.pk)
    assert Match.objects.values("version").distinct().count() > 5
    assert firm_by_code(credit_code, code)
    assert (MonthNotice.objects.count(), NoticePublication.objects.count()) == (2, 1)
