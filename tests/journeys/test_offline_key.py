"""The strong mode, once: the key never touches the server, and the server cannot count without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from evaluations import services
from office.auditing import chain as audit_chain
from surveys.models import Survey
from tests.evaluations.custodian import Custodian
from tests.journeys.conftest import CountyAt
from tests.journeys.voters import form_of, look_up, one_votes, printed, vote
from tests.kit.browser import follow
from tests.kit.look import Look
from tests.kit.officials import choose, closing_time, press, rows_of, sign_in, sign_out
from tests.kit.worker import Worker, eventually, jobs_are_done

pytestmark = [pytest.mark.journey, pytest.mark.on_postgresql, pytest.mark.timeout(600)]


def test_a_round_whose_key_stays_with_the_inspectorate(
    at: CountyAt, worker: Worker, desk: Page, phone: Page, tmp_path: Path
) -> None:
    """YC-R6: key, rehearsal, vote, returned slips, close, tally and the voter's own check."""
    custodian = Custodian(tmp_path)
    county = at("frozen")
    round_ = county.round
    plan = {county.towns[0].pk: {"private": 20}}
    services.plan_slips(round=round_, plan=plan, acting_user=county.operator)

    sign_in(desk, "centre_operator")
    desk.goto(f"/office/rounds/{round_.pk}/do/prepare/")
    desk.get_by_label("截止时间").fill(closing_time())
    public = FilePayload(name="tally-public.txt", mimeType="text/plain", buffer=custodian.public_key)
    desk.get_by_label("计票公钥文件").set_input_files(public)
    press(desk, "制票", then="已制票")
    slips = printed(desk)

    desk.goto(f"/office/rounds/{round_.pk}/do/open/")
    challenge = desk.request.get(f"/office/rounds/{round_.pk}/rehearsal.txt").text().strip()
    desk.get_by_label("演练答复").fill("2345 6789 ABCD EFGH")
    press(desk, "核对答复，开始评价", then="开箱演练的答复不正确")
    desk.get_by_label("演练答复").fill(custodian.answer(challenge))
    press(desk, "核对答复，开始评价", then="已开始评价")

    tracker = one_votes(phone, slips[0], "县甲局", {"甲科长": "满意"})
    form = form_of(phone.request, slips[1].key)
    for slip in slips[1:6]:
        vote(phone.request, form, slip, {})
    survey = Survey.objects.get()
    scan(desk, survey, slips[6].fragment, "凭条未使用，已登记退回")
    scan(desk, survey, slips[6].code, "已经扫描登记过")

    desk.goto(f"/office/rounds/{round_.pk}/do/close/")
    desk.get_by_label("提前截止的原因").fill("各镇（街）均已办结")
    press(desk, "截止评价", then="已截止评价")
    eventually(jobs_are_done)
    sign_out(desk)

    sign_in(desk, "inspectorate")
    desk.goto(f"/office/rounds/{round_.pk}/")
    with desk.expect_download() as waiting:
        desk.get_by_role("button", name="下载计票包").click()
    counts = custodian.count(waiting.value.path().read_bytes())
    choose(desk, "查看核对情况")
    expect(desk.get_by_text("其余相符；")).to_be_visible()
    desk.goto(f"/office/rounds/{round_.pk}/do/tally/")
    file = FilePayload(name="counts.json", mimeType="application/json", buffer=counts)
    desk.get_by_label("计票结果文件").set_input_files(file)
    press(desk, "导入计票结果", then="计票结果与计票包核对一致，已导入")

    read_the_audit(desk)

    look_up(phone, survey.public_id, tracker, ballots=6)
    look = Look(phone, desk)
    look.at(f"/b/{survey.public_id}/")
    sign_in(phone, "inspectorate")
    inside = Look(phone, desk)
    inside.at(f"/office/surveys/{survey.pk}/controls/", f"/office/surveys/{survey.pk}/returned/")
    assert not look.faults + inside.faults, "\n".join(look.faults + inside.faults)


def read_the_audit(page: Page) -> None:
    """Note the head, look for one kind of act, take the list away, have the chain checked."""
    audit_chain.seal(now=timezone.now())  # what the clock does every five minutes
    choose(page, "我的工作", "查阅操作审计")
    expect(page.get_by_text("已存证至第 1 块")).to_be_visible()
    follow(page.get_by_role("navigation", name="筛选").get_by_role("link", name="登录", exact=True))
    verbs = page.locator("td.field-verb").all_inner_texts()
    assert set(verbs) == {"登录"}
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出为表格", exact=True).click()
    rows = rows_of(waiting.value.path().read_bytes())
    assert len(rows) == len(verbs) + 1
    press(page, "核验审计记录", then="已开始核验")
    eventually(jobs_are_done)
    page.reload()
    expect(page.get_by_role("row", name="核验审计记录")).to_contain_text("审计存证核验通过")


def scan(page: Page, survey: Survey, text: str, said: str) -> None:
    """As a hand scanner does: it types and presses Enter."""
    page.goto(f"/office/surveys/{survey.pk}/returned/")
    page.get_by_label("凭条二维码或投票码").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist li").filter(has_text=said)).to_be_visible()
