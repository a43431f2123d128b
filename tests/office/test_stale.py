"""Two officials edit the same thing: the second is told who changed what, and nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from departments.models import Department, Membership, Section, ServiceItem, StaffMember
from office.models import AuditEntry, Session, User
from office.roles import Role
from tests.kit.people import person, sign_in


def desk(role: Role, name: str, department: Department | None = None) -> Client:
    user = person(role)
    User.objects.filter(pk=user.pk).update(first_name=name)
    if department:
        Membership.objects.create(user=user, department=department)
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def form_of(response: HttpResponse) -> dict[str, Any]:
    """What a browser would send back without any change, inlines and hidden fields included."""
    context: Any = response.context  # type: ignore[attr-defined]
    sent: dict[str, Any] = {"seen_mark": context["seen_mark"]}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is True:
                sent[bound.html_name] = "on"
            elif value is not None and value is not False and "photo" not in bound.html_name:
                sent[bound.html_name] = value
    return sent


class Office:
    """One department, its officer and a centre official, both with pages open."""

    def __init__(self) -> None:
        self.unit = Department.objects.create(name="县甲局")
        self.section = Section.objects.create(department=self.unit, name="审批科")
        self.person = StaffMember.objects.create(
            department=self.unit, section=self.section, name="张甲", kind="staff", post="科员"
        )
        self.item = ServiceItem.objects.create(section=self.section, name="示例许可", time_limit="5个工作日")
        self.centre = desk(Role.CENTRE_OPERATOR, "中心某")
        self.officer = desk(Role.DEPARTMENT_OFFICER, "部门某", self.unit)
        self.of_person = f"/office/departments/staffmember/{self.person.pk}/change/"
        self.of_section = f"/office/departments/section/{self.section.pk}/change/"


@pytest.fixture
def office(db: None) -> Office:
    return Office()


@pytest.mark.both_databases
def test_the_second_editor_is_refused_and_told_who_changed_what(office: Office) -> None:
    first, second = (
        form_of(office.centre.get(office.of_person)),
        form_of(office.officer.get(office.of_person)),
    )
    assert office.centre.post(office.of_person, {**first, "post": "副科长"}).status_code == 302

    answer = office.officer.post(office.of_person, {**second, "post": "科长", "note": "借调"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "您填写的内容没有保存，他人的修改没有被覆盖" in text
    assert "中心某（评价中心经办）于" in text
    assert "职务（岗位）：科员 → 副科长" in text
    assert "重新打开本页" in text
    assert 'value="借调"' in text, "what was typed is still there"
    office.person.refresh_from_db()
    assert (office.person.post, office.person.note) == ("副科长", "")

    # Sending it once more does not help; opening the page again does.
    office.officer.post(office.of_person, {**second, "note": "借调"})
    office.person.refresh_from_db()
    assert office.person.note == ""
    again = form_of(office.officer.get(office.of_person))
    assert office.officer.post(office.of_person, {**again, "note": "借调"}).status_code == 302
    office.person.refresh_from_db()
    assert (office.person.post, office.person.note) == ("副科长", "借调")
    assert AuditEntry.objects.filter(verb="修改").count() == 2


def test_a_change_outside_the_own_form_does_not_stop_the_second_editor(office: Office) -> None:
    """Who is judged is not on a department's form."""
    sent = form_of(office.officer.get(office.of_person))
    StaffMember.objects.filter(pk=office.person.pk).update(is_judged=False)
    assert office.officer.post(office.of_person, {**sent, "post": "科长"}).status_code == 302
    office.person.refresh_from_db()
    assert (office.person.post, office.person.is_judged) == ("科长", False)


@pytest.mark.both_databases
def test_a_change_by_import_is_reported_to_the_second_editor(office: Office) -> None:
    sent = form_of(office.officer.get(office.of_person))
    StaffMember.objects.filter(pk=office.person.pk).update(post="主任")
    text = office.officer.post(office.of_person, sent).content.decode()
    assert "修改由表格导入或由系统完成" in text


