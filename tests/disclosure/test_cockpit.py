"""The cockpit as people use it: page by page, each with their own role (YC-R4 to YC-R11, reading 10)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from evaluations import services
from evaluations.models import Appeal, Round
from office.models import Holiday
from surveys import queries
from surveys import services as surveys
from surveys.ballots import keyfile
from surveys.ballots.bundle import Bundle
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.encoding import to_b64
from tests.evaluations.county import PASSPHRASE, SERVED, County, fresh, ordinary_ballots
from tests.kit.publishing import run_waiting_jobs

pytestmark = pytest.mark.on_sqlite

S = Round.State
Browse = Callable[[str], Client]


def text(client: Client, path: str, data: dict[str, object] | None = None) -> str:
    """What the page says after a GET, or after a POST and where it leads."""
    answer = client.post(path, data, follow=True) if data is not None else client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def calendar_of_these_days() -> None:
    """The pages go by today, so this year and the next need their holidays."""
    year = timezone.localdate().year
    for other in (year, year + 1):
        Holiday.objects.get_or_create(day=date(other, 1, 1))


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


def test_a_round_end_to_end(county: County, browse: Browse) -> None:
    """YC-R6"""
    operator, reviewer, officer = (
        browse(role) for role in ("centre_operator", "centre_reviewer", "department_officer")
    )
    calendar_of_these_days()

    shown = operator.get("/office/rounds/new/").context["form"]
    as_shown = {field.html_name: field.value() or "" for field in shown if field.value() is not False}
    assert "已创建轮次" in text(operator, "/office/rounds/new/", {**as_shown, **NEW})
    round_ = Round.objects.get()
    assert round_.options == {"min_valid_answers": 5, "min_answers_per_department": 5}
    base = f"/office/rounds/{round_.pk}/"

    ids = [department.pk for department in county.departments]
    assert "已选定 2 个参评单位" in text(operator, f"{base}departments/", {"departments": ids})
    assert "已锁定参评名单" in text(operator, f"{base}subjects/", {})

    east, west = (town.pk for town in county.towns)
    grid: dict[str, object] = {"share-private": 50, "share-sole_trader": 40, "share-non_private": 10}
    filled = text(operator, f"{base}slips/", {**grid, "total": 200, "do": "fill"})
    assert "尚未保存" in filled
    assert fresh(round_).slips_plan == {}
    grid |= {f"n-{east}-private": 30, f"n-{east}-sole_trader": 25, f"n-{west}-non_private": 20, "do": "save"}
    assert "已保存票数安排" in text(operator, f"{base}slips/", grid)

    twice = {"keeper": "server", "closes": "2026年9月30日18时", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert "已制票" in text(operator, f"{base}do/prepare/", twice)
    county.urls = {}
    for batch in queries.batches(fresh(round_).survey):  # type: ignore[arg-type]
        printed = surveys.print_batch(batch=batch, acting_user=county.operator)
        county.urls.setdefault(batch.stratum.kind, []).extend(slip.url for slip in printed)
    assert "已开始打票" in text(operator, f"{base}do/open/", {"passphrase": PASSPHRASE})
    for answers in ordinary_ballots():
        county.vote(answers)
    assert "截止打票" in text(operator, base)
    assert "已截止打票" in text(operator, f"{base}do/close/", {})
    assert "已计票" in text(operator, f"{base}do/tally/", {"passphrase": PASSPHRASE})
    assert "已计算" in text(operator, f"{base}do/compute/", {"reason": ""})

    assert operator.get(f"{base}do/sign-off/").status_code == 403
    page = f"{base}result/{county.departments[0].pk}/"
    assert officer.get(page).status_code == 403
    assert "已审定" in text(reviewer, f"{base}do/sign-off/", {})
    assert officer.get(page).status_code == 403
    assert "已送达" in text(operator, f"{base}do/serve/", {})
    assert "93.33 分" in text(officer, page)

    first = fresh(round_).departments.first()
    assert first is not None
    appeal = {"round_department": first.pk, "round_member": "", "text": "请复核有效票数。"}
    assert "已登记申诉" in text(officer, f"{base}appeals/", appeal)
    lodged = Appeal.objects.get()
    assert "还有1件申诉没有复核" in text(
        operator, f"{base}do/end-appeals/", {"waiver_decision": "示政办〔2026〕9号"}
    )
    decided = {"upheld": "no", "decision": "经核对无误。"}
    assert "已复核" in text(reviewer, f"/office/rounds/appeals/{lodged.pk}/", decided)
    assert f"已由{county.reviewer}复核（{Appeal.State.REJECTED.label}）" in text(
        reviewer, f"/office/rounds/appeals/{lodged.pk}/", {**decided, "upheld": "yes"}
    )
    assert "现在不能结束" in text(operator, f"{base}do/end-appeals/", {"waiver_decision": ""})
    assert "申诉期已结束" in text(
        operator, f"{base}do/end-appeals/", {"waiver_decision": "示政办〔2026〕9号"}
    )
    assert "已提交公布" in text(operator, f"{base}do/publish/", {})
    assert fresh(round_).state == S.PUBLISHED


def test_an_upheld_appeal_is_corrected_page_by_page(county: County, browse: Browse) -> None:
    calendar_of_these_days()
    round_ = services.serve_round(
        round=county.signed_off(), today=timezone.localdate(), acting_user=county.operator
    )
    base = f"/office/rounds/{round_.pk}/"
    operator, reviewer, officer = (
        browse(role) for role in ("centre_operator", "centre_reviewer", "department_officer")
    )
    first = round_.departments.first()
    assert first is not None
    lent = first.members.get(name="甲科员二")
    data = {"round_department": first.pk, "round_member": lent.pk, "text": "该人员已借调。"}
    assert "已登记申诉" in text(officer, f"{base}appeals/", data)
    upheld = {"upheld": "yes", "decision": "情况属实。"}
    assert "须先更正结果" in text(reviewer, f"/office/rounds/appeals/{Appeal.objects.get().pk}/", upheld)
    withdrawn = {"round_member": lent.pk, "reason": "借调在外"}
    assert "已更正参评名单" in text(reviewer, f"{base}correct/", withdrawn)
    assert "重新计算须填写原因" in text(operator, f"{base}do/compute/", {"reason": ""})
    assert "已计算" in text(operator, f"{base}do/compute/", {"reason": "采纳申诉"})
    page = text(operator, f"{base}result/{county.departments[0].pk}/")
    assert "100.00 分" in page
    assert "甲科员二" not in page


def test_every_number_unfolds_to_its_clause(county: County, browse: Browse) -> None:
    """YC-R10"""
    round_ = county.computed()
    page = text(browse("centre_reviewer"), f"/office/rounds/{round_.pk}/result/{county.departments[0].pk}/")
    assert "3 人得分的平均" in page
    assert "满意 10×100" in page
    assert "依据：六，口径 3" in page
    assert "口径 1：" in page
    assert "年度考核优先确定为优秀" in page


def test_the_ranking_says_who_has_too_few_answers(county: County, browse: Browse) -> None:
    """YC-R11"""
    round_ = county.computed()
    page = text(browse("leading_group"), f"/office/rounds/{round_.pk}/result/")
    assert "优秀" in page
    assert "93.33" in page
    department = text(
        browse("leading_group"), f"/office/rounds/{round_.pk}/result/{county.departments[1].pk}/"
    )
    assert "样本不足" in department


def test_a_department_never_sees_another(county: County, browse: Browse) -> None:
    round_ = county.served()
    officer = browse("department_officer")
    own, other = (department.pk for department in county.departments)
    assert officer.get(f"/office/rounds/{round_.pk}/result/{own}/").status_code == 200
    assert officer.get(f"/office/rounds/{round_.pk}/result/{other}/").status_code == 403
    assert officer.get(f"/office/rounds/{round_.pk}/result/").status_code == 403
    assert officer.get(f"/office/rounds/{round_.pk}/").status_code == 403
    appeals = text(officer, f"/office/rounds/{round_.pk}/appeals/")
    assert "县甲局" in appeals
    assert "县乙局" not in appeals


def test_a_department_finds_its_result_once_it_is_served(county: County, browse: Browse) -> None:
    round_ = county.signed_off()
    officer = browse("department_officer")
    assert "还没有送达" in text(officer, "/office/rounds/own/")
    services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    assert "2026年第三季度评价" in text(officer, "/office/rounds/own/")


def test_the_other_roles_see_no_result(county: County, browse: Browse) -> None:
    round_ = county.served()
    for role in ("administrator", "town_organizer", "paper_clerk"):
        for page in ("", "result/", f"result/{county.departments[0].pk}/", "appeals/", "subjects/"):
            assert browse(role).get(f"/office/rounds/{round_.pk}/{page}").status_code == 403, (role, page)


def test_an_act_out_of_order_says_what_comes_next_and_changes_nothing(county: County, browse: Browse) -> None:
    round_ = county.frozen()
    page = text(browse("centre_operator"), f"/office/rounds/{round_.pk}/do/publish/", {})
    assert "目前为“名单已锁定”，不能公布结果，未作任何更改" in page
    assert fresh(round_).state == S.FROZEN


def test_two_different_passphrases_make_no_slips(county: County, browse: Browse) -> None:
    round_ = county.frozen()
    data = {"keeper": "server", "closes": "", "passphrase": PASSPHRASE, "again": "另一个口令另一个口令另一个"}
    assert "两次输入的口令不一致" in text(
        browse("centre_operator"), f"/office/rounds/{round_.pk}/do/prepare/", data
    )
    assert fresh(round_).survey is None


def test_no_department_chosen_is_said_at_the_list(county: County, browse: Browse) -> None:
    """YC-R4"""
    round_ = county.create()
    page = text(browse("centre_operator"), f"/office/rounds/{round_.pk}/departments/", {})
    assert "至少选择一个参评单位" in page
    assert round_.departments.count() == 2


def test_shares_that_do_not_make_a_hundred_are_refused_on_the_page(county: County, browse: Browse) -> None:
    """YC-R5"""
    round_ = county.frozen()
    data = {"share-private": 50, "share-sole_trader": 40, "share-non_private": 9, "do": "save"}
    assert "合计为99%" in text(browse("centre_operator"), f"/office/rounds/{round_.pk}/slips/", data)


def test_of_two_on_one_page_the_second_is_told(county: County, browse: Browse) -> None:
    round_, client = county.frozen(), browse("centre_operator")

    def opened(page: str) -> tuple[str, str]:
        path = f"/office/rounds/{round_.pk}/{page}/"
        found = re.search(r'name="seen_mark" value="([^"]+)"', text(client, path))
        assert found
        return path, found[1]

    shares = {"share-private": 50, "share-sole_trader": 40, "share-non_private": 10, "do": "save"}
    path, mark = opened("slips")
    town = county.towns[0].pk
    assert "已保存票数安排" in text(client, path, {**shares, "seen_mark": mark, f"n-{town}-private": 8})
    second = text(client, path, {**shares, "seen_mark": mark, f"n-{town}-private": 9})
    assert "这里的内容已被修改" in second
    assert "安排票数" in second, "who did what"
    assert f'value="{mark}"' in second, "the next click is refused, too"
    assert fresh(round_).slips_plan[str(town)]["private"] == 8

    _, mark = opened("do/prepare")
    text(client, path, {**shares, f"n-{town}-private": 12})
    passphrase = {"keeper": "server", "closes": "", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    prepare = f"/office/rounds/{round_.pk}/do/prepare/"
    assert "这里的内容已被修改" in text(client, prepare, {**passphrase, "seen_mark": mark})
    assert fresh(round_).survey is None, "no slips for a plan that changed unseen"

    subjects, listed = opened("subjects")
    path, mark = opened("departments")
    (first, other) = county.departments
    text(client, path, {"departments": [first.pk], "seen_mark": mark})
    assert "这里的内容已被修改" in text(client, path, {"departments": [other.pk], "seen_mark": mark})
    assert "这里的内容已被修改" in text(client, subjects, {"seen_mark": listed}), "nothing is frozen unseen"
    assert [row.department_id for row in round_.departments.all()] == [first.pk]


def test_the_planner_speaks_before_the_box_opens(county: County, browse: Browse) -> None:
    """YC-R6"""
    round_ = county.frozen()
    page = text(browse("centre_operator"), f"/office/rounds/{round_.pk}/slips/")
    assert "要使八成人员能够计分，约需收回" in page
    assert "每人至少 5 张有效票才计分" in page


def test_only_the_step_of_now_has_the_red_button(county: County, browse: Browse) -> None:
    round_ = county.prepared()
    page = text(browse("centre_operator"), f"/office/rounds/{round_.pk}/")
    assert page.count("main-action") == 1
    assert "开始打票</a>" in page
    other = text(browse("inspectorate"), f"/office/rounds/{round_.pk}/")
    assert "main-action" not in other
    assert "由评价中心经办办理" in other


def test_pages_ask_at_most_twelve_questions(
    county: County, browse: Browse, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    round_ = county.served()
    county.create(title="下一轮", period="2026-Q4")
    operator = browse("centre_operator")
    operator.get("/office/")
    own = county.departments[0].pk
    parts = ("", "subjects/", "departments/", "slips/", "result/", f"result/{own}/", "appeals/")
    for page in ("", *(f"{round_.pk}/{part}" for part in parts)):
        with django_assert_max_num_queries(12):
            assert operator.get(f"/office/rounds/{page}").status_code == 200, page


def test_nobody_without_a_login(county: County) -> None:
    round_ = county.create()
    answer = Client().get(f"/office/rounds/{round_.pk}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/office/login/")


def test_with_a_custodian_the_key_never_comes_to_the_server(county: County, browse: Browse) -> None:
    """Public key in, rehearsal answered, bundle out, counts file in."""
    operator, inspectorate = browse("centre_operator"), browse("inspectorate")
    round_ = county.frozen()
    plan = {county.towns[0].pk: {"private": 20}}
    services.plan_slips(round=round_, plan=plan, acting_user=county.operator)
    base = f"/office/rounds/{round_.pk}/do/"
    private = keyfile.new_private_key()
    key = to_b64(keyfile.public_key(private))
    both = {"keeper": "custodian", "passphrase": PASSPHRASE, "again": PASSPHRASE, "key_text": key}
    assert "只填写其中一种" in text(operator, f"{base}prepare/", both)
    alone = {"keeper": "custodian", "key_text": key}
    assert "已制票" in text(operator, f"{base}prepare/", alone)
    survey = fresh(round_).survey
    assert survey is not None
    (batch,) = queries.batches(survey)
    slips = surveys.print_batch(batch=batch, acting_user=county.operator)
    county.urls = {"private": [slip.url for slip in slips]}
    challenge = queries.challenge(survey)
    assert challenge in text(operator, f"{base}open/")
    assert "答复不正确" in text(operator, f"{base}open/", {"answer": "ABCD"})
    answer = keyfile.answer_challenge(challenge, private)
    assert "已开始打票" in text(operator, f"{base}open/", {"answer": answer})
    for answers in list(ordinary_ballots())[:10]:
        county.vote(answers)
    services.close_round(round=round_, today=date(2026, 9, 28), acting_user=county.operator)
    run_waiting_jobs()
    sent = inspectorate.post(f"/office/rounds/{round_.pk}/bundle.zip")
    with NamedTemporaryFile(suffix=".zip") as file:
        file.write(b"".join(sent.streaming_content))
        file.flush()
        bundle = Bundle(Path(file.name))
        counts = counts_file(bundle, count_bundle(bundle, private))
    wrong = SimpleUploadedFile("counts.json", b"{}")
    assert "未作更改" in text(inspectorate, f"{base}tally/", {"counts": wrong})
    right = SimpleUploadedFile("counts.json", json.dumps(counts).encode())
    assert "核对一致，已导入" in text(inspectorate, f"{base}tally/", {"counts": right})
    assert sum(queries.valid_ballots(survey).values()) == 10
