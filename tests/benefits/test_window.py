"""The window serves a firm without a phone completely: firm, item, papers, receipt, one notice of defects."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from benefits.models import Claim, ClaimPaper, Firm
from casework.models import Matter, Stop
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db
NEW = "/office/benefits/claims/new/"
PDF = b"%PDF-1.4 test"


@pytest.fixture
def county(client: Client) -> BenefitCounty:
    found = ready()
    client.force_login(found.clerk)
    return found


def told(page: Any) -> str:
    return str(page.content.decode())


def form(county: BenefitCounty, **more: Any) -> dict[str, Any]:
    licence, proof = county.item.papers.all()
    return {
        "key": "0" * 32,
        "version": county.item.pk,
        "amount": "50000.50",
        "bank": "示例银行",
        "account": "6222 0000 0000 0018",
        f"state-{licence.pk}": ClaimPaper.State.WAIVED,
        f"state-{proof.pk}": ClaimPaper.State.MISSING,
        "contact": "测试联系人",
        **more,
    }


def test_a_firm_is_found_or_written_down(client: Client, county: BenefitCounty) -> None:
    """GY-R13: by code or name; a code that is no code is refused."""
    for text in ("甲公司", "91510800ma0000001a"):
        assert f"?firm={county.firm.pk}" in told(client.get(NEW, {"q": text}))
    wrong = {"credit_code": "91510800MA00000099", "name": "测试丙公司"}
    assert "统一社会信用代码有误" in told(client.post(NEW, wrong, follow=True))
    right = {"credit_code": "91510800MA0000003Y", "name": "测试丙公司"}
    client.post(NEW, right)
    firm = Firm.objects.get(name="测试丙公司")
    assert "测试丙公司已经登记" in told(client.post(NEW, right, follow=True))
    assert f"/office/benefits/firms/{firm.pk}/code/" in told(client.get(NEW, {"firm": firm.pk}))


def test_a_claim_with_papers_missing_is_registered_and_its_defects_told_once(
    client: Client, county: BenefitCounty
) -> None:
    """GY-R13: the notice is prefilled with all that is missing; a second one is refused."""
    address = f"{NEW}?firm={county.firm.pk}&item=HQ-001"
    assert "可以免提交" in told(client.get(address))
    receipt, again = (client.post(address, form(county)) for _ in range(2))
    claim = Claim.objects.select_related("matter").get()
    assert all(one in told(receipt) for one in (claim.matter.number, "尚缺材料：入规证明", "50000.50"))
    assert receipt.context["made"].receipt.code in told(again)
    checks = f"/office/benefits/claims/{claim.pk}/papers/"
    assert "请补交：入规证明。" in told(client.get(checks))
    notice = {"act": "notice", "what": "请补交：入规证明。"}
    assert "应一次性告知" in told(client.post(checks, {**notice, "what": "请补盖公章。"}))
    matter = f"/office/matters/{claim.matter_id}/"
    common = client.post(matter, {"act": "supplement", "supplement-what": "请补盖公章。"}, follow=True)
    assert ("通知补正" not in told(client.get(matter)), "不能通知补正" in told(common)) == (True, True)
    assert not Stop.objects.exists()
    client.post(checks, notice)
    assert "应一次性告知" in told(client.post(checks, notice))
    licence, proof = claim.version.papers.all()
    kept = {f"state-{licence.pk}": "waived", f"state-{proof.pk}": "missing"}
    client.post(checks, {"act": "check", **kept, f"files-{proof.pk}": SimpleUploadedFile("证明.pdf", PDF)})
    assert Stop.objects.get().last == timezone.localdate()
    assert "入规证明1.pdf" in told(client.get(checks))


def test_what_is_wrong_is_said_and_nothing_is_registered(client: Client, county: BenefitCounty) -> None:
    """GY-R13: too much, half an account, a guide that changed while the form was open."""
    address = f"{NEW}?firm={county.firm.pk}&item=HQ-001"
    for changed, why in (
        ({"amount": "100000.01"}, "超过上限"),
        ({"account": ""}, "请填写账号"),
        ({"contact": ""}, "fault"),
    ):
        assert why in told(client.post(address, form(county, **changed)))
    began = form(county)
    today = timezone.localdate()
    county.publish("HQ-001", today=today, valid_from=today, standard="一次性奖励8万元")
    changed_page = told(client.post(address, began))
    assert "办事指南已经更新" in changed_page
    assert "一次性奖励8万元" in changed_page
    assert not Matter.objects.exists()
    client.force_login(county.officer)
    assert client.get(address).status_code == 403
