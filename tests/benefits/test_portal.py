"""The pages of firms: who signs in sees its own alone, claims, follows, supplements, and leaves."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image

from benefits.claims import papers
from benefits.firms.access import hand_out_code
from benefits.firms.signed_in import COOKIE, sign_in
from benefits.models import Claim, ClaimPaper, Firm
from benefits.portal import entrance
from benefits.rules import rules
from casework.models import CallBack, Matter, ProcedureVersion, Review
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db
HOME, CLAIM = "/benefits/firm/", "/benefits/claim/HQ-001/"
KEY = "0" * 32


@pytest.fixture
def county() -> BenefitCounty:
    entrance.guesses.cache_clear()
    return ready()


def code_of(county: BenefitCounty, firm: Firm | None = None) -> str:
    return hand_out_code(firm=firm or county.firm, today=timezone.localdate(), acting_user=county.clerk)


def enter(client: Client, firm: Firm, code: str, item: str = "", **meta: Any) -> Any:
    return client.post(HOME, {"credit_code": firm.credit_code, "code": code, "item": item}, **meta)


def a_photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "#336699").save(content, "JPEG")
    return SimpleUploadedFile("材料.jpg", content.getvalue())


def form(county: BenefitCounty, **more: Any) -> dict[str, Any]:
    proof = county.item.papers.get(name="入规证明")
    return {
        "key": KEY,
        "version": county.item.pk,
        "amount": "１2，345.60元",
        "bank": "示例银行城区支行",
        "account": "6222000000000018",
        f"files-{proof.pk}": [a_photo(), SimpleUploadedFile("证明.pdf", b"%PDF-1.4 test")],
        "contact": "测试联系人",
        "phone": "13900000000",
        "promise": "on",
        **more,
    }


def test_a_wrong_code_and_an_unknown_firm_are_answered_alike_and_guessing_waits(
    client: Client, county: BenefitCounty, django_assert_max_num_queries: Any
) -> None:
    """GY-R13: nothing tells which firms there are, nobody locks another out, a new code ends the old."""
    code = code_of(county)
    unknown = Firm(credit_code="91510800MA0000009X")
    answers = [enter(client, firm, "2222-2222") for firm in (county.firm, unknown)]
    assert {one.status_code for one in answers} == {422}
    assert all("不正确" in one.content.decode() for one in answers)
    wide = Firm(credit_code="９" + unknown.credit_code[1:].lower())  # the same firm, typed otherwise
    for _ in range(5):
        tried = enter(client, wide, "2222-2222")
    assert tried.status_code == 429
    assert enter(client, unknown, "2222-2222").status_code == 429
    for _ in range(5):
        enter(client, county.firm, "2222-2222", REMOTE_ADDR="203.0.113.9")
    assert enter(client, county.firm, code, REMOTE_ADDR="203.0.113.9").status_code == 429
    assert enter(client, county.firm, code, "no/item").url == HOME
    found = enter(client, county.firm, code.lower(), "HQ-001")
    assert found.url == CLAIM
    with django_assert_max_num_queries(24):
        page = client.get(HOME)
    assert county.firm.name in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")
    again = code_of(county)
    assert county.firm.name not in client.get(HOME).content.decode()
    enter(client, county.firm, again)
    Firm.objects.filter(pk=county.firm.pk).update(is_cancelled=True)
    assert county.firm.name not in client.get(HOME).content.decode()
    cancelled = enter(client, county.firm, again)
    assert (cancelled.status_code, "已经注销的，请到专窗" in answers[1].content.decode()) == (422, True)


def test_a_form_from_another_site_is_refused_and_leaving_ends_it(county: BenefitCounty) -> None:
    strict, code = Client(enforce_csrf_checks=True), code_of(county)
    assert enter(strict, county.firm, code).status_code == 403
    token = strict.get(HOME).context["csrf_token"]
    told = {"credit_code": county.firm.credit_code, "code": code, "csrfmiddlewaretoken": token}
    assert strict.post(HOME, told).status_code == 302
    assert {cookie["path"] for cookie in strict.cookies.values()} == {"/benefits/"}
    client, kept = Client(), Client()
    code = code_of(county)
    enter(client, county.firm, code)
    kept.cookies[COOKIE] = client.cookies[COOKIE].value
    home = kept.get(HOME).content.decode()
    assert county.firm.name in home
    assert "30分钟不操作即失效，最长4小时" in home
    client.post("/benefits/firm/out/")
    for left in (client, kept):  # a cookie that somebody kept opens nothing either
        assert county.firm.name not in left.get(HOME).content.decode()
    county.firm.refresh_from_db()
    longest = 3600 * rules()[1].access.longest_hours
    for ago, is_in in ((longest - 60, True), (longest, False)):
        answer = sign_in(HttpResponse(), county.firm, began=int(time.time()) - ago)
        kept.cookies[COOKIE] = answer.cookies[COOKIE].value
        for _ in range(2):  # however often a page is opened
            assert (county.firm.name in kept.get(HOME).content.decode()) is is_in
    assert "登录已经过期" in client.post(CLAIM, form(county)).content.decode()
    assert not Claim.objects.exists()


def test_a_firm_is_asked_the_one_question_that_is_missing(client: Client, county: BenefitCounty) -> None:
    """GY-R16: what may fit asks; the answer decides at once, and another firm's answers stay its own."""
    enter(client, county.firm, code_of(county))
    answer = {"label": "industry", "value": "工业"}
    assert "贵企业的主营行业是什么？" in client.get(HOME).content.decode()
    asked = client.post("/benefits/firm/answer/", answer).content.decode()
    assert "是否当年首次纳入规模以上统计？" in asked
    assert "待确认：当年首次纳入规模以上统计" in asked
    wrong = client.post("/benefits/firm/answer/", {"label": "colour", "value": "红"})
    assert wrong.status_code == 422
    fits = client.post("/benefits/firm/answer/", {"label": "first_above_scale", "value": "是"})
    assert "符合（1项）" in fits.content.decode()
    assert not county.other_firm.labels.exists()


