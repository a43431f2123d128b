"""The pages of firms, matching and fixed lists, as the window and the centre use them (GY-R16)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from benefits.firms.access import firm_by_code
from benefits.matching import running
from benefits.models import Claim, Firm, FirmLabel, FixedList, Match
from office.jobs import services as jobs
from office.models import Job, User
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


class Desk:
    """Somebody at the workbench: pages by name, answers as text."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def get(self, page: str, /, *args: int, **asked: str) -> str:
        return self.text(self.client.get(reverse(f"benefits:{page}", args=args), asked))

    def post(self, page: str, /, *args: int, **told: str) -> str:
        return self.text(self.client.post(reverse(f"benefits:{page}", args=args), told, follow=True))

    @staticmethod
    def text(response: Any) -> str:
        assert response.status_code == 200
        return str(response.content.decode())


def run_jobs() -> None:
    for job in Job.objects.filter(state=Job.State.QUEUED):
        jobs.run(job.pk)


def test_a_firm_from_its_code_to_what_fits(county: BenefitCounty) -> None:
    """GY-R16: the label that decides stands beside each item; the code is shown once."""
    window, firm = Desk(county.clerk), county.firm
    assert "贵企业的主营行业是什么" in window.get("firm-page", firm.pk)
    said = window.post("firm-page", firm.pk, industry="工业", first_above_scale="是", employees="80")
    assert "已登记企业标签" in said
    assert "按目前的标签，没有符合的事项" not in said
    assert set(FirmLabel.objects.values_list("source", flat=True)) == {"window"}
    said = window.post("firm-page", firm.pk, industry="建筑业", employees="八十")
    assert "“八十”不是数字" in said
    said = window.post("firm-page", firm.pk, industry="建筑业", employees="80")
    assert "行业：建筑业" in said
    slip = window.client.post(reverse("benefits:firm-code", args=[firm.pk]))
    code = slip.context["code"]
    assert "no-store" in slip["Cache-Control"]
    assert code in slip.content.decode()
    assert firm_by_code(firm.credit_code, code) == firm
    assert code not in window.get("firm-page", firm.pk)
    wrong = window.post("firm-new", credit_code="91510800MA0000009X", name="测试丁公司")
    assert "统一社会信用代码有误" in wrong
    assert "没有找到企业" in window.get("firms", q="不存在的企业")
    watched = Desk(county.inspector).get("firm-page", firm.pk)
    assert "发放企业登录码</button>" not in watched
    assert "保存标签" not in watched
    assert Client().get(reverse("benefits:firms")).status_code == 302


def test_what_was_shown_and_changed_meanwhile_is_not_written_over(county: BenefitCounty) -> None:
    window, firm = Desk(county.clerk), county.firm
    page = window.client.get(reverse("benefits:firm-page", args=[firm.pk]))
    window.post("firm-page", firm.pk, employees="80")
    said = window.post("firm-page", firm.pk, seen_mark=page.context["mark"], employees="90")
    assert "已被修改" in said
    assert FirmLabel.objects.get().value == "80"


def test_lists_for_pushing_and_a_fixed_list_by_two(
    county: BenefitCounty, django_assert_max_num_queries: Any
) -> None:
    """GY-R16: from the run to claims that are assigned, page by page."""
    version = county.publish("HQ-900", name="测试免申即享补贴", category="without_application")
    Firm.objects.bulk_create(
        Firm(credit_code=f"91510800000000{one:04d}", name=f"测试{one}号企业") for one in range(60)
    )
    FirmLabel.objects.bulk_create(
        FirmLabel(firm=firm, label=label, value=value, source="list", told_on="2026-03-01")
        for firm in Firm.objects.filter(name__endswith="号企业")
        for label, value in (("industry", "工业"), ("first_above_scale", "是"))
    )
    window, centre = Desk(county.clerk), Desk(county.operator)
    assert "已开始匹配" in window.post("matching")
    run_jobs()
    assert "符合 120 项次" in window.get("matching")
    said = window.get("pushing", version.pk, answer="unknown")
    assert "共 2 家" in said
    assert "行业" in said
    with django_assert_max_num_queries(24):
        assert "尚未推送 60 家" in window.get("pushing", version.pk, answer="yes")
    assert "都已推送" in window.post("pushing", version.pk)
    assert Match.objects.filter(pushed_on__isnull=False).count() == 60
    book = window.client.get(reverse("benefits:pushing-workbook", args=[version.pk]), {"answer": "unknown"})
    rows = list(load_workbook(io.BytesIO(b"".join(book))).active.iter_rows(values_only=True))
    assert rows[1][1:5] == ("测试甲公司", "可能符合，待确认", "行业", "贵企业的主营行业是什么？")
    but_three = "\n".join(f"91510800000000{one:04d}" for one in range(57))
    said = window.post("fixed-list-new", version.pk, leave_out=but_three)
    assert "须由另一人确认" in said
    fixed = FixedList.objects.get()
    assert "待确认" in centre.get("fixed-lists")
    assert "已确认名单" in centre.post("fixed-list", fixed.pk, confirm="1")
    run_jobs()
    assert Claim.objects.filter(from_list=fixed).count() == 3
    with django_assert_max_num_queries(24):
        said = centre.get("fixed-list", fixed.pk)
    assert "3 家" in said
    assert running.last_run() is not None
