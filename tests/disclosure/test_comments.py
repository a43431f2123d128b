"""Comments on the pages (YC-R8): the queue of two persons, the department's own page, who reads what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Membership
from disclosure.results.services import erase_comments_of_published
from evaluations import services
from evaluations.models import Round
from evaluations.rounds.state import survey_of
from office.models import User
from surveys import services as surveys
from surveys.ballots import enclosed
from surveys.ballots.bundle import Bundle
from surveys.box import bundles
from surveys.comments import queries as comment_queries
from tests.evaluations.county import LAST_APPEAL_DAY, NOW, SERVED, County, fresh
from tests.kit.publishing import publish, run_waiting_jobs

pytestmark = pytest.mark.on_sqlite

Browse = Callable[[str], Client]
SAID = "9月10日去办证，张科长说材料不齐，电话13812345678，第{}次"
MASKED = "【日期】去办证，【姓名】说材料不齐，电话【电话】"
WORDS = "材料要求前后不一致"
NUMBERS = "一二三四五六七八九甲乙丙丁戊己庚辛壬癸"


def counted(county: County, matters: int, suggestions: int = 0) -> Round:
    """A counted round with so many comments on the first department and one on the second."""
    round_ = county.closed()
    first, second = (f"d{department.pk}" for department in county.departments)
    counts = bundles.counted(survey_of(round_))
    counts["comments"] = {
        first: [
            *({"kind": "matter", "text": SAID.format(NUMBERS[number])} for number in range(matters)),
            *({"kind": "suggestion", "text": f"建议{NUMBERS[number]}"} for number in range(suggestions)),
        ],
        second: [{"kind": "matter", "text": "窗口少"}],
    }
    return services.import_counts(
        round=round_, content=json.dumps(counts).encode(), acting_user=county.operator
    )


def settle_all(round_: Round, county: County, *, but: int = 0) -> None:
    """Two persons decide on all comments of the first department but so many."""
    survey, department = survey_of(round_), f"d{county.departments[0].pk}"
    found = comment_queries.remarks_of(survey, department)
    for place, remark in enumerate(found[: len(found) - but]):
        said = {"survey": survey, "comment_id": remark.pk}
        surveys.propose_paraphrase(
            **said, topic="服务态度", paraphrase=f"{WORDS}{NUMBERS[place]}", acting_user=county.operator
        )
        surveys.confirm_comment(**said, acting_user=county.reviewer)


def serve(round_: Round, county: County) -> Round:
    services.compute_round(round=round_, now=NOW, acting_user=county.operator)
    services.sign_off_round(round=fresh(round_), now=NOW, acting_user=county.reviewer)
    return services.serve_round(round=fresh(round_), today=SERVED, acting_user=county.operator)


def said(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def first_link(page: str, round_: Round) -> str:
    found = re.search(rf'class="main-action" href="(/office/rounds/{round_.pk}/comment/\d+/)"', page)
    assert found, page
    return found[1]


def test_nobody_sends_back_what_was_put_in_other_words_since(county: County, browse: Browse) -> None:
    round_ = counted(county, matters=1)
    operator, reviewer = browse("centre_operator"), browse("centre_reviewer")
    path = first_link(said(operator.get(f"/office/rounds/{round_.pk}/comments/")), round_)
    data = {"topic": "服务态度", "paraphrase": WORDS, "reason": ""}
    operator.post(path, data)
    mark = reviewer.get(path).context["seen_mark"]
    operator.post(path, {**data, "paraphrase": f"{WORDS}一"})
    answer = reviewer.post(path, {"note": "请改写", "seen_mark": mark})
    assert "他人的修改没有被覆盖" in said(answer)
    assert f"{WORDS}一" in said(answer)


def test_the_queue_from_the_first_to_the_last(county: County, browse: Browse) -> None:
    """YC-R8: one person words all of them, the next one coming up by itself; another one settles them."""
    round_ = counted(county, matters=5)
    operator, reviewer = browse("centre_operator"), browse("centre_reviewer")
    base = f"/office/rounds/{round_.pk}/comments/"
    assert "收到 6 条" in said(operator.get(f"/office/rounds/{round_.pk}/"))
    assert "还有 6 条等待经办人概括" in said(reviewer.get(base))
    path = first_link(said(operator.get(base)), round_)
    for number in range(6):
        page = said(operator.get(path))
        assert MASKED in page or "窗口少" in page
        data = {"topic": "服务态度", "paraphrase": f"{WORDS}{NUMBERS[number]}", "reason": ""}
        if number == 5:
            data |= {"paraphrase": "", "reason": "无具体内容"}
        answer = operator.post(path, data)
        assert answer.status_code == 302
        path = answer["Location"]
    assert path == base
    assert "没有待概括的意见" in said(operator.get(base))

    path = first_link(said(reviewer.get(base)), round_)
    sent_back = path
    path = reviewer.post(path, {"note": "请写明是哪一类业务"})["Location"]
    for _ in range(5):
        assert "同意" in said(reviewer.get(path))
        path = reviewer.post(path, {"confirm": "1"})["Location"]
    assert path == base
    assert "还有 1 条等待经办人概括" in said(reviewer.get(base))
    assert first_link(said(operator.get(base)), round_) == sent_back
    assert "请写明是哪一类业务" in said(operator.get(sent_back))
    operator.post(sent_back, {"topic": "服务态度", "paraphrase": "证件业务要求不一致"})
    assert reviewer.post(sent_back, {"confirm": "1"})["Location"] == base
    assert "全部意见已办理完毕" in said(reviewer.get(base))


@pytest.mark.parametrize(("matters", "shown"), [(4, False), (5, True)])
def test_a_department_reads_from_five_on(county: County, browse: Browse, matters: int, shown: bool) -> None:
    """YC-R8"""
    round_ = counted(county, matters=matters, suggestions=4)
    settle_all(round_, county)
    own = f"/office/rounds/{round_.pk}/result/{county.departments[0].pk}/"
    officer = browse("department_officer")
    assert officer.get(own).status_code == 403  # not before the result is served
    serve(round_, county)
    page = said(officer.get(own))
    assert (f"{WORDS}一" in page) is shown
    assert ("意见建议少于5条" in page) is not shown
    assert "张科长" not in page
    assert "办证" not in page


def test_a_department_reads_nothing_while_one_is_open(county: County, browse: Browse) -> None:
    round_ = counted(county, matters=6)
    settle_all(round_, county, but=1)
    serve(round_, county)
    own = f"/office/rounds/{round_.pk}/result/{county.departments[0].pk}/"
    assert "意见建议正在整理" in said(browse("department_officer").get(own))
    assert WORDS not in said(browse("department_reviewer").get(own))
    settle_the_rest(round_, county)
    assert f"{WORDS}一" in said(browse("department_officer").get(own))


def settle_the_rest(round_: Round, county: County) -> None:
    survey = survey_of(round_)
    while pk := comment_queries.next_to_word(survey):
        surveys.propose_withholding(
            survey=survey, comment_id=pk, topic="其他", reason="无具体内容", acting_user=county.operator
        )
        surveys.confirm_comment(survey=survey, comment_id=pk, acting_user=county.reviewer)


def test_who_reads_what(county: County, browse: Browse) -> None:
    """The masked words are for the two persons; a department's people read their own department's."""
    round_ = counted(county, matters=5)
    settle_all(round_, county)
    settle_the_rest(round_, county)
    serve(round_, county)
    base = f"/office/rounds/{round_.pk}/"
    first, second = (department.pk for department in county.departments)
    one = comment_queries.remarks_of(survey_of(round_), f"d{first}")[0]
    for role in ("inspectorate", "leading_group"):
        reader = browse(role)
        assert f"{WORDS}一" in said(reader.get(f"{base}comments/{first}/"))
        assert "不反馈：无具体内容" in said(reader.get(f"{base}comments/{second}/"))
        assert "办证" not in said(reader.get(f"{base}comments/{first}/"))
        assert reader.get(f"{base}comment/{one.pk}/").status_code == 403
    for role in ("centre_operator", "centre_reviewer"):
        assert MASKED in said(browse(role).get(f"{base}comment/{one.pk}/"))
    officer = browse("department_officer")
    for path in (f"comments/{first}/", "comments/", f"comment/{one.pk}/", f"result/{second}/"):
        assert officer.get(base + path).status_code == 403, path
    Membership.objects.filter(user=county.users["department_officer"]).update(department=second)
    page = said(officer.get(f"{base}result/{second}/"))
    assert "意见建议少于5条" in page
    assert WORDS not in page


def test_either_words_or_a_reason(county: County, browse: Browse) -> None:
    round_ = counted(county, matters=1)
    operator = browse("centre_operator")
    path = first_link(said(operator.get(f"/office/rounds/{round_.pk}/comments/")), round_)
    for data in (
        {"topic": "其他"},
        {"topic": "其他", "paraphrase": WORDS, "reason": "无具体内容"},
    ):
        assert "请填写其中一项" in said(operator.post(path, data))
    refused = said(operator.post(path, {"topic": "其他", "paraphrase": "3月5日去了三次"}))
    assert "概括中还有" in refused
    assert "3月5日去了三次" in refused  # what was typed is not lost


def test_a_role_that_changed_confirms_nothing_of_its_own(county: County, browse: Browse) -> None:
    round_ = counted(county, matters=1)
    operator = browse("centre_operator")
    base = f"/office/rounds/{round_.pk}/comments/"
    path = first_link(said(operator.get(base)), round_)
    operator.post(path, {"topic": "其他", "paraphrase": WORDS})
    User.objects.filter(pk=county.operator.pk).update(role="centre_reviewer")
    county.operator.refresh_from_db()
    operator = browse("centre_operator")  # signs in anew
    page = said(operator.get(path))
    assert "拟稿人不能复核自己的概括" in page
    assert "同意" not in page
    assert "没有待您复核的意见" in said(operator.get(base))
    assert "拟稿人不能复核自己的概括" in said(operator.post(path, {"confirm": "1"}))


def test_before_the_tally_the_page_says_what_will_be_there(county: County, browse: Browse) -> None:
    round_ = county.opened()
    page = said(browse("centre_operator").get(f"/office/rounds/{round_.pk}/comments/"))
    assert "计票之后，意见建议按单位列在这里" in page


def test_pages_ask_the_database_equally_often(county: County, browse: Browse) -> None:
    few, many = counted(county, matters=1), counted(county, matters=9, suggestions=9)
    unit = county.departments[0].pk
    numbers = []
    for round_ in (few, many):
        settle_all(round_, county)
        serve(round_, county)
        one = comment_queries.remarks_of(survey_of(round_), f"d{unit}")[0].pk
        for path in ("", "comments/", f"comments/{unit}/", f"comment/{one}/", f"result/{unit}/"):
            client = browse("centre_reviewer")
            client.get("/office/")
            with CaptureQueriesContext(connection) as asked:
                said(client.get(f"/office/rounds/{round_.pk}/{path}"))
            numbers.append(len(asked))
    assert numbers[:5] == numbers[5:]
    assert max(numbers) <= 12


def test_originals_go_after_the_publication(county: County) -> None:
    """Not before, because a corrected result needs them; and not before the bundle of results is written."""
    round_ = counted(county, matters=5)
    settle_all(round_, county)
    round_ = serve(round_, county)
    run_waiting_jobs()
    assert erase_comments_of_published() == 0
    day = LAST_APPEAL_DAY.replace(day=LAST_APPEAL_DAY.day + 1)
    services.end_appeals(round=fresh(round_), today=day, acting_user=county.operator)
    publish(round_, county)
    survey = survey_of(fresh(round_))
    assert erase_comments_of_published() == 1
    survey.refresh_from_db()
    assert survey.comments == {}
    remarks = comment_queries.remarks_of(survey, f"d{county.departments[0].pk}")
    assert {remark.masked for remark in remarks} == {""}
    assert all(remark.paraphrase for remark in remarks)
    assert erase_comments_of_published() == 0
    written = bundles.results_path_of(survey, 1)
    before = Bundle(written).read(enclosed.NAME)
    surveys.make_results_bundle(survey=survey, number=1, results={})  # explained after the sign-off
    assert Bundle(written).read(enclosed.NAME) == before