def test_a_firm_claims_once_and_follows(client: Client, county: BenefitCounty) -> None:
    """GY-R13: receipt with number and code, the same for the same form; nobody else's claim is there."""
    enter(client, county.firm, code_of(county))
    assert "申请金额" in client.get(CLAIM).content.decode()
    first, second = (client.post(CLAIM, form(county)) for _ in range(2))
    claim = Claim.objects.select_related("matter").get()
    assert str(claim.amount_asked) == "12345.60"
    states = {one.paper.name: one.state for one in claim.papers.all()}
    assert states == {"营业执照": "missing", "入规证明": "handed_in"}
    assert {file.name for file in claim.matter.files.all()} == {"入规证明1.jpg", "入规证明2.pdf"}
    assert all(file.to_unit for file in claim.matter.files.all()), "the department decides by them"
    code = first.context["made"].receipt.code
    assert code in second.content.decode()
    assert "没有重复登记" in second.content.decode()
    assert claim.matter.number in client.get(HOME).content.decode()
    assert "同一事项已经申请" in client.get(CLAIM).content.decode()
    own = f"/benefits/firm/claims/{claim.pk}/"
    assert "等待决定是否受理" in client.get(own).content.decode()
    by_code = {"number": claim.matter.number, "code": code}
    assert own in client.post("/report/progress/", by_code).content.decode()
    other = Client()
    enter(other, county.other_firm, code_of(county, county.other_firm))
    assert other.get(own).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"amount": "十万"}, "请用阿拉伯数字"),
        ({"amount": "100000.01"}, "超过上限"),
        ({"amount": "1e3"}, "请用阿拉伯数字"),
        ({"account": "1234"}, "账号为8至30位"),
        ({"promise": ""}, "请阅读承诺后勾选"),
        ({"phone": ""}, "fault"),
        ({"key": "x"}, "内容不完整"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_beside_it(
    client: Client, county: BenefitCounty, changed: dict[str, str], said: str
) -> None:
    """GY-R13."""
    enter(client, county.firm, code_of(county))
    page = client.post(CLAIM, form(county, **changed))
    assert page.status_code == 422
    assert said in page.content.decode()
    assert not Matter.objects.exists()


def test_papers_are_all_there_and_can_be_read(client: Client, county: BenefitCounty) -> None:
    enter(client, county.firm, code_of(county))
    proof = county.item.papers.get(name="入规证明")
    field = f"files-{proof.pk}"
    assert "缺少材料：入规证明" in client.post(CLAIM, form(county, **{field: []})).content.decode()
    spoilt = SimpleUploadedFile("证明.docx", b"PK\x03\x04")
    assert "不是照片" in client.post(CLAIM, form(county, **{field: [spoilt]})).content.decode()
    assert not Matter.objects.exists()


def test_a_guide_that_changed_in_between_is_shown_and_nothing_is_taken(
    client: Client, county: BenefitCounty
) -> None:
    """GY-R12, GY-R13: the version of the day of the claim holds, and the firm has seen it."""
    enter(client, county.firm, code_of(county))
    began = form(county)
    today = timezone.localdate()
    papers = ({"name": "入规证明"}, {"name": "纳税证明"})
    new = county.publish("HQ-001", today=today, valid_from=today, papers=papers, standard="一次性奖励8万元")
    page = client.post(CLAIM, began)
    told = page.content.decode()
    assert page.status_code == 422
    assert all(
        word in told for word in ("办事指南已经更新", "一次性奖励10万元", "一次性奖励8万元", "纳税证明")
    )
    assert "测试联系人" in told, "what was typed stays"
    assert not Matter.objects.exists()
    again = {f"files-{one.pk}": [a_photo()] for one in new.papers.all()}
    client.post(CLAIM, form(county, version=new.pk, **again))
    assert Claim.objects.get().version == new


def test_a_firm_supplements_paper_by_paper(client: Client, county: BenefitCounty) -> None:
    """GY-R13, GY-R14: what is named and not there keeps the clocks still."""
    enter(client, county.firm, code_of(county))
    claim = county.claim(f"{timezone.localdate()}T09:10").claim
    own = f"/benefits/firm/claims/{claim.pk}/"
    licence, proof = claim.version.papers.all()
    assert (
        "没有待补正的通知"
        in client.post(own, {"act": "papers", f"files-{proof.pk}": a_photo()}).content.decode()
    )
    told = {"what": "请补交：营业执照、入规证明。", "now": timezone.now(), "acting_user": county.clerk}
    papers.ask_for_missing(claim=claim, **told)
    assert "请补交：营业执照、入规证明。" in client.get(own).content.decode()
    assert "没有选择文件" in client.post(own, {"act": "papers"}).content.decode()
    first = client.post(own, {"act": "papers", f"files-{proof.pk}": a_photo()})
    assert "还缺营业执照" in first.content.decode()
    assert claim.matter.stops.filter(last=None).exists()
    second = client.post(own, {"act": "papers", f"files-{licence.pk}": a_photo()})
    assert "材料已经补齐" in second.content.decode()
    assert not claim.matter.stops.filter(last=None).exists()
    assert set(claim.papers.values_list("state", flat=True)) == {ClaimPaper.State.HANDED_IN}


def test_a_firm_rates_objects_and_withdraws_in_time(client: Client, county: BenefitCounty) -> None:
    """GY-R13, GY-R15: the firm's own answer is its call-back."""
    enter(client, county.firm, code_of(county))
    claim, _ = county.in_hand(f"{timezone.localdate()}T09:10")
    own = f"/benefits/firm/claims/{claim.pk}/"
    assert "撤回" in client.get(own).content.decode()
    why = {"reason": "不属于首次入规", "remedy": "10个工作日内可以提出异议"}
    county.decide(claim, f"{timezone.localdate()}T10:00", is_granted=False, amount=None, **why)
    page = client.get(own).content.decode()
    assert all(one in page for one in ("不予兑现", *why.values()))
    assert "确认撤回" not in page
    assert "办成" not in page, "a refusal completes nothing"
    assert "没有选择是否满意" in client.post(own, {"act": "rate"}).content.decode()
    client.post(own, {"act": "rate", "answer-satisfaction": "不满意"})
    assert CallBack.objects.get().is_reached
    county.close(Matter.objects.get(), f"{timezone.localdate()}T11:00", "refused")
    assert "异议已经收到" in client.post(own, {"act": "review", "reason": "确属首次入规"}).content.decode()
    assert Review.objects.get().asked_by is None
    assert "情况已经变化" in client.post(own, {"act": "withdraw", "sure": "1"}).content.decode()


def test_only_what_was_not_granted_in_full_is_objected_to(client: Client, county: BenefitCounty) -> None:
    """GY-R15: by the rule that stands beneath; what was paid as asked offers nothing."""
    claim = county.granted(f"{timezone.localdate()}T09:20", amount="80000.00")
    Matter.objects.update(state=Matter.State.CLOSED, told_at=timezone.now())
    enter(client, claim.firm, code_of(county, claim.firm))
    own, offered = f"/benefits/firm/claims/{claim.pk}/", "对审批结果有异议"
    page = client.get(own).content.decode()
    assert offered in page
    assert "兑现金额低于申请金额" in page
    Claim.objects.update(amount_asked="80000.00")
    assert offered not in client.get(own).content.decode()
    assert "情况已经变化" in client.post(own, {"act": "review", "reason": "太少"}).content.decode()


def test_where_the_platform_above_takes_in_the_pages_lead_there(
    client: Client, county: BenefitCounty
) -> None:
    """GY-R13: no page says that the window takes in, and a page that was only opened changed nothing."""
    ProcedureVersion.objects.update(own_intake=False)
    assert "直接在专窗申请" not in client.get(HOME).content.decode()
    enter(client, county.firm, code_of(county))
    said = "申请由省惠企政策平台统一受理，请通过该平台"
    page = client.get(CLAIM).content.decode()
    assert f"{said}申请。" in page
    assert "未作任何更改" not in page
    guide = client.get("/benefits/items/HQ-001/").content.decode()
    assert f"{said}办理；可以到惠企政策兑现专窗咨询。" in guide
    assert "申请由省惠企政策平台统一受理" in client.get("/benefits/").content.decode()


def test_a_firm_withdraws_before_anything_is_paid(client: Client, county: BenefitCounty) -> None:
    enter(client, county.firm, code_of(county))
    claim = county.claim(f"{timezone.localdate()}T09:10").claim
    own = f"/benefits/firm/claims/{claim.pk}/"
    changed = client.post(own, {"act": "account", "bank": "示例银行", "account": "6222000000000018"})
    assert "已经更改" in changed.content.decode()
    assert "6222000000000018" not in changed.content.decode()
    assert "没有勾选确认" in client.post(own, {"act": "withdraw"}).content.decode()
    assert "已经撤回" in client.post(own, {"act": "withdraw", "sure": "1"}).content.decode()
    assert Matter.objects.get().state == Matter.State.WITHDRAWN
