"""The cockpit as people use it: page by page, each with their own role (YC-R4 to YC-R11, reading 10)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from evaluations import services
from evaluations.models import Appeal, Round, RoundDepartment
from office import dates
from office.models import AuditEntry, Holiday
from tests.evaluations.county import PASSPHRASE, County, fresh, ordinary_ballots
from tests.evaluations.pages import Browse, said, starts

NEW = {
    "title": "2026年第三季度“三亮”评价",
    "year": "2026",
    "part": "Q3",
    "base_date": "2026-09-01",
    "persons_public": "top_grades",
    "persons_public_decision": "示政办〔2026〕1号",
    "option-min_valid_answers": "5",
    "option-min_answers_per_department": "5",
}
CLOSES = timezone.localtime() + timedelta(days=10)
KEY_ON_SERVER = {
    "keeper": "server",
    "closes_at": f"{CLOSES:%Y-%m-%dT18:30}",
    "passphrase": PASSPHRASE,
    "again": PASSPHRASE,
}
SHARES = {"share-private": 50, "share-sole_trader": 40, "share-non_private": 10, "do": "save"}
WAIVED = {"waiver_decision": "示政办〔2026〕9号"}

ROLES = ("centre_operator", "centre_reviewer", "department_officer", "leading_group")


def calendar_of_these_days() -> None:
    """The pages go by today, so this year and the next need their holidays."""
    year = timezone.localdate().year
    for other in (year, year + 1):
        Holiday.objects.get_or_create(day=date(other, 1, 1))


def test_a_round_end_to_end(county: County, browse: Browse) -> None:
    """YC-R6"""
    operator, reviewer, officer, leader = map(browse, ROLES)
    calendar_of_these_days()

    shown = operator.get("/office/rounds/new/").context["form"]
    as_shown = {
        field.html_name: "" if field.value() is None else field.value()
        for field in shown
        if field.value() is not False
    }
    assert "已创建轮次" in said(operator, "/office/rounds/new/", {**as_shown, **NEW})
    county.round = round_ = Round.objects.get()
    assert round_.options == {"min_valid_answers": 5, "min_answers_per_department": 5}
    here = county.pages

    ids = [department.pk for department in county.departments]
    assert "已选定 2 个参评单位" in said(operator, f"{here}departments/", {"departments": ids})
    assert "已锁定参评名单" in said(operator, f"{here}subjects/", {})

    east, west = (town.pk for town in county.towns)
    assert "尚未保存" in said(operator, f"{here}slips/", {**SHARES, "total": 200, "do": "fill"})
    assert fresh(round_).slips_plan == {}
    grid = {f"n-{east}-private": 30, f"n-{east}-sole_trader": 25, f"n-{west}-non_private": 20}
    assert "已保存票数安排" in said(operator, f"{here}slips/", {**SHARES, **grid})

    assert "已制票" in said(operator, f"{here}do/prepare/", KEY_ON_SERVER)
    county.print_slips(round_)
    assert "已开始评价" in said(operator, f"{here}do/open/", {"passphrase": PASSPHRASE})
    for answers in ordinary_ballots():
        county.vote(answers)
    assert "截止评价" in said(operator, here)
    closing = said(operator, f"{here}do/close/", {})
    assert f"凭条上印的截止时间是{CLOSES:%Y年%-m月%-d日} 18:30，现在还没有到" in closing
    assert "没有安排现场评价：东门街道、西河镇" in closing
    assert "提前截止须填写原因" in closing
    assert "已截止评价" in said(operator, f"{here}do/close/", {"early_reason": "均已办结"})
    assert AuditEntry.objects.filter(verb="截止评价", after__提前截止的原因="均已办结").exists()
    assert "已计票" in said(operator, f"{here}do/tally/", {"passphrase": PASSPHRASE})
    assert "已计算" in said(operator, f"{here}do/compute/", {"reason": ""})

    assert operator.get(f"{here}do/sign-off/").status_code == 403
    page = f"{here}result/{county.departments[0].pk}/"
    assert officer.get(page).status_code == 403
    assert "已审定" in said(reviewer, f"{here}do/sign-off/", {})
    assert officer.get(page).status_code == 403
    assert "已送达" in said(operator, f"{here}do/serve/", {})
    own = said(officer, page)
    assert "优秀" in own
    assert "93.33" not in own, "ten answers that are nearly all alike: the judged read the grade"

    appeal = {"round_department": first_of(county).pk, "round_member": "", "text": "请复核有效票数。"}
    assert "已登记申诉" in said(officer, f"{here}appeals/", appeal)
    assert "还有1件申诉没有复核" in said(operator, f"{here}do/end-appeals/", WAIVED)
    decided = {"outcome": "kept", "findings": "核对了票数。", "decision": "经核对无误。"}
    assert "审定结果的人员不能复核" in said(
        reviewer, f"/office/rounds/appeals/{Appeal.objects.get().pk}/", decided
    )
    assert "已复核" in said(leader, f"/office/rounds/appeals/{Appeal.objects.get().pk}/", decided)
    assert f"已由{county.leader}复核（{Appeal.Outcome.KEPT.label}）" in said(
        leader, f"/office/rounds/appeals/{Appeal.objects.get().pk}/", {**decided, "outcome": "changed"}
    )
    assert "现在不能结束" in said(operator, f"{here}do/end-appeals/", {"waiver_decision": ""})
    assert "申诉期已结束" in said(operator, f"{here}do/end-appeals/", WAIVED)
    assert "已提交公布" in said(operator, f"{here}do/publish/", {})
    assert fresh(round_).state == Round.State.PUBLISHED


def first_of(county: County) -> RoundDepartment:
    first = county.round.departments.first()
    assert first is not None
    return first


@starts("signed_off")
def test_an_upheld_appeal_is_corrected_page_by_page(county: County, browse: Browse) -> None:
    calendar_of_these_days()
    operator, reviewer, officer = map(browse, ("centre_operator", "centre_reviewer", "department_officer"))
    here, first = county.pages, first_of(county)
    assert "还没有送达" in said(officer, "/office/rounds/own/")
    services.serve_round(round=county.round, today=timezone.localdate(), acting_user=county.operator)
    assert "2026年第三季度评价" in said(officer, "/office/rounds/own/")
    lent = first.members.get(name="甲科员二")
    data = {"round_department": first.pk, "round_member": lent.pk, "text": "该人员已借调。"}
    assert "已登记申诉" in said(officer, f"{here}appeals/", data)
    upheld = {"outcome": "changed", "findings": "核对了名单。", "decision": "情况属实。"}
    correct, again = f'href="{here}correct/"', f'href="{here}do/compute/"'
    assert correct not in said(reviewer, here), "there is nothing to correct yet"
    assert "复核申诉</a>" in said(reviewer, here)
    decided = said(browse("leading_group"), f"/office/rounds/appeals/{Appeal.objects.get().pk}/", upheld)
    assert "须先更正结果" in decided
    for page in (decided, said(reviewer, here), said(reviewer, "/office/")):
        assert correct in page, "the one who may correct is led there from everywhere"
    for page in ("", "appeals/"):
        waits = said(operator, f"{here}{page}")
        assert again not in waits, "nothing is offered that would change nothing"
        assert "由评价中心复核、领导小组人员办理" in waits
    assert "结束申诉期</a>" not in said(operator, here)
    assert "结果不会改变" in said(operator, f"{here}do/compute/", {"reason": "采纳申诉"})
    assert Round.objects.get().state == Round.State.SERVED
    withdrawn = {"round_member": lent.pk, "reason": "借调在外"}
    assert "已更正参评名单" in said(reviewer, f"{here}correct/", withdrawn)
    for page in (here, f"{here}appeals/", "/office/"):
        assert again in said(operator, page), page
    assert "重新计算须填写原因" in said(operator, f"{here}do/compute/", {"reason": ""})
    assert "已计算" in said(operator, f"{here}do/compute/", {"reason": "采纳申诉"})
    changed = said(reviewer, f"{here}do/sign-off/")
    assert "更正前／更正后" in changed
    assert '<td class="num">93.33</td><td class="num">100.00</td>' in changed, (
        "the sign-off shows what it signs"
    )
    assert "1 个单位有变化（采纳申诉）" in said(reviewer, f"{here}result/")
    assert "这是第1次结果，已由后来的结果替代" in said(reviewer, f"{here}results/1/")
    page = said(operator, f"{here}result/{county.departments[0].pk}/")
    assert "100.00 分" in page
    assert "甲科员二" not in page


@starts("computed")
def test_every_number_unfolds_to_its_clause(county: County, browse: Browse) -> None:
    """YC-R10, YC-R11"""
    page = said(browse("centre_reviewer"), f"{county.pages}result/{county.departments[0].pk}/")
    for words in (
        "3 人得分的平均",
        "满意 10×100",
        '条款 六</a><span class="clause">口径 3',
        "口径 1：",
        "年度考核优先确定为优秀",
    ):
        assert words in page
    leader = browse("leading_group")
    ranking = said(leader, f"{county.pages}result/")
    assert "优秀" in ranking
    assert "93.33" in ranking
    assert "样本不足" in said(leader, f"{county.pages}result/{county.departments[1].pk}/")


@starts("served")
def test_a_department_never_sees_another_and_other_roles_see_no_result(
    county: County, browse: Browse
) -> None:
    officer, here = browse("department_officer"), county.pages
    own, other = (department.pk for department in county.departments)
    assert officer.get(f"{here}result/{own}/").status_code == 200
    for page in (f"result/{other}/", "result/", ""):
        assert officer.get(f"{here}{page}").status_code == 403, page
    appeals = said(officer, f"{here}appeals/")
    assert "县甲局" in appeals
    assert "县乙局" not in appeals
    for role in ("administrator", "town_organizer", "paper_clerk"):
        client = browse(role)
        for page in ("", "result/", f"result/{own}/", "appeals/", "subjects/"):
            assert client.get(f"{here}{page}").status_code == 403, (role, page)
    answer = Client().get(here)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/office/login/")


@starts("frozen")
def test_a_refusal_is_said_on_the_page_and_changes_nothing(county: County, browse: Browse) -> None:
    """YC-R4, YC-R5"""
    operator, here = browse("centre_operator"), county.pages
    page = said(operator, f"{here}do/publish/", {})
    assert "目前为“名单已锁定”，不能公布结果，未作任何更改" in page
    two = {**KEY_ON_SERVER, "again": "另一个口令另一个口令另一个"}
    assert "两次输入的口令不一致" in said(operator, f"{here}do/prepare/", two)
    assert "合计为99%" in said(operator, f"{here}slips/", {**SHARES, "share-non_private": 9})
    assert "至少选择一个参评单位" in said(operator, f"{here}departments/", {})
    assert county.round.departments.count() == 2
    kept = fresh(county.round)
    assert (kept.state, kept.survey, kept.shares) == (Round.State.FROZEN, None, county.round.shares)


@starts("frozen")
def test_of_two_on_one_page_the_second_is_told(county: County, browse: Browse) -> None:
    client, here = browse("centre_operator"), county.pages

    def opened(page: str) -> tuple[str, str]:
        found = re.search(r'name="seen_mark" value="([^"]+)"', said(client, f"{here}{page}/"))
        assert found
        return f"{here}{page}/", found[1]

    path, mark = opened("slips")
    town = county.towns[0].pk
    assert "已保存票数安排" in said(client, path, {**SHARES, "seen_mark": mark, f"n-{town}-private": 8})
    second = said(client, path, {**SHARES, "seen_mark": mark, f"n-{town}-private": 9})
    assert "这里的内容已被修改" in second
    assert "安排票数" in second, "who did what"
    assert f'value="{mark}"' in second, "the next click is refused, too"
    assert fresh(county.round).slips_plan[str(town)]["private"] == 8

    prepare, mark = opened("do/prepare")
    said(client, path, {**SHARES, f"n-{town}-private": 12})
    assert "这里的内容已被修改" in said(client, prepare, {**KEY_ON_SERVER, "seen_mark": mark})
    assert fresh(county.round).survey is None, "no slips for a plan that changed unseen"

    subjects, listed = opened("subjects")
    path, mark = opened("departments")
    (first, other) = county.departments
    said(client, path, {"departments": [first.pk], "seen_mark": mark})
    assert "这里的内容已被修改" in said(client, path, {"departments": [other.pk], "seen_mark": mark})
    assert "这里的内容已被修改" in said(client, subjects, {"seen_mark": listed}), "nothing is frozen unseen"
    assert [row.department_id for row in county.round.departments.all()] == [first.pk]


@starts("frozen")
def test_the_forecast_is_shown_before_the_box_opens(county: County, browse: Browse) -> None:
    """YC-R6"""
    page = said(browse("centre_operator"), f"{county.pages}slips/")
    assert "要使八成人员能够计分，约需收回" in page
    assert "每人至少 5 张有效票才计分" in page


@starts("prepared")
def test_only_the_step_of_now_has_the_red_button(county: County, browse: Browse) -> None:
    page = said(browse("centre_operator"), county.pages)
    assert page.count("main-action") == 1
    assert "开始评价</a>" in page
    other = said(browse("inspectorate"), county.pages)
    assert "main-action" not in other
    assert "由评价中心经办人员办理" in other


@starts("served")
def test_pages_ask_at_most_sixteen_questions(
    county: County, browse: Browse, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    county.create(title="下一轮", period="2026-Q4")
    operator = browse("centre_operator")
    operator.get("/office/")
    own = county.departments[0].pk
    parts = ("", "subjects/", "departments/", "slips/", "result/", f"result/{own}/", "appeals/")
    for page in ("/office/rounds/", *(f"{county.pages}{part}" for part in parts)):
        with django_assert_max_num_queries(16):
            assert operator.get(page).status_code == 200, page


@starts("opened")
def test_a_vote_without_an_end_gets_one_once(county: County, browse: Browse) -> None:
    operator, leader = map(browse, ("centre_operator", "leading_group"))
    here, set_it = county.pages, f'href="{county.pages}do/deadline/"'
    page = said(operator, here)
    assert "未定截止时间" in page
    assert set_it in page
    assert "未定截止时间" in said(leader, here)
    assert set_it not in said(leader, here)
    assert leader.get(f"{here}do/deadline/").status_code == 403
    ends = timezone.localtime() + timedelta(days=3)
    past = {"closes_at": f"{timezone.localtime() - timedelta(days=1):%Y-%m-%dT%H:%M}"}
    assert "截止时间已过，没有设定" in said(operator, f"{here}do/deadline/", past)
    assert "已设定截止时间" in said(operator, f"{here}do/deadline/", {"closes_at": f"{ends:%Y-%m-%dT%H:%M}"})
    page = said(operator, here)
    assert f"{dates.moment(ends)}截止" in page
    assert set_it not in page
    assert fresh(county.round).survey.closes == dates.moment(ends)
    later = {"closes_at": f"{ends + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    assert "不能更改" in said(operator, f"{here}do/deadline/", later)


@starts("opened")
def test_no_table_of_zeros_stands_where_there_are_no_data(county: County, browse: Browse) -> None:
    page = said(browse("centre_operator"), county.pages)
    assert "尚无数据" in page
    assert "票数（张）" not in page


@starts("served")
def test_a_finished_round_shows_its_facts_and_folds_its_steps(county: County, browse: Browse) -> None:
    county.mark_published(county.end_appeals(county.round))
    page = said(browse("leading_group"), county.pages)
    facts = page.partition("本轮已办完")[2].partition("</dl>")[0]
    labels = ["参评", "安排票数", "评价", "送达", "申诉截止", "申诉", "公布"]
    assert re.findall(r"<dt>(.*?)</dt>", facts) == labels
    assert '<details class="steps"><summary>已完成的12步</summary>' in page
    links = page.partition('<p class="looks">')[2].partition("</p>")[0]
    assert links.index("查看参评单位") < links.index("各镇（街）现场评价") < links.index("查看评价结果")


@starts("computed")
def test_who_signs_off_sees_the_chart_and_may_send_back(county: County, browse: Browse) -> None:
    page = said(browse("leading_group"), f"{county.pages}do/sign-off/")
    low, high = re.findall(r"(\d+)至(\d+)分中的位置", page)[0]
    assert int(low) % 5 == 0
    assert int(high) % 5 == 0
    assert f'href="{county.pages}do/return/"' in page
    assert f'href="/office/results/{county.round.pk}/preview/index.html"' in page
