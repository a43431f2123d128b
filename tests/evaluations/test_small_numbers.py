"""Small numbers are people, inside too (YC-R10, reading 11): what judged and centre read of counts."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from departments.models import Membership
from evaluations import services
from evaluations.results.explained import tables_of
from evaluations.results.outcome import StoredOutcome
from evaluations.results.own import own_view
from evaluations.results.thin_tables import POOLED
from evaluations.rounds.subject_keys import department_key
from office.errors import Refused
from office.models import AuditEntry, User
from reports.results.ranking import ranking
from surveys import services as surveys
from tests.evaluations.county import County, fresh
from tests.evaluations.pages import Browse, download, said, starts
from tests.kit.publishing import publish, run_waiting_jobs


def page(county: County, user: User, place: int) -> str:
    client = Client()
    client.force_login(user)
    path = f"{county.pages}result/{county.departments[place].pk}/"
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


@starts("served")
@pytest.mark.parametrize("place", [0, 1])
def test_the_judged_read_no_counts_of_their_own(county: County, place: int) -> None:
    """乙科员二 has two answers, 甲科长 ten that are all alike; neither is read from the page."""
    officer = county.users["department_officer"]
    Membership.objects.filter(user=officer).update(department=county.departments[place])
    text = page(county, officer, place)
    for sign in ("×", "÷", "有效票", "张", "280/3", "93.33"):
        assert sign not in text.partition("得分的由来")[2].partition("口径")[0], sign
    assert "样本不足" in text
    assert "按公布规则显示" in text


@starts("served")
def test_a_department_reads_its_people_from_the_thresholds_of_publication_up(county: County) -> None:
    result = services.current_result(county.round)
    people = {
        person.name: person.figure
        for department in county.departments
        for person in own_view(result, department_key(department.pk)).persons
    }
    assert people["乙科员二"].note == "样本不足"
    assert (people["甲科长"].score, people["甲科长"].grade) == (None, "优秀")
    assert people["乙科员一"].grade == "不合格", "the department's own people, whoever the public may read of"


@starts("served")
def test_the_centre_reads_no_table_of_fewer_than_five(county: County) -> None:
    for role in ("centre_operator", "centre_reviewer", "leading_group", "inspectorate"):
        text = page(county, county.users[role], 1)
        assert "满意 2×100" not in text
        assert "少于5" in text
        assert "满意 5×80" not in text.partition("旁列")[2].partition("人员")[0], "no cell of a kind of voter"
        assert "比较满意 5×80 + 不满意 5×30" in text, "tables from five answers on"


@starts("signed_off")
def test_the_bundle_with_every_table_goes_to_the_inspectorate_alone(county: County, browse: Browse) -> None:
    run_waiting_jobs()
    inspector, here = browse("inspectorate"), county.pages
    for role in ("centre_operator", "centre_reviewer", "leading_group"):
        page = said(browse(role), here)
        assert f"{here}verify.zip" not in page
        assert "由纪检监察机关下载" in page
        assert browse(role).post(f"{here}verify.zip").status_code == 403
    county.end_appeals(county.serve(fresh(county.round)))
    publish(county.round, county)
    assert browse("centre_operator").post(f"{here}verify.zip").status_code == 403, "published or not"
    assert f"{here}verify.zip" in said(inspector, here)
    download(inspector, f"{here}verify.zip")
    entry = AuditEntry.objects.get(verb="导出核验包")
    assert (entry.actor, entry.after) == (county.users["inspectorate"], {"第几次结果": 1})
    with pytest.raises(Refused, match="没有这项操作的权限"):
        surveys.hand_over_results(survey=county.survey, number=1, acting_user=county.reviewer)


@starts("served")
def test_no_pooled_mean_gives_away_what_is_not_listed(county: County) -> None:
    """The section's mean minus those listed would be the two answers about 乙科员二."""
    result = services.current_result(county.round)
    key = department_key(county.departments[1].pk)
    subject = StoredOutcome.of(result).subjects[key]
    tables = tables_of(result, subject, key)
    (section,) = (one for one in subject.sections if subject.section_name(one) == "审批科")
    hidden = tables.section(section, subject.sections[section].derivation)
    assert hidden["value"] is None
    assert not hidden["parts"]
    assert "÷" not in hidden["because"]
    book = ranking(result)
    rows = [[cell.value for cell in row] for row in book["人员成绩"].iter_rows()]
    (row,) = (row for row in rows if "乙科员二" in row)
    assert "少于5" in row
    (row,) = (
        r
        for r in ([c.value for c in line] for line in book["科室成绩"].iter_rows())
        if r[:2] == ["县乙局", "审批科"]
    )
    assert row[2] is row[3] is None


@starts("served")
def test_no_leader_carries_the_mean_of_a_section_that_is_not_listed(county: County) -> None:
    """乙副局长 takes the score of the section in which two answered on 乙科员二; the grade stands."""
    result = services.current_result(county.round)
    subject = StoredOutcome.of(result).subjects[department_key(county.departments[1].pk)]
    (leader,) = (one for one in subject.members.values() if one.name == "乙副局长")
    (section,) = (one for key, one in subject.sections.items() if subject.section_name(key) == "审批科")
    assert leader.score == section.score is not None
    for role in ("centre_operator", "centre_reviewer", "leading_group", "inspectorate"):
        text = re.sub(r"\s+", " ", page(county, county.users[role], 1).partition("人员")[2])
        told = text.partition("乙副局长")[2].partition("乙科长")[0]
        assert POOLED in told
        assert str(leader.score) not in told
        assert str(leader.grade) in told
    (row,) = (
        [cell.value for cell in line]
        for line in ranking(result)["人员成绩"].iter_rows()
        if line[2].value == "乙副局长"
    )
    assert row[4:7] == [None, None, leader.grade]
