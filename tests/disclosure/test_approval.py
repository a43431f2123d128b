"""Identity and duties on their way to the public, through the pages of each role (YC-R1, YC-R2)."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.conf import settings as here
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from docx import Document
from PIL import Image

from departments.models import Department, Membership, Section, ServiceItem, StaffMember
from departments.roster.annexes import annex_lines
from disclosure.approval.printed_annexes import take_for_posting
from disclosure.models import DisclosureVersion, Publication
from office.models import AuditEntry, Job, User
from office.roles import Role
from tests.disclosure.states import published
from tests.evaluations.county import make_department
from tests.kit.publishing import show_all

pytestmark = pytest.mark.django_db
BASE = "/office/disclosures/"
S = DisclosureVersion.State


def at_desk(role: Role, department: Department | None = None, name: str = "") -> Client:
    user = User.objects.create_user(name or role.value, role=role)
    if department:
        Membership.objects.create(user=user, department=department)
    client = Client()
    client.force_login(user)
    return client


def picture(color: str) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 40), color).save(out, "JPEG")
    return SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "|", answer.content.decode()))


class Office:
    """Two departments, the desks of one of them and of the centre; the public looks on."""

    def __init__(self) -> None:
        self.unit, self.other = make_department("县甲局", 1), make_department("县乙局", 2)
        self.officer = at_desk(Role.DEPARTMENT_OFFICER, self.unit)
        self.checker = at_desk(Role.DEPARTMENT_REVIEWER, self.unit)
        self.operator = at_desk(Role.CENTRE_OPERATOR)
        self.reviewer = at_desk(Role.CENTRE_REVIEWER)
        self.public = Client()
        self.person = StaffMember.objects.get(name="甲科员一")
        self.section = Section.objects.get(department=self.unit, is_leadership=False)
        self.page = f"{BASE}{self.unit.pk}/"

    def seen(self) -> str:
        """What the public reads of the department and its duty sheet."""
        paths = (f"/departments/{self.unit.pk}/", f"/sections/{self.section.pk}/")
        return "".join(self.public.get(path).content.decode() for path in paths)

    def edit(self, **changes: Any) -> None:
        StaffMember.objects.filter(pk=self.person.pk).update(**changes)

    def submit(self, client: Client, page: str = "") -> str:
        """Hand in what the page shows, as its button does."""
        found = re.search(r'name="digest" value="(\w+)"', client.get(page or self.page).content.decode())
        data = {"digest": found[1] if found else ""}
        return words(client.post(f"{page or self.page}submit/", data, follow=True))

    def decide(self, client: Client, act: str, **data: str) -> str:
        version = DisclosureVersion.objects.order_by("-number").filter(department=self.unit)[0]
        return words(client.post(f"{BASE}versions/{version.pk}/{act}/", data, follow=True))

    def newest(self) -> DisclosureVersion:
        return DisclosureVersion.objects.filter(department=self.unit).order_by("-number")[0]


@pytest.fixture
def office() -> Office:
    made = Office()
    show_all()
    return made


@pytest.mark.both_databases
def test_the_public_sees_the_last_approved_version_while_the_next_one_is_on_its_way(office: Office) -> None:
    """YC-R1."""
    office.edit(post="窗口负责人")
    assert "窗口负责人" not in office.seen()
    assert "已提交" in office.submit(office.officer)
    assert "窗口负责人" not in office.seen()
    assert "已退回" in office.decide(office.checker, "return", reason="岗位名称与三定方案不符")
    assert "岗位名称与三定方案不符" in words(office.officer.get(office.page))
    office.edit(post="综合窗口负责人")
    office.submit(office.officer)
    assert "审核通过" in office.decide(office.checker, "review")
    assert "窗口负责人" not in office.seen()
    assert "已核准" in office.decide(office.operator, "approve")
    assert "综合窗口负责人" in office.seen()
    verbs = AuditEntry.objects.filter(object_type="公示稿").order_by("id").values_list("verb", flat=True)
    assert list(verbs)[2:] == ["提交公示内容", "退回公示内容", "提交公示内容", "部门审核通过", "核准并公布"]


def test_a_duty_sheet_takes_the_same_way(office: Office) -> None:
    """YC-R2."""
    Section.objects.filter(pk=office.section.pk).update(responsibilities="受理新事项")
    ServiceItem.objects.create(section=office.section, name="示例许可", time_limit="3个工作日")
    assert "受理新事项" not in office.seen()
    office.submit(office.officer)
    office.decide(office.checker, "review")
    office.decide(office.reviewer, "approve")
    seen = office.seen()
    assert "受理新事项" in seen
    assert "3个工作日" in seen


def test_what_is_posted_says_what_the_site_says(office: Office) -> None:
    """YC-R1, YC-R2: the PDF for posting shows the approved version, the workbook the working copy."""
    office.edit(post="窗口负责人", office_phone="0530-1")
    Section.objects.filter(pk=office.section.pk).update(responsibilities="受理新事项")
    StaffMember.objects.filter(name="甲科员二").update(is_shown=False)
    operator = User.objects.get(username=Role.CENTRE_OPERATOR)
    (posted,) = take_for_posting(department_id=office.unit.pk, acting_user=operator)
    (working,) = annex_lines([office.unit])
    shown, desk = posted.staffed
    assert shown.people[1].supervises == office.section.name
    assert {person.name: person.post for person in desk.people}.keys() == {"甲科长", "甲科员一"}
    assert "窗口负责人" not in str(posted)
    assert "受理新事项" not in desk.section.responsibilities
    assert "0530-1" not in str(posted)
    assert "窗口负责人" in str(working)
    assert "甲科员二" in str(working)
    page = office.officer.get("/office/annexes/", {"form": "pdf"})
    assert (page["Content-Type"], page.getvalue()[:5]) == ("application/pdf", b"%PDF-")
    page = office.officer.get("/office/annexes/", {"form": "docx"})
    document = Document(io.BytesIO(b"".join(page.streaming_content)))
    assert document.sections[0].page_width > document.sections[0].page_height, "wide tables lie across"
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert {"岗位职责", "甲科员一"} <= set(cells)
    assert not {"甲科员二", "0530-1", "窗口负责人"} & set(cells)
    DisclosureVersion.objects.all().delete()
    refused = office.officer.get("/office/annexes/", {"form": "pdf"})
    assert refused.status_code == 422
    assert "还没有公布" in words(refused)


def test_what_changed_stands_side_by_side(office: Office) -> None:
    """YC-R1."""
    office.edit(post="科长助理")
    StaffMember.objects.filter(name="甲科员二").update(left_on="2026-09-01")
    StaffMember.objects.create(department=office.unit, section=office.section, name="甲新人", kind="staff")
    Section.objects.filter(pk=office.section.pk).update(work_rules="首问负责制")
    office.submit(office.officer)
    text = words(office.checker.get(office.page))
    assert "修改工作人员|甲科员一" in text
    assert "职务（岗位）||工作人员||科长助理" in text
    assert "新增工作人员|甲新人" in text
    assert "移除工作人员|甲科员二" in text
    assert "工作制度||（空）||首问负责制" in text
    assert "工作人员|甲局长" not in text, "what stays is not listed"


def test_photos_stand_side_by_side_and_the_old_one_stays_public_until_the_approval(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    """YC-R1."""
    office.person.photo, office.person.photo_basis = picture("#880000"), "2026年9月1日本人同意书"
    office.person.save()
    show_all()
    public = f"/photos/{office.person.pk}.jpg"

    def shown() -> bytes:
        return b"".join(office.public.get(public))  # type: ignore[arg-type]

    before = shown()
    form = office.officer.get(f"/office/departments/staffmember/{office.person.pk}/change/")
    data = {k: v for k, v in form.context["adminform"].form.initial.items() if v is not None and k != "photo"}
    answer = office.officer.post(
        f"/office/departments/staffmember/{office.person.pk}/change/", {**data, "photo": picture("#008800")}
    )
    assert answer.status_code == 302, "the working copy has the new photo, the old file is gone from it"
    assert shown() == before
    office.submit(office.officer)
    page = office.checker.get(office.page).content.decode()
    addresses = re.findall(rf'src="({BASE}versions/\d+/photos/{office.person.pk}\.jpg)"', page)
    assert len(addresses) == 2
    old, new = (b"".join(office.checker.get(one)) for one in addresses)  # type: ignore[arg-type]
    assert old == before != new
    stranger = at_desk(Role.DEPARTMENT_OFFICER, office.other, "stranger")
    assert [stranger.get(one).status_code for one in addresses] == [404, 404]
    office.decide(office.checker, "review")
    with django_capture_on_commit_callbacks(execute=True):
        office.decide(office.operator, "approve")
    assert shown() == new
    assert office.checker.get(addresses[0]).status_code == 404, "nobody keeps the photo that was replaced"


def test_a_photo_without_a_basis_never_gets_into_a_version(office: Office) -> None:
    """YC-R1."""
    office.person.photo = picture("#880000")
    office.person.save()
    office.edit(post="科长助理")
    office.submit(office.officer)
    office.decide(office.checker, "review")
    office.decide(office.operator, "approve")
    assert "科长助理" in office.seen()
    assert office.public.get(f"/photos/{office.person.pk}.jpg").status_code == 404
    assert not (here.MEDIA_ROOT / "disclosed").exists()


def test_nobody_decides_on_what_they_handed_in(office: Office) -> None:
    office.edit(post="科长助理")
    office.submit(office.officer)
    User.objects.filter(username="department_officer").update(role=Role.DEPARTMENT_REVIEWER)
    same = Client()
    same.force_login(User.objects.get(username="department_officer"))
    assert "不能再审核同一稿" in office.decide(same, "review")
    assert office.newest().state == S.SUBMITTED
    office.decide(office.checker, "review")
    office.decide(office.operator, "approve")

    office.edit(post="副科长")
    assert "已提交" in office.submit(office.operator), "the centre enters for a department"
    assert office.newest().state == S.REVIEWED
    assert "不能再审核同一稿" in office.decide(office.operator, "approve")
    assert "副科长" not in office.seen()
    office.decide(office.reviewer, "approve")
    assert "副科长" in office.seen()


def test_what_is_handed_in_is_what_was_looked_at(office: Office) -> None:
    office.edit(post="科长助理")
    page = office.officer.get(office.page).content.decode()
    digest = re.findall(r'name="digest" value="(\w+)"', page)[0]
    office.edit(post="副科长")
    text = words(office.officer.post(f"{office.page}submit/", {"digest": digest}, follow=True))
    assert "您查看之后内容又有了变化" in text
    assert office.newest().is_current


def test_edits_after_handing_in_wait_for_the_next_version(office: Office) -> None:
    office.edit(post="科长助理")
    office.submit(office.officer)
    office.edit(post="副科长")
    assert "已有一稿正在审核" in office.submit(office.officer)
    office.decide(office.checker, "review")
    office.decide(office.operator, "approve")
    assert "科长助理" in office.seen()
    assert "副科长" in words(office.officer.get(office.page))


@pytest.mark.both_databases
def test_a_decision_holds_once(office: Office) -> None:
    office.edit(post="科长助理")
    office.submit(office.officer)
    assert "已撤回" in office.decide(office.officer, "withdraw")
    assert "现在的状态是“已撤回”" in office.decide(office.checker, "review")
    office.submit(office.officer)
    assert "退回原因" in office.decide(office.checker, "return", reason=" ")
    assert office.newest().state == S.SUBMITTED
    office.decide(office.checker, "review")
    office.decide(office.reviewer, "return", reason="请核对")
    assert "现在的状态是“已退回”" in office.decide(office.operator, "approve")
    assert "科长助理" not in office.seen()


def test_without_a_change_there_is_nothing_to_hand_in(office: Office) -> None:
    assert 'name="digest"' not in office.officer.get(office.page).content.decode()
    assert "您查看之后内容又有了变化" in office.submit(office.officer)


MAY = {
    "review": {Role.DEPARTMENT_REVIEWER},
    "return": {Role.DEPARTMENT_REVIEWER, Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER},
    "approve": {Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER},
    "withdraw": {Role.DEPARTMENT_OFFICER, Role.CENTRE_OPERATOR},
}


@pytest.mark.parametrize("role", list(Role))
def test_every_decision_is_refused_to_who_may_not_decide(office: Office, role: Role) -> None:
    office.edit(post="科长助理")
    office.submit(office.officer)
    client = at_desk(role, office.unit, "walker")
    url = f"{BASE}versions/{office.newest().pk}/"
    for act, allowed in MAY.items():
        before = list(DisclosureVersion.objects.values_list("state"))
        answer = client.post(f"{url}{act}/")  # a return without a reason returns nothing
        assert (answer.status_code != 403) is (role in allowed), act
        if role not in allowed:
            assert list(DisclosureVersion.objects.values_list("state")) == before
        DisclosureVersion.objects.filter(pk=office.newest().pk).update(state=S.SUBMITTED)
    assert client.get(f"{url}approve/").status_code in {403, 405}
    assert client.post(f"{url}other/").status_code == 404


def test_a_department_reaches_its_own_only(office: Office) -> None:
    """YC-R1."""
    StaffMember.objects.filter(name="乙科员一").update(post="科长助理")
    office.submit(office.operator, f"{BASE}{office.other.pk}/")
    version = DisclosureVersion.objects.get(state=S.REVIEWED)
    DisclosureVersion.objects.filter(pk=version.pk).update(state=S.SUBMITTED)
    stranger = StaffMember.objects.get(name="乙科员一")
    for client in (office.officer, office.checker):
        assert client.get(f"{BASE}{office.other.pk}/").status_code == 404
        assert client.post(f"{BASE}{office.other.pk}/submit/").status_code in {403, 404}
        for act in ("review", "return", "withdraw"):
            assert client.post(f"{BASE}versions/{version.pk}/{act}/").status_code in {403, 404}
        assert client.post(f"{BASE}people/{stranger.pk}/", {"reason": "x"}).status_code == 404
        assert client.get(BASE).headers["Location"] == office.page
    version.refresh_from_db()
    stranger.refresh_from_db()
    assert version.state == S.SUBMITTED
    assert stranger.is_shown


def test_a_person_is_taken_down_at_once_and_comes_back_only_with_an_approval(office: Office) -> None:
    """YC-R1."""
    office.person.photo, office.person.photo_basis = picture("#880000"), "本人同意书"
    office.person.save()
    show_all()
    url, photo = f"{BASE}people/{office.person.pk}/", f"/photos/{office.person.pk}.jpg"
    assert office.public.get(photo).status_code == 200
    assert "请填写撤下原因" in words(office.officer.post(url, {"reason": ""}))
    assert "甲科员一" in office.seen()
    assert "已撤下" in words(office.officer.post(url, {"reason": "调离"}, follow=True))
    assert "甲科员一" not in office.seen()
    assert "甲科员一" not in words(office.public.get("/search/?q=甲科"))
    assert office.public.get(photo).status_code == 404
    assert AuditEntry.objects.get(verb="撤下人员公示").after == {"原因": "调离"}

    office.officer.post(url)
    assert "甲科员一" not in office.seen(), "the last approval no longer holds for them"
    office.submit(office.officer)
    office.decide(office.checker, "review")
    office.decide(office.operator, "approve")
    assert "甲科员一" in office.seen()
    assert office.public.get(photo).status_code == 200


def test_who_meant_to_take_down_does_not_put_back_whom_another_took_down(office: Office) -> None:
    """One button does the one or the other by what is stored: the second of two is told instead."""
    url = f"{BASE}people/{office.person.pk}/"
    mark = office.operator.get(url).context["seen_mark"]
    office.officer.post(url, {"reason": "调离", "seen_mark": mark})
    told = words(office.operator.post(url, {"reason": "退休", "seen_mark": mark}))
    assert "他人的修改没有被覆盖" in told
    assert "撤下人员公示" in told
    assert not StaffMember.objects.get(pk=office.person.pk).is_shown


def test_a_leader_who_was_taken_down_is_not_named_by_the_sections_either(office: Office) -> None:
    """YC-R2."""
    leader = StaffMember.objects.get(name="甲副局长")
    assert "分管负责人：甲副局长" in office.seen()
    url = f"{BASE}people/{leader.pk}/"
    office.officer.post(url, {"reason": "调离"})
    assert "甲副局长" not in office.seen()
    office.officer.post(url)
    assert "甲副局长" not in office.seen(), "back in the working copy, not yet approved"
    office.submit(office.officer)
    office.decide(office.checker, "review")
    office.decide(office.operator, "approve")
    assert "分管负责人：甲副局长" in office.seen()


def test_the_photo_of_who_is_taken_down_is_kept_nowhere_outside_the_roster(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    office.person.photo, office.person.photo_basis = picture("#880000"), "本人同意书"
    office.person.save()
    show_all()
    folder = here.MEDIA_ROOT / "disclosed"
    assert len(list(folder.iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        office.operator.post(f"{BASE}people/{office.person.pk}/", {"reason": "本人撤回同意"})
    assert list(folder.iterdir()) == []


def test_who_is_taken_down_while_a_version_waits_is_not_shown_by_its_approval(office: Office) -> None:
    office.edit(post="科长助理")
    office.submit(office.officer)
    office.operator.post(f"{BASE}people/{office.person.pk}/", {"reason": "调离"})
    office.operator.post(f"{BASE}people/{office.person.pk}/")  # back in the working copy
    office.decide(office.checker, "review")
    office.decide(office.operator, "approve")
    assert "甲科员一" not in office.seen()


def test_a_take_down_renews_the_published_result_at_once() -> None:
    """YC-R1, and the rendered files of a round."""
    county = published("all")
    publication = Publication.objects.get()
    person = StaffMember.objects.get(name="甲科员一")
    client = Client()
    client.force_login(county.users["department_officer"])
    before = Job.objects.count()
    client.post(f"{BASE}people/{person.pk}/", {"reason": "调离"})
    assert Job.objects.filter(kind="publication.render", state=Job.State.QUEUED).count() == 1
    assert Job.objects.count() == before + 1
    file = f"/results/{publication.pk}/d{county.departments[0].pk}-persons.html"
    assert Client().get(file).status_code == 503, "closed until it is rendered anew"


@pytest.mark.both_databases
def test_the_first_publication_is_one_decision_of_the_centre(office: Office) -> None:
    """YC-R1."""
    DisclosureVersion.objects.all().delete()
    assert "甲科员一" not in office.seen()
    assert "尚未公布" in office.seen()
    assert "2个单位尚未公布" in words(office.operator.get(BASE))
    for client in (office.officer, office.checker):
        assert client.post(f"{BASE}first/").status_code == 403
    office.operator.post(f"{BASE}first/")
    assert "甲科员一" in office.seen()
    office.edit(post="科长助理")
    assert "没有尚未公布的单位" in words(office.operator.post(f"{BASE}first/", follow=True))
    assert "科长助理" not in office.seen(), "what was published once changes by approval only"


@pytest.mark.both_databases
def test_a_department_that_handed_in_first_is_not_published_over_its_head(office: Office) -> None:
    DisclosureVersion.objects.all().delete()
    office.submit(office.officer)
    office.operator.post(f"{BASE}first/")
    assert "甲科员一" not in office.seen()
    assert DisclosureVersion.objects.get(is_current=True).department == office.other


def test_the_pages_ask_equally_often_at_any_size(office: Office) -> None:
    def count(client: Client, url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    office.edit(post="科长助理")
    office.submit(office.officer)
    small = count(office.operator, BASE), count(office.checker, office.page)
    for number in range(8):
        make_department(f"县{number}局", number + 5)
    for number in range(30):
        StaffMember.objects.create(
            department=office.unit, section=office.section, name=f"赵{number}", kind="staff"
        )
    assert (count(office.operator, BASE), count(office.checker, office.page)) == small
    assert max(small) <= 12, small
