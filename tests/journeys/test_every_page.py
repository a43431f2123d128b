"""Every kind of page in the browser: no violation that axe knows, nothing over the side of the screen."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from departments.models import DepartmentAlias, Section, StaffMember, Task
from evaluations import services
from evaluations.models import Appeal
from office.models import AuditEntry, Job
from tests.departments.workbooks import small
from tests.evaluations.county import SERVED, County
from tests.kit import officials
from tests.kit.look import Look
from tests.kit.officials import sign_in, sign_out, upload
from tests.kit.publishing import publish, ready, show_all

pytestmark = [pytest.mark.journey, pytest.mark.on_postgresql, pytest.mark.timeout(600)]


def full_ballots() -> list[dict[str, str]]:
    """Enough answers for every number, distribution and table that a page can show."""
    words = ("满意", "满意", "比较满意", "基本满意")
    people = [f"{unit}{post}" for unit in "甲乙" for post in ("科长", "科员一", "科员二")]
    return [{who: words[(number + place) % 4] for place, who in enumerate(people)} for number in range(24)]


def test_pages_of_the_public(county: County, phone: Page, desk: Page) -> None:
    """YC-R1, YC-R2, YC-R3."""
    look = Look(phone, desk)
    look.at("/results/")
    unit = county.departments[0]
    section = Section.objects.get(department=unit, is_leadership=False)
    publication = publish(ready(county, persons_public="all", ballots=full_ballots()), county)
    result = f"/results/{publication.pk}/"
    show_all()
    look.at(
        "/",
        "/departments/",
        f"/departments/{unit.pk}/",
        "/duties/",
        f"/sections/{section.pk}/",
        "/search/?q=甲",
        "/search/?q=nobody",
        f"{result}index.html",
        f"{result}d{unit.pk}.html",
        f"{result}d{unit.pk}-persons.html",
        f"{result}method.html",
        "/results/all/",
        "/nothing-here/",
        "/v/",
    )
    assert not look.faults, "\n".join(look.faults)


def test_pages_of_the_office(county: County, desk: Page) -> None:
    """The centre's and the department's pages, with a round in every stage that has a page of its own."""
    look = Look(desk)
    look.at("/office/login/")
    open_round = county.prepared(title="下一轮评价", period="2026-Q4")
    round_ = county.served(ballots=full_ballots())
    draft = county.create(title="再下一轮评价", period="2027-Q1")
    services.lodge_appeal(
        round_department=round_.departments.all()[0],
        text="请复核有效票数。",
        today=SERVED,
        acting_user=county.users["department_officer"],
    )
    base, unit = f"/office/rounds/{round_.pk}/", county.departments[0].pk
    appeal = Appeal.objects.get()

    sign_in(desk, "centre_reviewer")
    look.at(f"/office/rounds/appeals/{appeal.pk}/")
    sign_out(desk)
    sign_in(desk, "department_officer")
    task = Task.objects.create(
        title="补齐照片", department_id=unit, starts_on=date(2026, 9, 1), due_on=date(2026, 9, 30)
    )
    look.at("/office/", "/office/rounds/own/", f"{base}appeals/", f"{base}result/{unit}/")
    look.at("/office/departments/task/", f"/office/tasks/{task.pk}/", f"/office/disclosures/{unit}/")
    look.at("/office/rounds/new/", "/office/import/photos/")  # the former is not for a department
    sign_out(desk)
    sign_in(desk, "inspectorate")
    look.at("/office/office/auditentry/", "/office/office/auditblock/", "/office/surveys/controls/")
    look.at(f"/office/office/auditentry/{AuditEntry.objects.all()[0].pk}/change/", "/office/surveys/paper/")
    look.at("/office/manuals/", "/office/manuals/inspectorate/")
    sign_out(desk)
    sign_in(desk, "administrator")
    look.at(f"/office/office/user/{county.operator.pk}/change/", "/office/account/password/")
    sign_out(desk)

    DepartmentAlias.objects.create(department_id=unit, name="甲局")
    sign_in(desk, "centre_operator")
    look.at(
        "/office/",
        "/office/rounds/",
        "/office/rounds/new/",
        base,
        f"{base}departments/",
        f"{base}subjects/",
        f"{base}slips/",
        f"{base}result/",
        f"{base}result/{unit}/",
        f"{base}appeals/",
        f"{base}do/end-appeals/",
        f"/office/rounds/{open_round.pk}/do/open/",
        f"/office/rounds/{draft.pk}/",
        f"/office/rounds/{draft.pk}/departments/",
        f"/office/rounds/{draft.pk}/subjects/",
        f"/office/surveys/{open_round.survey_id}/slips/",
        "/office/surveys/slips/",
        "/office/import/entities/",
        "/office/import/supervision/",
        "/office/import/supervisors/",
        "/office/exports/",
        "/office/annexes/",
        "/office/annexes/sheets/",
        "/office/import/roster/",
    )
    desk.get_by_label("工作簿中有单位名单以外的单位时，一并新增").check()
    upload(desk, "名册.xlsx", officials.roster())
    look.here(desk, "the preview of an import")
    desk.get_by_role("button", name="按预览导入").click()
    expect(desk.get_by_text("名册已导入")).to_be_visible()
    look.here(desk, "the result of an import")
    desk.goto("/office/import/roster/")
    upload(desk, "名册.xlsx", small([["县甲局", "审批科", "", "", "工作人员", "", "", ""]]))
    look.here(desk, "the preview of an import with faults")
    person = StaffMember.objects.all()[0]
    look.at(
        "/office/disclosures/",
        "/office/departments/task/add/",
        f"/office/departments/task/{task.pk}/change/",
        "/office/departments/department/",
        f"/office/departments/department/{unit}/change/",
        "/office/departments/department/add/",
        "/office/departments/staffmember/",
        f"/office/departments/staffmember/{person.pk}/delete/",
        f"/office/departments/department/{unit}/delete/",
        f"/office/departments/staffmember/{person.pk}/change/",
        f"/office/departments/section/{person.section_id}/change/",
        "/office/departments/town/",
        "/office/surveys/marketentity/",
        "/office/surveys/marketentity/add/",
        "/office/surveys/supervisor/",
        "/office/surveys/supervisor/add/",
        "/office/evaluations/schemeversion/",
        f"/office/evaluations/schemeversion/{round_.scheme_version_id}/change/",
        f"/office/office/job/{Job.objects.create(kind='publication.render').pk}/change/",
        "/office/office/job/",
        "/office/office/holiday/import/",
        "/office/office/holiday/",
        "/office/nothing-here/",
    )
    desk.goto("/office/office/holiday/")
    desk.locator("#action-toggle").check()
    desk.get_by_label("批量操作").select_option("delete_selected")
    desk.get_by_role("button", name="执行").click()
    look.here(desk, "whether to delete what is ticked")
    for name in ("400", "403_csrf", "429", "500"):
        show(desk, name)
        look.here(desk, f"the page of {name}")
    assert not look.faults, "\n".join(look.faults)


def show(page: Page, name: str) -> None:
    """Show a page that stands for a fault as the server sends it, at an address that does not exist."""
    page.route("**/fault/", lambda route: route.fulfill(body=render_to_string(f"{name}.html", {"wait": 30})))
    page.goto("/fault/")
    page.unroute("**/fault/")
