"""Comments on the pages (YC-R8): the queue of two persons, the department's own page, who reads what."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.models import Membership
from disclosure.results.services import erase_comments_of_published
from evaluations import services
from evaluations.models import Round
from evaluations.rounds.subject_keys import department_key
from office.models import User
from surveys import services as surveys
from surveys.ballots import enclosed
from surveys.ballots.bundle import Bundle
from surveys.box import bundles
from surveys.comments import queries as comment_queries
from surveys.comments.queries import Remark
from tests.evaluations.county import PASSPHRASE, County, fresh
from tests.evaluations.pages import Browse, said, starts
from tests.kit.publishing import publish, run_waiting_jobs
from tests.kit.survey_office import an_inspector, signed_again

SAID = "9月10日去办证，张科长说材料不齐，电话13812345678，第{}次"
MASKED = "【日期】去办证，【姓名】说材料不齐，电话【电话】"
WORDS = "材料要求前后不一致"
NUMBERS = "一二三四五六七八九甲乙丙丁戊己庚辛壬癸"


def receive(county: County, matters: int, suggestions: int = 0) -> None:
    """So many comments on the first department come with the counts, and one on the second."""
    first, second = (department_key(department.pk) for department in county.departments)
    comments = {
        first: [
            *({"kind": "matter", "text": SAID.format(NUMBERS[number])} for number in range(matters)),
            *({"kind": "suggestion", "text": f"建议{NUMBERS[number]}"} for number in range(suggestions)),
        ],
        second: [{"kind": "matter", "text": "窗口少"}],
    }
    services.import_counts(
        round=county.round,
        content=signed_again(county.survey, PASSPHRASE, comments=comments),
        reason="保管人重新计票，补上意见。",
        acting_user=an_inspector(),
    )


def remarks_of_first(county: County) -> list[Remark]:
    return comment_queries.remarks_of(county.survey, department_key(county.departments[0].pk))


def settle(county: County, *, but: int = 0) -> None:
    """Two persons decide on all comments of the first department but so many."""
    found = remarks_of_first(county)
    for place, remark in enumerate(found[: len(found) - but]):
        about = {"survey": county.survey, "comment_id": remark.pk}
        words = f"{WORDS}{NUMBERS[place]}"
        surveys.propose_paraphrase(**about, topic="服务态度", paraphrase=words, acting_user=county.operator)
        surveys.confirm_comment(**about, acting_user=county.reviewer)


def withhold_the_rest(county: County) -> None:
    while pk := comment_queries.next_to_word(county.survey):
        about = {"survey": county.survey, "comment_id": pk}
        surveys.propose_withholding(**about, topic="其他", reason="无具体内容", acting_user=county.operator)
        surveys.confirm_comment(**about, acting_user=county.reviewer)


def serve(county: County) -> Round:
    return county.serve(county.sign_off(county.compute(county.round)))


def first_link(page: str) -> str:
    found = re.search(r'class="main-action" href="(/office/rounds/\d+/comment/\d+/)"', page)
    assert found, page
    return found[1]


@starts("counted")
def test_the_queue_from_the_first_to_the_last(county: County, browse: Browse) -> None:
    """YC-R8: one person words all of them, the next one coming up by itself; another one settles them."""
    receive(county, matters=5)
    operator, reviewer = browse("centre_operator"), browse("centre_reviewer")
    queue = f"{county.pages}comments/"
    assert "收到 6 条" in said(operator, county.pages)
    assert "还有 6 条等待经办人概括" in said(reviewer, queue)
    path = first_link(said(operator, queue))
    for number in range(6):
        page = said(operator, path)
        assert MASKED in page or "窗口少" in page
        data = {"topic": "服务态度", "paraphrase": f"{WORDS}{NUMBERS[number]}", "reason": ""}
        if number == 5:
            data |= {"paraphrase": "", "reason": "无具体内容"}
        path = operator.post(path, data)["Location"]
    assert path == queue
    assert "没有待概括的意见" in said(operator, queue)

    sent_back = path = first_link(said(reviewer, queue))
    path = reviewer.post(path, {"note": "请写明是哪一类业务"})["Location"]
    for _ in range(5):
        assert "同意" in said(reviewer, path)
        path = reviewer.post(path, {"confirm": "1"})["Location"]
    assert path == queue
    assert "还有 1 条等待经办人概括" in said(reviewer, queue)
    assert first_link(said(operator, queue)) == sent_back
    assert "请写明是哪一类业务" in said(operator, sent_back)
    operator.post(sent_back, {"topic": "服务态度", "paraphrase": "证件业务要求不一致"})
    assert reviewer.post(sent_back, {"confirm": "1"})["Location"] == queue
    assert "全部意见已办理完毕" in said(reviewer, queue)


@starts("counted")
@pytest.mark.parametrize(("matters", "shown"), [(4, False), (5, True)])
def test_a_department_reads_from_five_on(county: County, browse: Browse, matters: int, shown: bool) -> None:
    """YC-R8"""
    receive(county, matters=matters, suggestions=4)
    settle(county)
    own = f"{county.pages}result/{county.departments[0].pk}/"
    officer = browse("department_officer")
    assert officer.get(own).status_code == 403, "not before the result is served"
    serve(county)
    page = said(officer, own)
    assert (f"{WORDS}一" in page) is shown
    assert ("意见建议少于5条" in page) is not shown
    assert "张科长" not in page
    assert "办证" not in page


@starts("counted")
def test_a_department_reads_nothing_while_one_is_open(county: County, browse: Browse) -> None:
    receive(county, matters=6)
    settle(county, but=1)
    serve(county)
    own = f"{county.pages}result/{county.departments[0].pk}/"
    assert "意见建议正在整理" in said(browse("department_officer"), own)
    assert WORDS not in said(browse("department_reviewer"), own)
    withhold_the_rest(county)
    assert f"{WORDS}一" in said(browse("department_officer"), own)


@starts("counted")
def test_who_reads_what(county: County, browse: Browse) -> None:
    """The masked words are for the two persons; a department's people read their own department's."""
    receive(county, matters=5)
    settle(county)
    withhold_the_rest(county)
    serve(county)
    here = county.pages
    first, second = (department.pk for department in county.departments)
    one = f"{here}comment/{remarks_of_first(county)[0].pk}/"
    for role in ("inspectorate", "leading_group"):
        reader = browse(role)
        page = said(reader, f"{here}comments/{first}/")
        assert f"{WORDS}一" in page
        assert "办证" not in page
        assert "不反馈：无具体内容" in said(reader, f"{here}comments/{second}/")
        assert reader.get(one).status_code == 403
    for role in ("centre_operator", "centre_reviewer"):
        assert MASKED in said(browse(role), one)
    officer = browse("department_officer")
    for path in (f"{here}comments/{first}/", f"{here}comments/", one, f"{here}result/{second}/"):
        assert officer.get(path).status_code == 403, path
    Membership.objects.filter(user=county.users["department_officer"]).update(department=second)
    page = said(officer, f"{here}result/{second}/")
    assert "意见建议少于5条" in page
    assert WORDS not in page


@starts("counted")
def test_either_words_or_a_reason_and_nobody_sends_back_words_they_did_not_read(
    county: County, browse: Browse
) -> None:
    receive(county, matters=1)
    operator, reviewer = browse("centre_operator"), browse("centre_reviewer")
    path = first_link(said(operator, f"{county.pages}comments/"))
    both = {"topic": "其他", "paraphrase": WORDS, "reason": "无具体内容"}
    for data in ({"topic": "其他"}, both):
        assert "请填写其中一项" in said(operator, path, data)
    refused = said(operator, path, {"topic": "其他", "paraphrase": "3月5日去了三次"})
    assert "概括中还有" in refused
    assert "3月5日去了三次" in refused, "what was typed is not lost"

    operator.post(path, {"topic": "其他", "paraphrase": WORDS})
    mark = reviewer.get(path).context["seen_mark"]
    operator.post(path, {"topic": "其他", "paraphrase": f"{WORDS}一"})
    answer = said(reviewer, path, {"note": "请改写", "seen_mark": mark})
    assert "他人的修改没有被覆盖" in answer
    assert f"{WORDS}一" in answer


@starts("counted")
def test_a_role_that_changed_confirms_nothing_of_its_own(county: County, browse: Browse) -> None:
    receive(county, matters=1)
    operator, queue = browse("centre_operator"), f"{county.pages}comments/"
    path = first_link(said(operator, queue))
    operator.post(path, {"topic": "其他", "paraphrase": WORDS})
    User.objects.filter(pk=county.operator.pk).update(role="centre_reviewer")
    county.operator.refresh_from_db()
    operator = browse("centre_operator")  # signs in anew
    page = said(operator, path)
    assert "拟稿人不能复核自己的概括" in page
    assert "同意" not in page
    assert "没有待您复核的意见" in said(operator, queue)
    assert "拟稿人不能复核自己的概括" in said(operator, path, {"confirm": "1"})


@starts("opened")
def test_before_the_tally_the_page_says_what_will_be_there(county: County, browse: Browse) -> None:
    assert "计票之后，意见建议按单位列在这里" in said(browse("centre_operator"), f"{county.pages}comments/")


@starts("counted")
def test_pages_ask_the_database_equally_often(county: County, browse: Browse) -> None:
    """With one remark on the department, and with eighteen."""
    unit = county.departments[0].pk
    numbers = []
    for round_, matters, suggestions in ((county.round, 1, 0), (county.closed(), 9, 9)):
        county.round = round_
        receive(county, matters, suggestions)
        settle(county)
        serve(county)
        one = remarks_of_first(county)[0].pk
        client = browse("centre_reviewer")
        for path in ("", "comments/", f"comments/{unit}/", f"comment/{one}/", f"result/{unit}/"):
            client.get("/office/")
            with CaptureQueriesContext(connection) as asked:
                said(client, f"{county.pages}{path}")
            numbers.append(len(asked))
    assert numbers[:5] == numbers[5:]
    assert max(numbers) <= 13


@starts("counted")
def test_originals_go_after_the_publication(county: County) -> None:
    """Not before, because a corrected result needs them; and not before the bundle of results is written."""
    receive(county, matters=5)
    settle(county)
    round_ = serve(county)
    run_waiting_jobs()
    assert erase_comments_of_published() == 0
    county.end_appeals(fresh(round_))
    publish(round_, county)
    survey = county.survey
    assert erase_comments_of_published() == 1
    survey.refresh_from_db()
    assert survey.comments == {}
    remarks = remarks_of_first(county)
    assert {remark.masked for remark in remarks} == {""}
    assert all(remark.paraphrase for remark in remarks)
    assert erase_comments_of_published() == 0
    written = bundles.results_path_of(survey, 1)
    before = Bundle(written).read(enclosed.NAME)
    surveys.make_results_bundle(survey=survey, number=1, results={})  # explained after the sign-off
    assert Bundle(written).read(enclosed.NAME) == before


@starts("counted")
def test_several_remarks_are_put_in_one_and_set_aside_together(county: County, browse: Browse) -> None:
    operator, reviewer = browse("centre_operator"), browse("centre_reviewer")
    receive(county, matters=4)
    page = f"{county.pages}comments/{county.departments[0].pk}/"
    pks = [one.pk for one in remarks_of_first(county)]
    shown = said(operator, page)
    assert shown.count('name="chosen"') == 4
    assert "【电话】" in shown
    several = {"chosen": pks[:3], "topic": "服务态度", "paraphrase": "张科长说材料不齐", "reason": ""}
    assert "姓名" in said(operator, page, several)
    assert not any(one.proposed_by for one in remarks_of_first(county)), "all of them or none"
    assert "没有勾选意见" in said(operator, page, {**several, "chosen": []})
    assert "已提交复核 3 条" in said(operator, page, {**several, "paraphrase": WORDS})
    rest = {"chosen": pks[3:], "topic": "其他", "paraphrase": "", "reason": "无具体内容"}
    assert "已提交复核 1 条" in said(operator, page, rest)
    assert 'name="chosen"' not in said(operator, page), "nobody confirms their own words"
    assert "已复核 4 条" in said(reviewer, page, {"chosen": pks})
    assert [one.paraphrase for one in remarks_of_first(county)].count(WORDS) == 3
    assert said(operator, f"{page}?state=waiting").count("没有这一状态的意见") == 1


@starts("counted")
def test_unread_remarks_are_counted_before_publication(county: County, browse: Browse) -> None:
    receive(county, matters=4)
    county.end_appeals(serve(county))
    warned = said(browse("centre_operator"), f"{county.pages}do/publish/")
    assert "还有5条意见没有办完（待概括5条，待复核0条）" in warned
    assert "意见原文全部销毁" in warned
