"""Items from draft to publication: who settles what, several at once, two windows on one item, the end."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from benefits.catalogue.checking import Draft
from benefits.catalogue.drafting import draft_version, end_version, hand_in, in_force, settle_version
from benefits.catalogue.list_import import import_items, preview_items
from benefits.catalogue.words import with_all
from benefits.catalogue.workbooks import items_workbook
from benefits.models import BenefitItem, ItemVersion
from office.errors import Refused
from office.models import AuditEntry, User
from tests.benefits.county import CONDITIONS, PAPERS, SAYS, BenefitCounty, ready

pytestmark = pytest.mark.django_db
ITEMS = "/office/benefits/items/"
State = ItemVersion.State
TODAY = date(2026, 3, 2)


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser sends of a form as it stands, with `changes` of the fields named."""
    html = page.content.decode()
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or "checked" in tag):
            found[name[1]] = value[1] if value else ""
    found |= dict(re.findall(r'<textarea name="([^"]*)"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL))
    for name, body in re.findall(r'<select name="([^"]*)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return {**found, **changes}


def test_a_draft_on_a_form_is_handed_in_approved_and_published(county: BenefitCounty) -> None:
    """GY-R12: guide with conditions by label and in words, papers, shares; approved by somebody else."""
    officer = as_user(county.officer)
    page = officer.get(f"{ITEMS}new/")
    told = {name: value for name, value in SAYS.items() if name != "valid_from"}
    data = sent(
        page,
        **told,
        code="HQ-100",
        valid_from="2022-01-01",
        watch_phone="0800-0000002",
        share_city="60",
        share_county="39",
        **{
            "conditions-0-says": "工业企业",
            "conditions-0-label": "industry",
            "conditions-0-test": "is",
            "conditions-0-value": "工业",
            "conditions-1-says": "近三年没有重大事故",
            "papers-0-name": "营业执照",
            "papers-0-may_be_waived": "on",
            "act": "save",
        },
    )
    more = officer.post(f"{ITEMS}new/", {**data, "act": "more_papers"})
    assert 'name="papers-6-name"' in more.content.decode()
    assert not ItemVersion.objects.filter(item__code="HQ-100").exists()
    wrong = officer.post(f"{ITEMS}new/", {**data, "conditions-0-value": "航天"})
    assert wrong.status_code == 422
    wrong = officer.post(f"{ITEMS}new/", data)
    assert "分担比例合计99%" in wrong.content.decode()
    assert officer.post(f"{ITEMS}new/", {**data, "share_county": "40"}).status_code == 302
    version = ItemVersion.objects.get(item__code="HQ-100")
    assert {one.level: one.percent for one in version.level_shares.all()} == {"city": 60, "county": 40}
    assert [one.test for one in version.conditions.all()] == ["is", "words"]
    here = f"{ITEMS}versions/{version.pk}/"
    officer.post(here, sent(officer.get(here), act="hand_in"))
    operator = as_user(county.operator)
    assert "县甲局" in operator.get(f"{ITEMS}?state=submitted").content.decode()
    page = operator.get(here)
    operator.post(here, sent(page, act="return", why="请补写条款"))
    assert "请补写条款" in officer.get(here).content.decode()
    again = f"{ITEMS}{version.item_id}/draft/"
    officer.post(again, sent(officer.get(again), clause="第三条第二款", act="hand_in"))
    stale = operator.post(here, sent(page, act="approve"), follow=True)
    assert "已被修改" in stale.content.decode()
    operator.post(here, sent(operator.get(here), act="approve"))
    version.refresh_from_db()
    assert (version.state, version.clause) == (State.PUBLISHED, "第三条第二款")
    verbs = AuditEntry.objects.filter(object_type="惠企政策事项", object_id=str(version.item_id))
    assert [one.verb for one in verbs.order_by("pk")][-2:] == ["提交惠企事项", "发布惠企事项"]
    assert as_user(county.other_officer).get(here).status_code == 404


def test_two_windows_on_one_item_are_told(county: BenefitCounty) -> None:
    """GY-R12: the second one keeps what it wrote, and overwrites nothing."""
    here = f"{ITEMS}{county.item.item_id}/draft/"
    officer, reviewer = as_user(county.officer), as_user(county.unit_reviewer)
    first, second = officer.get(here), reviewer.get(here)
    officer.post(here, sent(first, valid_from="2026-05-01", standard="奖励20万元", act="save"))
    answer = reviewer.post(here, sent(second, valid_from="2026-06-01", standard="奖励30万元", act="save"))
    said = answer.content.decode()
    assert "已被修改" in said
    assert "奖励30万元" in said
    assert "起草" in said
    assert county.item.item.versions.get(number=2).standard == "奖励20万元"
    new = {"code": "HQ-001", "valid_from": "2027-01-01", "act": "save"}
    told = {name: value for name, value in SAYS.items() if name != "valid_from"}
    same = officer.post(f"{ITEMS}new/", sent(officer.get(f"{ITEMS}new/"), **{**told, **new}))
    assert "编号HQ-001已有事项" in same.content.decode()


def test_nobody_approves_what_they_drafted(county: BenefitCounty) -> None:
    """GY-R12: the window drafts for a department, then another person of the window approves."""
    draft = Draft("HQ-200", county.unit, SAYS, CONDITIONS, PAPERS)
    version = hand_in(
        version=draft_version(draft=draft, acting_user=county.operator), acting_user=county.operator
    )
    settle: dict[str, Any] = {"version": version, "approves": True, "why": "", "today": TODAY}
    with pytest.raises(Refused, match="没有起草的人员审核"):
        settle_version(**settle, acting_user=county.operator)
    assert settle_version(**settle, acting_user=county.reviewer).state == State.PUBLISHED
    with pytest.raises(Refused, match="只能起草本单位"):
        draft_version(draft=draft, acting_user=county.other_officer)


def test_a_new_version_ends_the_one_before_and_an_ended_one_begins_never_again(county: BenefitCounty) -> None:
    with pytest.raises(Refused, match="已有2022年1月1日起生效的版本"):
        hand_in(version=county.draft("HQ-001"), acting_user=county.officer)
    second = county.publish("HQ-001", valid_from=date(2026, 4, 1))
    first = ItemVersion.objects.get(pk=county.item.pk)
    assert (first.number, first.valid_to, second.number) == (1, date(2026, 3, 31), 2)
    assert [in_force(day).get(item=first.item).number for day in (TODAY, date(2026, 4, 1))] == [1, 2]
    end: dict[str, Any] = {"version": second, "today": TODAY, "acting_user": county.operator}
    with pytest.raises(Refused, match="没有写明停止的原因"):
        end_version(**end, why=" ", ended_on=TODAY)
    with pytest.raises(Refused, match="早于今天"):
        end_version(**end, why="政策调整", ended_on=date(2026, 3, 1))
    end_version(**end, why="政策调整", ended_on=date(2026, 5, 1))
    lasts = [in_force(day).filter(item=first.item).count() for day in (date(2026, 4, 30), date(2026, 5, 1))]
    assert lasts == [1, 0]
    with pytest.raises(Refused, match="已停止"):
        end_version(**end, why="再停一次", ended_on=date(2026, 5, 1))


def test_a_version_that_is_stopped_before_it_begins_leaves_the_one_before(county: BenefitCounty) -> None:
    """GY-R12: the item is never without a version by that, and its number above is the published one."""
    told: dict[str, Any] = {"today": TODAY, "acting_user": county.operator}
    first = county.publish("HQ-010", valid_to=date(2026, 12, 31), higher_number="SC-1")
    county.draft("HQ-010", valid_from=date(2026, 6, 1), higher_number="SC-2")
    assert BenefitItem.objects.get(pk=first.item_id).higher_number == "SC-1", "a draft changes nothing"
    second = county.publish("HQ-010", valid_from=date(2026, 6, 1), higher_number="SC-2")
    third = county.publish("HQ-010", valid_from=date(2026, 9, 1))
    numbers = []
    for version in (second, third):
        end_version(version=version, why="政策调整", ended_on=date(2026, 4, 1), **told)
        days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 9, 1), date(2026, 12, 31), date(2027, 1, 1))
        numbers.append([[one.number for one in in_force(day).filter(item=first.item)] for day in days])
    assert numbers == [[[1], [1], [3], [3], [3]], [[1], [1], [1], [1], []]]
    assert BenefitItem.objects.get(pk=first.item_id).higher_number == "SC-1"


def test_a_later_version_begins_today_or_later(county: BenefitCounty) -> None:
    """GY-R12: what was claimed under a version stays so; only the first one may be older than today."""
    late = hand_in(version=county.draft("HQ-001", valid_from=date(2026, 2, 1)), acting_user=county.officer)
    settle: dict[str, Any] = {"version": late, "approves": True, "why": "", "acting_user": county.operator}
    with pytest.raises(Refused, match="不能自2026年2月1日起追溯生效"):
        settle_version(**settle, today=TODAY)
    assert in_force(TODAY).get(item=late.item) == county.item


def workbook_with(content: bytes, *changes: tuple[int, str, object]) -> bytes:
    """A workbook with cells changed: row, heading, value."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row, heading, value in changes:
        sheet.cell(row, columns[heading]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def exported() -> bytes:
    return items_workbook(with_all(ItemVersion.objects.order_by("item__code", "-number")))


def test_what_was_exported_and_comes_back_changes_nothing(county: BenefitCounty) -> None:
    """GY-R12: every column comes back as it was, odd texts too; what was changed becomes a draft."""
    shares = {"city": Decimal("33.33"), "county": Decimal("66.67")}
    odd = {
        **SAYS,
        "standard": "=一次性奖励\n（1）10万元；\n\n（2）20万元",
        "steps": "@申请\n审核",
        "limit_count": 30,
        "limit_unit": "working_days",
        "claims_to": date(2026, 12, 31),
        "contact_phone": "0800－0000001",
        "ceiling": None,
        "audience": "工业企业\n服务业企业",
        "higher_number": "SC-0001",
    }
    conditions = (
        *CONDITIONS,
        {"label": "size", "test": "one_of", "value": "小型、微型", "says": "小微企业（不含个体）"},
        {"label": "revenue", "test": "at_least", "value": "2000", "says": "上年营业收入2000万元以上"},
        {"label": "founded", "test": "since", "value": "2024-01-01", "says": "近年成立"},
        {"says": "符合测府发〔2025〕1号的其他条件"},
    )
    draft = Draft("HQ-300", county.unit, odd, conditions, PAPERS, shares)
    draft_version(draft=draft, acting_user=county.officer)
    content = exported()
    plan = preview_items(content=content, acting_user=county.operator)
    assert (plan.counts(), plan.faults, plan.writes) == ({"新事项": 0, "修改": 0, "未变": 2}, [], False)
    changed = workbook_with(
        content,
        (2, "兑现标准", "奖励30万元"),
        (2, "生效日期", date(2026, 7, 1)),
        (3, "上限（元）", 5000),
        (3, "时限单位", "工作日"),
        (3, "上级平台编号", None),
    )
    plan = import_items(content=changed, file_name="清单.xlsx", acting_user=county.operator)
    assert plan.counts() == {"新事项": 0, "修改": 2, "未变": 0}
    assert "起草新版本 HQ-001" in plan.changes[0]
    assert plan.changes[1].endswith("上限（元）由“”改为“5000.00”，上级平台编号由“SC-0001”改为“”")
    assert county.item.item.versions.get(number=2).state == State.DRAFT
    brought = ItemVersion.objects.get(item__code="HQ-300")
    assert (brought.ceiling, brought.limit_unit) == (Decimal(5000), "working_days")
    assert (brought.audience, brought.higher_number) == ("工业企业\n服务业企业", "")
    assert not preview_items(content=exported(), acting_user=county.operator).writes


def test_every_fault_of_a_workbook_is_named_by_row_and_column(county: BenefitCounty) -> None:
    county.draft("HQ-400")
    faulty = workbook_with(
        exported(),
        (2, "兑现标准", "奖励30万元"),  # a published version begins on a later day
        (3, "政策类别", "随便"),
        (3, "主管部门", "无此局"),
        (3, "生效日期", "二月三十日"),
        (3, "申报条件", "工业企业【行业 像 工业】"),
        (3, "申报材料", "营业执照【很多】"),
        (3, "分担比例", "市级 60%\n区级 40%"),
        (3, "上限（元）", 99999.995),
        (3, "指南时限", "三十"),
    )
    plan = preview_items(content=faulty, acting_user=county.operator)
    found = {(fault.row, fault.label) for fault in plan.faults}
    row_3 = ("政策类别", "主管部门", "生效日期", "申报条件", "申报材料", "分担比例", "上限（元）", "指南时限")
    assert found == {(2, "生效日期"), *((3, label) for label in row_3)}
    assert "“惠企政策事项”第3行" in str(plan.faults[-1])
    with pytest.raises(Refused, match="工作簿中有 9 处需要更正"):
        import_items(content=faulty, file_name="清单.xlsx", acting_user=county.operator)
    other = preview_items(
        content=workbook_with(exported(), (3, "兑现标准", "改")), acting_user=county.other_officer
    )
    assert [fault.label for fault in other.faults] == ["主管部门"]


def test_a_catalogue_comes_in_by_one_file_and_is_published_by_two_clicks(county: BenefitCounty) -> None:
    """GY-R12: imported as drafts, handed in together, approved together; one that is refused stays alone."""
    book = load_workbook(io.BytesIO(exported()))
    sheet = book.worksheets[0]
    row = [cell.value for cell in sheet[2]]
    for number in range(60):
        row[:4] = [f"HQ-9{number:03}", "", "", f"测试奖励{number}"]
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    reviewer, operator = as_user(county.reviewer), as_user(county.operator)
    upload = SimpleUploadedFile("清单.xlsx", out.getvalue())
    previewed = reviewer.post(f"{ITEMS}import/", {"file": upload}).content.decode()
    digest = re.search(r'name="digest" value="([^"]*)"', previewed)
    assert digest
    reviewer.post(f"{ITEMS}import/", {"digest": digest[1]})
    county.draft("HQ-8000", valid_from=date(2021, 1, 1))
    assert ItemVersion.objects.filter(state=State.DRAFT).count() == 61
    said = reviewer.post(f"{ITEMS}?state=draft", {"act": "hand_in", "all": "60"}, follow=True)
    assert "清单有了变化" in said.content.decode()
    reviewer.post(f"{ITEMS}?state=draft", {"act": "hand_in", "all": "61"})
    ids = list(ItemVersion.objects.filter(item__code__startswith="HQ-90").values_list("pk", flat=True))
    own = reviewer.post(ITEMS, {"act": "approve", "version": ids[:2]}, follow=True)
    assert "没有起草的人员审核" in own.content.decode()
    operator.post(ITEMS, {"act": "approve", "version": ids[:2]})
    assert ItemVersion.objects.filter(state=State.PUBLISHED).count() == 3
    operator.post(f"{ITEMS}?state=submitted", {"act": "approve", "all": "59"})
    assert ItemVersion.objects.filter(state=State.PUBLISHED).count() == 62
    assert BenefitItem.objects.count() == 62 == in_force(timezone.localdate()).count()


def test_the_list_is_filtered_and_asks_no_more_of_a_longer_one(
    county: BenefitCounty, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        county.draft(f"HQ-5{number}", name=f"测试补贴{number}", category="assessed")
    operator = as_user(county.operator)
    with django_assert_max_num_queries(24):
        html = operator.get(f"{ITEMS}?category=assessed&state=draft&q=补贴").content.decode()
    assert html.count("测试补贴") == 16
    assert "规上工业" not in html
    assert "测试补贴" not in operator.get(f"{ITEMS}?state=in_force").content.decode()
    assert "测试补贴" not in as_user(county.other_officer).get(ITEMS).content.decode()
