"""Every kind of page in the browser: no violation that axe knows, nothing over the side of the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

from departments.models import DepartmentAlias, Section, StaffMember, Task
from evaluations import services
from evaluations.models import Appeal, Round
from office.models import AuditEntry, Job
from tests.evaluations.county import SERVED, County, at_ten
from tests.evaluations.states import county_at
from tests.journeys.conftest import CountyAt
from tests.kit import officials
from tests.kit.files import small
from tests.kit.look import Look
from tests.kit.officials import sign_in, sign_out, upload
from tests.kit.publishing import publish, show_all
from tests.kit.stored_states import stored

pytestmark = [pytest.mark.journey, pytest.mark.on_postgresql, pytest.mark.timeout(600)]

PUBLIC = """
    / /departments/ /departments/{unit}/ /duties/ /sections/{section}/ /search/?q=甲 /search/?q=nobody
    {result}index.html {result}d{unit}.html {result}d{unit}-persons.html {result}method.html
    /results/all/ /custodian/ /nothing-here/ /v/ /b/{box}/ /check/
    /benefits/ /ratings/ /promises/ /cases/ /lists/
"""
# Who looks → at which pages; some answer that the role may not open them, which is a page as well.
OFFICE = {
    "leading_group": "/office/rounds/appeals/{appeal}/",
    "department_officer": """
        /office/ /office/rounds/own/ {round}appeals/ {round}result/{unit}/
        /office/departments/task/ /office/tasks/{task}/ /office/disclosures/{unit}/
        /office/rounds/new/ /office/import/photos/
    """,
    "inspectorate": """
        /office/office/auditentry/ /office/office/auditblock/ /office/office/auditentry/{audit}/change/
        /office/surveys/controls/ /office/surveys/paper/ /office/manuals/ /office/manuals/inspectorate/
    """,
    "administrator": "/office/office/user/{operator}/change/ /office/account/password/",
    "centre_operator": """
        /office/ /office/rounds/ /office/rounds/new/
        {round} {round}departments/ {round}subjects/ {round}slips/ {round}result/ {round}result/{unit}/
        {round}appeals/ {round}do/end-appeals/ /office/rounds/{open}/do/open/
        /office/rounds/{draft}/ /office/rounds/{draft}/departments/ /office/rounds/{draft}/subjects/
        /office/surveys/{open_survey}/slips/ /office/surveys/slips/
        /office/import/entities/ /office/import/supervision/ /office/import/supervisors/
        /office/exports/ /office/annexes/ /office/annexes/sheets/
        /office/disclosures/ /office/departments/task/add/ /office/departments/task/{task}/change/
        /office/departments/department/ /office/departments/department/add/
        /office/departments/department/{unit}/change/ /office/departments/department/{unit}/delete/
        /office/departments/staffmember/ /office/departments/staffmember/{person}/change/
        /office/departments/staffmember/{person}/delete/ /office/departments/section/{section}/change/
        /office/departments/town/ /office/surveys/marketentity/ /office/surveys/marketentity/add/
        /office/surveys/supervisor/ /office/surveys/supervisor/add/
        /office/evaluations/schemeversion/ /office/evaluations/schemeversion/{scheme}/change/
        /office/office/job/ /office/office/job/{job}/change/
        /office/office/holiday/import/ /office/office/holiday/ /office/nothing-here/
    """,
}


@stored
def served() -> County:
    """Enough answers for every number, distribution and table that a page can show."""
    county = county_at("opened")
    words = ("满意", "满意", "比较满意", "基本满意")
    people = [f"{unit}{post}" for unit in "甲乙" for post in ("科长", "科员一", "科员二")]
    county.vote_all(
        {who: words[(number + place) % 4] for place, who in enumerate(people)} for number in range(24)
    )
    Round.objects.update(persons_public="all")
    counted = county.tally(county.close(county.round))
    county.round = county.serve(county.sign_off(county.compute(counted)))
    return county


@pytest.fixture
def county(at: CountyAt) -> County:
    return at(served)


def paths(table: str, **names: object) -> list[str]:
    return table.format_map(names).split()


def test_pages_of_the_public_have_no_fault_at_any_width_in_big_type_and_on_paper(
    county: County, phone: Page, desk: Page
) -> None:
    """YC-R1, YC-R2, YC-R3."""
    look = Look(phone, desk)
    look.at("/results/")
    publication = publish(county.end_appeals(county.round), county)
    show_all()
    unit = county.departments[0]
    section = Section.objects.get(department=unit, is_leadership=False)
    result = f"/results/{publication.pk}/"
    box = publication.round.survey.public_id
    there = paths(PUBLIC, unit=unit.pk, section=section.pk, result=result, box=box)
    look.at(*there, "/screen/county/")
    look.as_elders_and_on_paper(*(path for path in there if path != "/v/"))
    phone.set_viewport_size({"width": 768, "height": 1024})
    tablet = Look(phone)
    tablet.at(*there)
    look.faults += tablet.faults
    assert not look.faults, "\n".join(look.faults)


def test_pages_of_the_office_have_no_fault(county: County, desk: Page) -> None:
    """The pages of five roles, with a round in every stage that has a page of its own."""
    look = Look(desk)
    look.at("/office/login/")
    names = everything_there_is(county)
    for role, table in OFFICE.items():
        sign_in(desk, role)
        look.at(*paths(table, **names))
        if role != "centre_operator":
            sign_out(desk)
    look_at_an_import(desk, look)
    look_at_a_bulk_deletion(desk, look)
    for name in ("400", "403_csrf", "429", "500"):
        show(desk, name)
        look.here(desk, f"the page of {name}")
    assert not look.faults, "\n".join(look.faults)


def everything_there_is(county: County) -> Mapping[str, object]:
    """One of everything that has a page; returns what the addresses above name."""
    round_, unit = county.round, county.departments[0]
    services.lodge_appeal(
        round_department=round_.departments.all()[0],
        text="请复核有效票数。",
        now=at_ten(SERVED),
        acting_user=county.users["department_officer"],
    )
    open_round = county.prepared(title="下一轮评价", period="2026-Q4")
    draft = county.create(title="再下一轮评价", period="2027-Q1")
    task = Task.objects.create(
        title="补齐照片", department=unit, starts_on=date(2026, 9, 1), due_on=date(2026, 9, 30)
    )
    DepartmentAlias.objects.create(department=unit, name="甲局")
    person = StaffMember.objects.all()[0]
    return {
        "round": f"/office/rounds/{round_.pk}/",
        "scheme": round_.scheme_version_id,
        "appeal": Appeal.objects.get().pk,
        "open": open_round.pk,
        "open_survey": open_round.survey_id,
        "draft": draft.pk,
        "unit": unit.pk,
        "person": person.pk,
        "section": person.section_id,
        "task": task.pk,
        "audit": AuditEntry.objects.all()[0].pk,
        "operator": county.operator.pk,
        "job": Job.objects.create(kind="publication.render").pk,
    }


def look_at_an_import(page: Page, look: Look) -> None:
    look.at("/office/import/roster/")
    page.get_by_label("工作簿中有单位名单以外的单位时，一并新增").check()
    upload(page, "名册.xlsx", officials.roster())
    look.here(page, "the preview of an import")
    page.get_by_role("button", name="按预览导入").click()
    expect(page.get_by_text("名册已导入")).to_be_visible()
    look.here(page, "the result of an import")
    page.goto("/office/import/roster/")
    upload(page, "名册.xlsx", small([["县甲局", "审批科", "", "", "工作人员", "", "", ""]]))
    look.here(page, "the preview of an import with faults")


def look_at_a_bulk_deletion(page: Page, look: Look) -> None:
    page.goto("/office/office/holiday/")
    page.locator("#action-toggle").check()
    page.get_by_label("批量操作").select_option("delete_selected")
    page.get_by_role("button", name="执行").click()
    look.here(page, "whether to delete what is ticked")


def show(page: Page, name: str) -> None:
    """Show the page of a fault as the server sends it, at an address that does not exist."""
    page.route("**/fault/", lambda route: route.fulfill(body=render_to_string(f"{name}.html", {"wait": 30})))
    page.goto("/fault/")
    page.unroute("**/fault/")
