"""Officers who serve firms (首席服务官; WY-R1): links, visits the firm confirms, coverage, over-visiting."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.models import (
    CoveredObject,
    FirmAnswer,
    MatterEvent,
    OfficerLink,
    Reporter,
    ServiceOfficer,
    Visit,
    VisitProblem,
)
from casework.officers import codes, linking, list_import, objects, problems, questionnaires, rules, visiting
from casework.officers.coverage import Share, coverage
from casework.officers.problems import Heard
from casework.officers.quarters import Quarter
from casework.officers.visiting import Told
from casework.officers.workbooks import coverage_as_workbook
from casework.reporters.sealing import opened
from departments.models import Town
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from office.workbench import start_page
from office.workbooks.credit_codes import check_character
from office.workbooks.sheets import open_workbook
from office.workbooks.writing import workbook
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db
SINCE = date(2025, 1, 1)
Q1 = Quarter(2026, 1)


def firm_code(number: int) -> str:
    body = f"91411121MA{number:07d}"
    return body + check_character(body)


class County:
    """A desk with officers and a list; each step is one call."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.centre = self.desk.operator
        self.stored = rules.in_use().rules
        self.officers: list[ServiceOfficer] = []

    def officer(self, name: str) -> ServiceOfficer:
        user = User.objects.create_user(name, role=Role.SERVICE_OFFICER)
        made = linking.appoint_officer(user=user, unit=self.desk.unit, acting_user=self.centre)
        self.officers.append(made)
        return made

    def firm(self, number: int = 1, kind: str = "enterprise") -> CoveredObject:
        return objects.keep_object(
            covered=None,
            kind=kind,
            name=f"示范对象{number}号",
            credit_code=firm_code(number) if kind == "enterprise" else "",
            active_from=SINCE,
            acting_user=self.centre,
        )

    def link(
        self, covered: CoveredObject, officer: ServiceOfficer, day: date = SINCE, **more: Any
    ) -> OfficerLink:
        return linking.link_officer(
            covered=covered, officer=officer, from_day=day, acting_user=self.centre, **more
        )

    def visit(self, covered: CoveredObject, on: str, now: str = "", **more: Any) -> Visit:
        """Enter a visit of the object's first officer on the day itself, by that officer."""
        by = more.pop("by", None)
        officer = more.pop("officer", None)
        unit = more.pop("unit", None)
        if officer is None and unit is None:
            officer = covered.links.earliest("id").officer
        told = {"way": "on_site", "met": "principal", "topics": ["business"], **more}
        return visiting.enter_visit(
            covered=covered,
            told=Told(on=date.fromisoformat(on), **told),
            officer=officer,
            unit=unit,
            now=at(now or f"{on}T16:00"),
            acting_user=by or (officer.user if officer else self.centre),
        )

    def coverage(self, now: str, quarter: Quarter = Q1) -> Any:
        return coverage(quarter, stored=self.stored, now=at(now))


