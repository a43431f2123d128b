from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from benefits.claims import fixing
from benefits.matching.asking import note_labels
from benefits.models import Claim, Firm, FixedList, ItemVersion, ListedFirm
from casework.models import Clock, Matter
from office.errors import Refused
from office.jobs import services as jobs
from office.models import Job, User
from tests.benefits.county import BenefitCounty, ready
from tests.casework.desk import at
from tests.kit.at_once import DONE, at_once

FIXED_AT = "2026-03-02T10:00"


@pytest.fixture
def county(db: None) -> BenefitCounty:
    return ready()


def an_item_without_application(county: BenefitCounty) -> ItemVersion:
    """An item for firms of industry, which three firms are."""
    version = county.publish(
        "HQ-900",
        name="测试免申即享补贴",
        category="without_application",
        conditions=({"label": "industry", "test": "is", "value": "工业", "says": "工业企业"},),
    )
    third, _ = Firm.objects.get_or_create(credit_code="91510800MA0000003C", name="测试丙公司")
    for firm in (county.firm, county.other_firm, third):
        note_labels(firm=firm, told={"industry": "工业"}, today=at(FIXED_AT).date(), acting_user=county.clerk)
    return version


def drawn_up(county: BenefitCounty, leave_out: str = "") -> FixedList:
    version = an_item_without_application(county)
    return fixing.draw_up_list(
        version=version, leave_out=leave_out, now=at("2026-03-02T09:00"), acting_user=county.clerk
    )


def confirm(fixed: FixedList, user: User) -> FixedList:
    return fixing.settle_list(fixed=fixed, confirms=True, opinion="", now=at(FIXED_AT), acting_user=user)


def names(fixed: FixedList) -> list[str]:
    return list(fixed.firms.order_by("credit_code").values_list("name", flat=True))


def test_the_confirmation_by_another_is_the_assignment(county: BenefitCounty) -> None:
    """GY-R13, GY-R16: the ten working days begin with the confirmation, whenever the job runs."""
    fixed = drawn_up(county)
    assert names(fixed) == ["测试甲公司", "测试乙公司", "测试丙公司"]
    with pytest.raises(Refused, match="拟定人以外"):
        confirm(fixed, county.clerk)
    confirm(fixed, county.operator)
    Firm.objects.filter(pk=county.other_firm.pk).update(is_cancelled=True)
    third = Firm.objects.get(name="测试丙公司")
    note_labels(firm=third, told={"industry": "建筑业"}, today=at(FIXED_AT).date(), acting_user=county.clerk)
    (job,) = Job.objects.filter(kind=fixing.KIND)
    jobs.run(job.pk)
    claims = Claim.objects.filter(from_list=fixed).order_by("pk")
    assert [one.firm.name for one in claims] == ["测试甲公司"]
    for claim in claims:
        matter = claim.matter
        assert (matter.source, matter.state, matter.category) == (
            "matched",
            Matter.State.ASSIGNED,
            "without_application",
        )
        assert matter.assignments.get().unit == county.unit
        clock = Clock.objects.get(matter=matter, rule="decision")
        assert (clock.began_at, clock.due_at) == (at(FIXED_AT), at("2026-03-16T17:00"))
    left_out = ListedFirm.objects.exclude(left_out="").values_list("firm", "left_out")
    assert set(left_out) == {
        (county.other_firm.pk, "测试乙公司已经注销"),
        (third.pk, "不再符合：行业"),
    }
    client = Client()
    client.force_login(county.clerk)
    page = client.get(f"/office/benefits/lists/{fixed.pk}/?left=2").content.decode()
    assert page.count("不再符合：行业") == 1


def test_an_interrupted_job_makes_each_claim_once(county: BenefitCounty) -> None:
    fixed = confirm(drawn_up(county, leave_out="91510800ma0000003c"), county.operator)
    assert names(fixed) == ["测试甲公司", "测试乙公司"]
    job = fixing.job_of(fixed)
    assert job is not None
    Job.objects.filter(pk=job.pk).update(attempts=1, state=Job.State.RUNNING)

    def tell(done: int, total: int, message: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.HANDLERS[fixing.KIND](job.arguments, jobs.Progress(job.pk, 1, tell))
    assert Claim.objects.count() == 1
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.outcome["交办"], job.outcome["未列入"]) == (Job.State.DONE, 2, 0)
    assert Claim.objects.count() == 2


def test_who_claimed_or_fits_no_longer_is_not_listed(county: BenefitCounty) -> None:
    """GY-R16: a list is decided anew from what is known when it is drawn up."""
    version = an_item_without_application(county)
    asked = {"version": version, "acting_user": county.clerk}
    with pytest.raises(Refused, match="符合条件的企业中没有91510800MA0000009X"):
        fixing.draw_up_list(leave_out="91510800MA0000009X", now=at(FIXED_AT), **asked)
    fixed = fixing.draw_up_list(leave_out="", now=at(FIXED_AT), **asked)
    with pytest.raises(Refused, match="已有待确认的名单"):
        fixing.draw_up_list(leave_out="", now=at(FIXED_AT), **asked)
    settle = {"fixed": fixed, "now": at(FIXED_AT), "acting_user": county.operator}
    with pytest.raises(Refused, match="没有写明退回的原因"):
        fixing.settle_list(confirms=False, opinion=" ", **settle)
    fixing.settle_list(confirms=False, opinion="丙公司不应列入", **settle)
    note_labels(
        firm=county.firm, told={"industry": "建筑业"}, today=at(FIXED_AT).date(), acting_user=county.clerk
    )
    fixed = fixing.draw_up_list(leave_out="", now=at(FIXED_AT), **asked)
    confirm(fixed, county.operator)
    (job,) = Job.objects.filter(kind=fixing.KIND)
    jobs.run(job.pk)
    assert names(fixed) == ["测试乙公司", "测试丙公司"]
    with pytest.raises(Refused, match="没有符合条件、尚未申请的企业"):
        fixing.draw_up_list(leave_out="", now=at(FIXED_AT) + timedelta(days=1), **asked)
    refused = Claim.objects.get(from_list=fixed, firm=county.other_firm)
    county.sign(refused.matter.assignments.get(), FIXED_AT)
    county.decide(refused, FIXED_AT, is_granted=False, amount=None, reason="不符合", remedy="异议")
    county.close(refused.matter, FIXED_AT, "refused")
    again = fixing.draw_up_list(leave_out="", now=at(FIXED_AT) + timedelta(days=1), **asked)
    assert names(again) == ["测试乙公司"], "who was refused may be listed again"
    with pytest.raises(Refused, match="须由企业申请"):
        fixing.draw_up_list(version=county.item, leave_out="", now=at(FIXED_AT), acting_user=county.clerk)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_is_told() -> None:
    """GY-R16."""
    county = BenefitCounty()
    fixed = drawn_up(county)
    done, refused = at_once(lambda: confirm(fixed, county.operator), lambda: confirm(fixed, county.reviewer))
    assert (done, "名单目前为“已确认”" in refused) == (DONE, True)
    assert Job.objects.filter(kind=fixing.KIND).count() == 1
