"""Enterprises asked by phone: calls, answers that count once, one in ten asked again (FC-R8, FC-R13)."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from evaluations.gathering.interviews import services, workbook
from evaluations.gathering.interviews.kind import samples_of, to_recheck
from evaluations.gathering.interviews.services import Call, Listed
from evaluations.models import Interview
from office.errors import Refused
from office.models import User
from office.roles import Role
from office.workbooks.writing import XLSX
from office.workbooks.writing import workbook as written_book
from tests.evaluations.channels import NOW, TODAY, Office
from tests.kit.stored_states import stored

NEED = "answers.enterprises"
State = Interview.State
UNITS = ("县甲局", "县乙局")


@stored
def begun() -> Office:
    """A round of 方城 that asks two enterprises about each of two units."""
    made = Office("fangcheng-2022", dict.fromkeys(UNITS, "责任单位"))
    arrange(made, 2, ["办事效率", "服务态度"])
    return made


@pytest.fixture
def office(db: None) -> Office:
    return begun()


def arrange(office: Office, size: int, questions: list[str]) -> None:
    services.arrange(
        channel=office.channel(NEED), sample_size=size, questions=questions, acting_user=office.operator
    )


def listed(office: Office, unit: str, *names: str) -> list[Interview]:
    rows = [Listed(office.row(unit), name, "0530-1234567", "办理许可") for name in names]
    services.list_enterprises(channel=office.channel(NEED), listed=rows, acting_user=office.operator)
    return [Interview.objects.get(enterprise=name, subject__name=unit) for name in names]


def called(office: Office, one: Interview, outcome: str, half: str = "morning", **given: Any) -> Interview:
    call = Call(outcome=outcome, day=TODAY, half=half, **given)
    return services.record_call(interview=one, call=call, today=TODAY, now=NOW, acting_user=office.operator)


def answered(office: Office, one: Interview, first: str, second: str, **figures: Any) -> Interview:
    return called(office, one, State.DONE, answers={"办事效率": first, "服务态度": second}, **figures)


def rechecked(office: Office, *, agrees: bool = True) -> None:
    channel = office.channel(NEED)
    for one in to_recheck(channel, samples_of(channel)):
        services.recheck(
            interview=one, agrees=agrees, remark="再次联系", now=NOW, acting_user=office.reviewer
        )


def test_the_worst_answer_of_an_enterprise_counts_once(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    """FC-R8 (reading 6)"""
    first, second = listed(office, "县甲局", "甲公司", "乙公司")
    answered(office, first, "满意", "不满意")
    answered(office, second, "基本满意", "满意")
    channel = office.channel(NEED)
    with django_assert_max_num_queries(4):
        found = office.facts(NEED)
    assert channel.named_items == ["办事效率", "服务态度"]
    assert found == {
        office.key("县甲局"): {"answers": {"enterprises": {"overall": {"不满意": 1, "基本满意": 1}}}}
    }


def test_three_calls_in_both_halves_of_the_day_make_an_enterprise_unreached(office: Office) -> None:
    """FC-R8"""
    (one,) = listed(office, "县甲局", "甲公司")
    called(office, one, State.UNREACHED)
    assert called(office, one, State.UNREACHED).state == State.WAITING
    with pytest.raises(Refused, match="三次都在上午联系，未作任何更改。请在下午再联系一次。"):
        called(office, one, State.UNREACHED)
    assert called(office, one, State.UNREACHED, "afternoon").state == State.UNREACHED
    with pytest.raises(Refused, match="未接通，不能再登记"):
        called(office, one, State.DONE)


def test_an_answer_needs_every_question_a_day_that_has_come_and_no_negative_figure(office: Office) -> None:
    (one,) = listed(office, "县甲局", "甲公司")
    with pytest.raises(Refused, match="有问题没有记录回答") as refusal:
        called(office, one, State.DONE, answers={"办事效率": "满意", "服务态度": "很好"})
    assert refusal.value.faults == ("服务态度",)
    with pytest.raises(Refused, match="不能小于 0"):
        answered(office, one, "满意", "满意", days=-1)
    tomorrow = Call(outcome=State.REFUSED, day=TODAY + timedelta(days=1), half="morning")
    with pytest.raises(Refused, match="调查日期还没有到"):
        services.record_call(interview=one, call=tomorrow, today=TODAY, now=NOW, acting_user=office.operator)
    assert Interview.objects.get().state == State.WAITING


def test_progress_names_units_short_of_their_sample_and_what_is_to_be_asked_again(office: Office) -> None:
    """FC-R8, FC-R13"""
    first, second, third = listed(office, "县甲局", "甲公司", "乙公司", "丙公司")
    assert office.missing(NEED) == [
        "县甲局：完成 0／2 家，还有 3 家待访问",
        "县乙局：没有样本企业，也没有注明原因",
    ]
    services.excuse(
        channel=office.channel(NEED),
        subject=office.round.departments.get(name="县乙局"),
        reason="没有直接服务的企业",
        now=NOW,
        acting_user=office.operator,
    )
    for one in (first, second):
        answered(office, one, "满意", "满意")
    (again,) = office.missing(NEED)
    assert again.startswith("抽查复核：")
    rechecked(office)
    assert office.missing(NEED) == []
    office.settle(NEED)
    with pytest.raises(Refused, match="已办结，不能登记调查"):
        called(office, third, State.REFUSED)


def test_a_list_that_is_used_up_is_enough_and_is_noted(office: Office) -> None:
    (one,) = listed(office, "县甲局", "甲公司")
    called(office, one, State.INVALID)
    (sample, _) = samples_of(office.channel(NEED))
    assert (sample.lacks, sample.note) == ("", "县甲局：名单已用尽，完成 0 家，不足 2 家")


def test_an_answer_that_differs_when_asked_again_does_not_count(office: Office) -> None:
    (one,) = listed(office, "县甲局", "甲公司")
    answered(office, one, "满意", "满意")
    rechecked(office, agrees=False)
    assert Interview.objects.get().state == State.VOID
    assert office.facts(NEED) == {}


def test_nobody_rechecks_their_own_interview(office: Office) -> None:
    (one,) = listed(office, "县甲局", "甲公司")
    answered(office, one, "满意", "满意")
    User.objects.filter(pk=office.operator.pk).update(role=Role.CENTRE_REVIEWER)
    caller = User.objects.get(pk=office.operator.pk)
    with pytest.raises(Refused, match="由您本人调查，不能由您复核"):
        services.recheck(interview=one, agrees=True, remark="", now=NOW, acting_user=caller)


def test_time_cost_and_papers_are_shown_as_medians(office: Office) -> None:
    """FC-R8"""
    found = listed(office, "县甲局", "甲公司", "乙公司", "丙公司")
    for one, days, cost in zip(found, (1, 3, 30), ("0", "12.5", "100"), strict=True):
        answered(office, one, "满意", "满意", days=days, cost=Decimal(cost), papers=4)
    (sample, _) = samples_of(office.channel(NEED))
    assert sample.medians == ["3", "12.5", "4"]


def test_questions_stay_once_somebody_answered(office: Office) -> None:
    (one,) = listed(office, "县甲局", "甲公司")
    answered(office, one, "满意", "满意")
    arrange(office, 5, ["办事效率", "服务态度"])
    with pytest.raises(Refused, match="问题不能再改"):
        arrange(office, 5, ["办事效率"])


def test_a_call_list_comes_in_from_a_workbook_and_goes_out_with_its_results(office: Office) -> None:
    """FC-R13"""
    headings = ["单位", "企业名称", "联系电话", "办理事项"]
    rows = [["县甲局", "甲公司", "13500000001", "开办企业"], ["县乙局", "乙公司", "13500000002", ""]]
    operator = signed_in(office.operator)
    url = f"/office/rounds/interviews/{office.channel(NEED).pk}/"
    faulty = written_book("样本", headings, [["县丁局", "甲公司", "", ""]])
    html = operator.post(
        f"{url}import/", {"file": SimpleUploadedFile("样本.xlsx", faulty, XLSX)}
    ).content.decode()
    assert "参评单位中没有“县丁局”" in html
    content = written_book("样本", headings, rows)
    html = operator.post(
        f"{url}import/", {"file": SimpleUploadedFile("样本.xlsx", content, XLSX)}
    ).content.decode()
    digest = re.search(r'name="digest" value="([^"]+)"', html)
    assert digest
    html = operator.post(f"{url}import/", {"digest": digest[1]}, follow=True).content.decode()
    assert "样本企业已导入：新增 2 家。" in html
    answered(office, Interview.objects.get(enterprise="甲公司"), "满意", "基本满意", days=2)
    out = operator.get(f"{url}list.xlsx").content
    sheet = load_workbook(io.BytesIO(out)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:8] == [*rows[0], "成功", "满意", "基本满意", 2]
    again = workbook.compare(office.channel(NEED), out)
    assert (again.listed, again.known, again.faults) == ([], 2, [])


def test_one_calls_and_another_asks_again_on_their_pages(office: Office) -> None:
    """FC-R8"""
    operator, reviewer = signed_in(office.operator), signed_in(office.reviewer)
    base = f"/office/rounds/interviews/{office.channel(NEED).pk}/"
    unit = f"{base}units/{office.row('县甲局')}/"
    sent = {"enterprise": "甲公司", "phone": "0530-1234567", "matter": "开办企业", "do": "add"}
    assert "甲公司" in operator.post(unit, sent, follow=True).content.decode()
    page = f"/office/rounds/interview/{Interview.objects.get().pk}/"
    html = operator.get(page).content.decode()
    assert "办事效率" in html
    mark = re.search(r'name="seen_mark" value="([^"]+)"', html)
    assert mark
    call = {"outcome": "done", "day": date(2026, 9, 30).isoformat(), "half": "morning", "do": "call"}
    call |= {"answer-0": "满意", "answer-1": "不满意", "days": "3", "cost": "0", "papers": "4"}
    html = operator.post(page, {**call, "seen_mark": mark[1]}, follow=True).content.decode()
    assert "已登记。" in html
    html = reviewer.get(base).content.decode()
    assert "抽查复核" in html
    html = reviewer.post(page, {"agrees": "yes", "remark": "", "do": "recheck"}, follow=True).content.decode()
    assert "已登记。" in html
    assert Interview.objects.get().rechecked_by == office.reviewer
    reader = signed_in(User.objects.create_user("监督", role=Role.INSPECTORATE))
    assert reader.get(base).status_code == 200
    assert reader.get(page).status_code == 403  # telephone numbers are for those who call
    assert reader.get(f"{base}list.xlsx").status_code == 403


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