@pytest.fixture
def county(db: None) -> County:
    return County()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def many(county: County) -> list[CoveredObject]:
    """40 firms, 5 streets, 2 parks, 46 of them linked with ten officers, as CSO-01 has it."""
    kinds = ["enterprise"] * 40 + ["street"] * 5 + ["park"] * 2
    made = CoveredObject.objects.bulk_create(
        CoveredObject(
            kind=kind,
            name=f"示范{number:02d}",
            credit_code=firm_code(number) if kind == "enterprise" else "",
            active_from=SINCE,
        )
        for number, kind in enumerate(kinds)
    )
    officers = [county.officer(f"officer{number}") for number in range(10)]
    OfficerLink.objects.bulk_create(
        OfficerLink(object=one, officer=officers[number // 5], from_day=SINCE)
        for number, one in enumerate(made[:46])
    )
    Visit.objects.bulk_create(
        Visit(
            object=one,
            officer=officers[number // 5],
            is_own=True,
            on=date(2026, 2, 3),
            counts_on=date(2026, 2, 3),
            way="on_site",
            met="principal",
            entered_at=at("2026-02-03T16:00"),
            entered_by=county.centre,
        )
        for number, one in enumerate(made[:44])
    )
    return made


def test_full_coverage_means_all_with_the_gaps_by_name(
    county: County, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WY-R1, CSO-01: 46 and 44 of 47 are 97.87 and 93.62; three names are missing; not full."""
    made = many(county)
    with django_assert_max_num_queries(6):
        found = county.coverage("2026-03-31T16:00")
    assert (found.linked.percent, found.visited.percent) == ("97.87", "93.62")
    assert (found.linked.fraction, found.visited.fraction) == ("46/47", "44/47")
    assert not found.is_full
    assert [row.gap for row in found.gaps] == ["未走访", "未走访", "无人挂联，未走访"]

    client = browser(county.centre)
    with django_assert_max_num_queries(24):
        page = client.get(reverse("casework:officers"), {"quarter": "2026-Q1"}).content.decode()
    assert "97.87%" in page
    assert "44/47" in page
    assert all(str(one) in page for one in made[44:])
    assert "还差 3 个对象" in page

    sheets = {sheet.name: list(sheet.rows(100)) for sheet in open_workbook(coverage_as_workbook(found))}
    assert sheets["覆盖情况"][-1][:6] == ("合计", "97.87", "46/47", "93.62", "44/47", "否")
    assert sum(bool(row[9]) for row in sheets["对象"][1:]) == 3
    answer = client.get(reverse("casework:officers-workbook"), {"quarter": "2026-Q1"})
    assert answer.content[:2] == b"PK"


@pytest.mark.parametrize(
    ("part", "whole", "percent", "full"),
    [(47, 47, "100.00", True), (29999, 30000, "99.99", False), (0, 3, "0.00", False), (0, 0, "—", False)],
)
def test_a_share_never_rounds_up_to_full(part: int, whole: int, percent: str, full: bool) -> None:
    """WY-R1: full is all of them; nothing to count is no figure."""
    assert (Share(part, whole).percent, Share(part, whole).is_full) == (percent, full)


def reminded(user: User) -> list[str]:
    return [one.text for one in start_page.reminders_and_panels(user)[0]]


def test_an_object_is_nobodys_a_minute_after_the_handover(
    county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WY-R1, CSO-04: who left on 10 March has to be followed by 17 March 17:00; their visits stay theirs."""
    covered, former = county.firm(), county.officer("former")
    link = county.link(covered, former)
    county.visit(covered, "2026-03-02")
    linking.leave_post(officer=former, on=date(2026, 3, 10), reason="离任", acting_user=county.centre)
    link.refresh_from_db()
    assert link.handover_due_at == at("2026-03-17T17:00")

    def standing(now: str) -> str:
        monkeypatch.setattr(timezone, "now", lambda: at(now))
        (row,) = county.coverage(now).objects
        return row.standing.in_words

    assert standing("2026-03-17T17:00") == "待接任（2026年3月17日 17:00截止）"
    assert reminded(county.centre) == []
    assert standing("2026-03-17T17:01") == "无人挂联"
    assert reminded(county.centre) == ["1 个挂联对象无人挂联"]

    at_the_end = county.coverage("2026-04-02T09:00")
    assert at_the_end.linked.fraction == "0/1"
    assert at_the_end.visited.fraction == "1/1"
    assert [row.visits for row in at_the_end.officers if row.officer == former] == [1]
    with pytest.raises(Refused, match="已经离任"):
        county.link(covered, former, date(2026, 4, 1))
    county.link(covered, county.officer("next"), date(2026, 3, 20))
    assert county.coverage("2026-04-02T09:00").linked.fraction == "1/1"


def test_an_officer_has_five_objects_and_an_object_one_officer(county: County) -> None:
    """WY-R1: how many is said by the rules, not by the program."""
    officer, other = county.officer("first"), county.officer("second")
    firms = [county.firm(number) for number in range(6)]
    for covered in firms[:5]:
        county.link(covered, officer)
    with pytest.raises(Refused, match="已经挂联5个对象"):
        county.link(firms[5], officer)
    with pytest.raises(Refused, match="已有服务官挂联"):
        county.link(firms[0], other)
    with pytest.raises(Refused, match="同一人"):
        county.link(firms[5], other, deputy=other)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        linking.link_officer(covered=firms[5], officer=other, from_day=SINCE, acting_user=officer.user)


def test_what_counts_is_on_site_by_the_officer_once_a_day(county: County) -> None:
    """WY-R1: calls are contacts; a deputy's visit counts for the object, not for the officer."""
    covered, officer, deputy = county.firm(), county.officer("own"), county.officer("deputy")
    county.link(covered, officer, deputy=deputy)
    county.visit(covered, "2026-01-13", way="phone")
    county.visit(covered, "2026-01-14", way="message")
    found = county.coverage("2026-01-15T09:00")
    assert (found.visited.fraction, found.objects[0].contacts) == ("0/1", 2)
    county.visit(covered, "2026-01-20", officer=deputy)
    found = county.coverage("2026-01-21T09:00")
    own = next(row for row in found.officers if row.officer == officer)
    assert found.visited.fraction == "1/1"
    assert own.share.fraction == "0/1"
    county.visit(covered, "2026-02-03")
    with pytest.raises(Refused, match="已经录入"):
        county.visit(covered, "2026-02-03")
    own = next(row for row in county.coverage("2026-02-04T09:00").officers if row.officer == officer)
    assert (own.share.fraction, own.visits) == ("1/1", 1)
    with pytest.raises(Refused, match="当日您没有挂联"):
        county.visit(county.firm(2), "2026-02-03", officer=deputy)
    with pytest.raises(Refused, match="只能录入本人"):
        county.visit(covered, "2026-02-04", by=deputy.user)
    with pytest.raises(Refused, match="晚于今天"):
        county.visit(covered, "2026-02-05", now="2026-02-04T09:00")
    with pytest.raises(Refused, match="不填姓名"):
        county.visit(covered, "2026-02-06", met="示范甲")


@pytest.mark.parametrize(
    ("entered", "quarter", "is_late"),
    [("2026-04-07T17:00", Quarter(2026, 1), False), ("2026-04-07T17:01", Quarter(2026, 2), True)],
)
def test_a_late_entry_counts_for_the_quarter_of_its_entry(
    county: County, entered: str, quarter: Quarter, is_late: bool
) -> None:
    """WY-R1: 30 March and five working days, past Qingming, is 7 April at close of business."""
    covered = county.firm()
    county.link(covered, county.officer("own"))
    visit = county.visit(covered, "2026-03-30", now=entered)
    assert visit.is_late is is_late
    for one in (Quarter(2026, 1), Quarter(2026, 2)):
        assert county.coverage("2026-06-30T17:00", one).visited.is_full is (one == quarter)


def test_the_third_visit_of_a_month_needs_a_reason_whoever_comes(county: County) -> None:
    """WY-R1: two of the officer's and one of another unit are three; the next month begins anew."""
    covered = county.firm()
    county.link(covered, county.officer("own"))
    county.visit(covered, "2026-03-03")
    county.visit(covered, "2026-03-04", unit=county.desk.other_unit)
    with pytest.raises(Refused, match="这是第3次"):
        county.visit(covered, "2026-03-31")
    assert county.coverage("2026-03-31T17:00").too_many == []
    county.visit(covered, "2026-03-31", way="phone")
    county.visit(covered, "2026-03-31", reason="企业请求现场协调用电")
    county.visit(covered, "2026-04-01")
    (listed,) = county.coverage("2026-04-02T09:00").too_many
    assert (listed.in_month, listed.reason) == (3, "企业请求现场协调用电")
    page = browser(county.desk.inspector).get(reverse("casework:officers"), {"quarter": "2026-Q1"})
    assert "企业请求现场协调用电" in page.content.decode()


def test_the_firm_confirms_by_its_own_code_without_a_login(county: County) -> None:
    """WY-R1: stars or a denial, once; a code handed out anew or stopped opens nothing any more."""
    covered = county.firm()
    county.link(covered, county.officer("own"))
    done, never = county.visit(covered, "2026-02-03"), county.visit(covered, "2026-02-04")
    centre = browser(county.centre)
    paper = centre.post(reverse("casework:covered-object-code", args=[covered.pk])).content.decode()
    code = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", paper)
    assert code is not None
    assert codes.plain(code[0]) not in str(AuditEntry.objects.values_list("after", "object_label"))
    phone = Client()
    answer = phone.post(reverse("casework:firm-enter"), {"code": code[0].lower().replace("-", " ")})
    address = answer["Location"]
    assert "待确认的走访" in phone.get(address).content.decode()
    assert phone.post(address, {"visit": done.pk, "happened": "yes"}).status_code == 422
    phone.post(address, {"visit": done.pk, "happened": "yes", "stars": "4"})
    phone.post(address, {"visit": never.pk, "happened": "no", "stars": "5"})
    assert phone.post(address, {"visit": never.pk, "happened": "yes", "stars": "5"}).status_code == 422
    assert not phone.cookies
    done.refresh_from_db()
    never.refresh_from_db()
    assert (done.answer, done.stars, never.answer, never.stars) == ("true", 4, "false", None)
    found = county.coverage("2026-03-01T09:00")
    assert (found.objects[0].days, found.objects[0].confirmed) == ({date(2026, 2, 3)}, 1)
    assert list(found.denied) == [never]
    centre.post(reverse("casework:covered-object", args=[covered.pk]), {"do": "kill"})
    assert phone.get(address).status_code == 404
    assert phone.post(reverse("casework:firm-enter"), {"code": code[0]}).status_code == 404


def test_a_problem_becomes_a_matter_and_the_firm_stays_sealed(county: County) -> None:
    """WY-R1: nothing but the sealed reporter says which firm; the officer stays owner, says what he did."""
    covered, officer = county.firm(), county.officer("own")
    county.link(covered, officer)
    heard = Heard(
        title="厂区配套电力增容缓慢",
        text="某企业申请增容两个月没有答复。",
        level="hard",
        own_deed="当场联系供电窗口。",
    )
    named = Heard(title="用电", text=f"{covered.name}申请增容。", level="hard")
    with pytest.raises(Refused, match="没有同意公开名称"):
        county.visit(covered, "2026-03-03", heard=named)
    assert not Visit.objects.exists()
    visit = county.visit(covered, "2026-03-03", heard=heard, now="2026-03-04T17:00")
    problem = VisitProblem.objects.get(visit=visit)
    assert problem.matter.source == county.stored.problems.channel
    assert not problem.is_late
    assert covered.name in opened(Reporter.objects.get(matter=problem.matter))["firm"]
    assert covered.name not in f"{problem.matter.text}{problem.matter.title}{problem.matter.fields}"
    assert covered.name not in str(list(MatterEvent.objects.values_list("text", "data")))
    about_matter = AuditEntry.objects.filter(object_label__startswith=problem.matter.number)
    assert about_matter.exists()
    assert not any(covered.name in f"{one.after}{one.object_label}" for one in about_matter)
    late = county.visit(covered, "2026-03-09", heard=heard, now="2026-03-10T17:01")
    assert late.problem.is_late

    phone = browser(officer.user)
    page = phone.get(reverse("casework:visit-problem", args=[problem.pk])).content.decode()
    assert "当场联系供电窗口。" in page
    assert str(officer) in page
    phone.post(
        reverse("casework:visit-problem", args=[problem.pk]),
        {"on": "2026-03-05", "text": "陪同到窗口补交材料"},
    )
    assert problem.deeds.count() == 2
    other = county.officer("other")
    assert browser(other.user).get(reverse("casework:visit-problem", args=[problem.pk])).status_code == 404
    with pytest.raises(Refused, match="其他服务官负责"):
        problems.note_deed(
            problem=problem,
            on=date(2026, 3, 5),
            text="代办",
            now=at("2026-03-06T09:00"),
            acting_user=other.user,
        )
    linking.end_link(
        link=covered.links.get(), on=date(2026, 3, 12), reason="调整分工", acting_user=county.centre
    )
    county.link(covered, other, date(2026, 3, 13))
    problem.refresh_from_db()
    visit.refresh_from_db()
    assert (problem.owner, visit.officer) == (other, officer)


def test_questionnaires_have_versions_that_answers_keep(county: County) -> None:
    """WY-R1: on the officer's phone or the firm's own; what is no choice is refused."""
    covered, officer = county.firm(), county.officer("own")
    county.link(covered, officer)
    centre = browser(county.centre)
    address = reverse("casework:firm-questionnaire")
    centre.post(address, {"title": "企业需求问卷", "lines": "用工是否紧张：紧张、不紧张\n最需要的帮助"})
    first = questionnaires.active()
    assert first is not None
    phone = browser(officer.user)
    phone.post(reverse("casework:officer-ask", args=[covered.pk]), {"q0": "紧张", "q1": "招聘"})
    centre.post(address, {"title": "企业需求问卷", "lines": "融资是否顺利：顺利、不顺利"})
    code = codes.give_code(covered=covered, now=at("2026-03-03T09:00"), acting_user=county.centre)
    firm = reverse("casework:firm", args=[codes.plain(code)])
    assert Client().post(firm, {"answer": "1", "q0": "紧张"}).status_code == 422
    Client().post(firm, {"answer": "1", "q0": "顺利"})
    assert Client().post(firm, {"answer": "1", "q0": "顺利"}).status_code == 422
    assert [
        (one.questionnaire.version, one.officer, one.pairs) for one in FirmAnswer.objects.order_by("id")
    ] == [
        (1, officer, [("用工是否紧张", "紧张"), ("最需要的帮助", "招聘")]),
        (2, None, [("融资是否顺利", "顺利")]),
    ]
    assert "企业自填" in centre.get(reverse("casework:covered-object", args=[covered.pk])).content.decode()


HEAD = ("类别", "名称", "统一社会信用代码", "镇（街）", "纳入日期", "退出日期")


def test_the_list_comes_in_from_a_workbook_or_not_at_all(county: County) -> None:
    """WY-R1: kinds, codes and towns are checked; a second import changes what it names and nothing else."""
    Town.objects.create(name="示范镇")
    rows = [
        ("规上企业", "示范甲公司", firm_code(1), "示范", date(2026, 1, 1), None),
        ("重点街区", "示范老街", "", "示范镇", date(2026, 1, 1), None),
    ]
    bad = [
        *rows,
        ("规上企业", "示范乙公司", firm_code(2)[:-1] + "X", "", None, None),
        ("规上企业", "示范丙公司", "", "无名镇", None, None),
        ("龙头企业", "示范甲公司", "", "", None, None),
    ]
    preview = list_import.preview_objects(content=workbook("名单", HEAD, bad), acting_user=county.centre)
    assert {fault.row for fault in preview.faults} == {4, 5, 6}
    with pytest.raises(Refused, match="需要更正"):
        list_import.import_objects(
            content=workbook("名单", HEAD, bad), file_name="x.xlsx", acting_user=county.centre
        )
    content = workbook("名单", HEAD, rows)
    list_import.import_objects(content=content, file_name="x.xlsx", acting_user=county.centre)
    again = list_import.import_objects(content=content, file_name="x.xlsx", acting_user=county.centre)
    assert (again.unchanged, CoveredObject.objects.count()) == (2, 2)
    ended = [("规上企业", "示范甲公司", firm_code(1), "", None, date(2026, 3, 31))]
    list_import.import_objects(
        content=workbook("名单", HEAD, ended), file_name="y.xlsx", acting_user=county.centre
    )
    assert len(county.coverage("2026-03-31T17:00").objects) == 2
    assert len(county.coverage("2026-04-01T09:00", Quarter(2026, 2)).objects) == 1


def test_an_officer_works_on_a_phone_and_sees_only_their_own(county: County) -> None:
    """WY-R1: my firms, a visit with its problem, refusals beside the form; other officers' are not there."""
    covered, other = county.firm(), county.firm(2)
    officer = county.officer("own")
    county.link(covered, officer)
    phone = browser(officer.user)
    page = phone.get(reverse("casework:officer-mine")).content.decode()
    assert covered.name in page
    assert other.name not in page
    assert "本季度尚未上门走访" in page
    address = reverse("casework:officer-visit", args=[covered.pk])
    today = timezone.localdate().isoformat()
    sent = {
        "on": today,
        "way": "on_site",
        "met": "principal",
        "topics": ["business", "land"],
        "level": "hard",
    }
    assert phone.post(address, {**sent, "has_problem": "yes"}).status_code == 200
    assert not Visit.objects.exists()
    problem = {"has_problem": "yes", "title": "用地手续", "text": "某企业用地手续停在一个环节。"}
    assert phone.post(address, {**sent, **problem}).status_code == 302
    visit = Visit.objects.get()
    assert (visit.is_own, visit.topics, visit.problem.owner) == (True, ["business", "land"], officer)
    assert phone.get(reverse("casework:officer-visit", args=[other.pk])).status_code == 404
    assert phone.get(reverse("casework:officers")).status_code == 403
    assert "本季度已上门走访" in phone.get(reverse("casework:officer-mine")).content.decode()
    assert "跟进走访问题" in phone.get("/office/").content.decode()
    centre = browser(county.centre)
    page = centre.get(reverse("casework:covered-object", args=[covered.pk])).content.decode()
    assert str(officer) in page
    assert visit.problem.matter.number in page


def test_the_centre_keeps_objects_and_officers_on_pages(county: County) -> None:
    """WY-R1: an object that is linked stays on the list until the link has ended."""
    officer = county.officer("own")
    spare = User.objects.create_user("spare", role=Role.SERVICE_OFFICER)
    centre = browser(county.centre)
    centre.post(reverse("casework:officers-list"), {"user": spare.pk, "unit": county.desk.unit.pk})
    assert ServiceOfficer.objects.filter(user=spare).exists()
    sent = {"kind": "enterprise", "name": "示范甲公司", "active_from": "2026-01-01"}
    new = reverse("casework:covered-object-new")
    assert "须填写统一社会信用代码" in centre.post(new, sent).content.decode()
    centre.post(new, {**sent, "credit_code": firm_code(7)})
    covered = CoveredObject.objects.get()
    address = reverse("casework:covered-object", args=[covered.pk])
    centre.post(address, {"do": "link", "officer": officer.pk, "from_day": "2026-01-05"})
    link = OfficerLink.objects.get()
    with pytest.raises(Refused, match="还有服务官挂联"):
        objects.end_object(covered=covered, on=date(2026, 3, 1), acting_user=county.centre)
    centre.post(address, {"do": "unlink", "link": link.pk, "on": "2026-03-02", "reason": "调整分工"})
    link.refresh_from_db()
    assert link.handover_due_at == at("2026-03-09T17:00")
    centre.post(address, {"do": "end", "on": "2026-03-31"})
    covered.refresh_from_db()
    assert covered.ended_on == date(2026, 3, 31)
    assert browser(county.desk.leader).post(address, {"do": "kill"}).status_code in (200, 403)
    assert centre.get(reverse("casework:covered-objects"), {"q": "示范甲"}).status_code == 200
    assert centre.get(reverse("casework:officer", args=[officer.pk])).status_code == 200