def changed_row(office: Office, sent: dict[str, Any]) -> None:
    office.centre.post(office.of_section, {**sent, "items-0-time_limit": "3个工作日"})


def removed_row(office: Office, sent: dict[str, Any]) -> None:
    office.centre.post(office.of_section, {**sent, "items-0-DELETE": "on"})


def added_row(office: Office, sent: dict[str, Any]) -> None:
    more = {"items-TOTAL_FORMS": 2, "items-1-name": "示例备案", "items-1-order": 2, "items-1-id": ""}
    office.centre.post(office.of_section, {**sent, **more})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("act", "words"),
    [
        (changed_row, "修改事项“示例许可”：办理时限：5个工作日 → 3个工作日"),
        (removed_row, "删除事项“示例许可”"),
        (added_row, "新增事项“示例备案”"),
    ],
)
def test_a_change_of_an_inline_row_stops_the_second_editor(
    office: Office, act: Callable[[Office, dict[str, Any]], None], words: str
) -> None:
    first, second = (form_of(client.get(office.of_section)) for client in (office.centre, office.officer))
    untouched = list(ServiceItem.objects.values())
    act(office, first)
    before = list(ServiceItem.objects.values())
    assert before != untouched
    text = office.officer.post(office.of_section, {**second, "items-0-time_limit": "即办"}).content.decode()
    assert words in text
    assert list(ServiceItem.objects.values()) == before


def test_an_unchanged_page_is_saved(office: Office) -> None:
    sent = form_of(office.officer.get(office.of_section))
    assert office.officer.post(office.of_section, {**sent, "items-0-time_limit": "即办"}).status_code == 302
    office.item.refresh_from_db()
    assert office.item.time_limit == "即办"


def test_saving_a_deleted_object_says_that_it_is_gone(office: Office) -> None:
    sent = form_of(office.officer.get(office.of_person))
    office.person.delete()
    assert "可能已被删除" in office.officer.post(office.of_person, sent, follow=True).content.decode()


def test_a_login_in_between_is_no_change_of_the_account(office: Office) -> None:
    keeper = desk(Role.ADMINISTRATOR, "管理员某")
    user = person(Role.PAPER_CLERK)
    url = f"/office/office/user/{user.pk}/change/"
    sent = form_of(keeper.get(url))
    sign_in(user.username)
    assert keeper.post(url, {**sent, "first_name": "甲"}).status_code == 302


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_edits_one_is_saved() -> None:
    office = Office()
    sent = form_of(office.centre.get(office.of_person))
    users = [person(Role.CENTRE_REVIEWER, f"r{number}") for number in range(8)]
    start = Barrier(len(users))

    def save(user: User) -> int:
        client = Client()
        client.force_login(user)
        start.wait()
        try:
            return client.post(office.of_person, {**sent, "post": user.username}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as threads:
        answers = sorted(threads.map(save, users))
    assert answers == [200] * 7 + [302]
    assert AuditEntry.objects.filter(verb="修改", object_type="工作人员").count() == 1


# --- Sessions after a change of role ------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"role": Role.PAPER_CLERK}, {"is_active": False}])
def test_a_user_whose_role_changes_or_who_is_retired_must_sign_in_again(
    db: None, change: dict[str, Any]
) -> None:
    keeper = desk(Role.ADMINISTRATOR, "管理员某")
    user = person(Role.DEPARTMENT_OFFICER)
    theirs = sign_in(user.username)
    assert theirs.get("/office/").status_code == 200
    url = f"/office/office/user/{user.pk}/change/"
    sent = {**form_of(keeper.get(url)), **change}
    if change.get("is_active") is False:
        del sent["is_active"]
    assert keeper.post(url, sent).status_code == 302
    assert theirs.get("/office/").status_code == 302
    assert not Session.objects.filter(user=user).exists()
