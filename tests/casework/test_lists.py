"""Typical cases (WY-R7), positive and negative lists, contact reports (WY-R2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client

from casework.lists import cases, conduct, contacts
from casework.lists.cases import Written
from casework.lists.conduct import Entry
from casework.lists.contacts import Contact
from casework.lists.naming import faults_in
from casework.lists.rules import rules
from casework.models import ContactReport, ListVersion, TypicalCase
from departments.kinds import StaffKind
from departments.models import Section, StaffMember
from office.errors import Refused
from office.models import User
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db
FACTS = "某企业申请施工许可，窗口人员张某三次退件，未一次性告知。"


class Room(Desk):
    """The desk with what cases and lists need; each step is one call."""

    def written(self, **other: Any) -> Written:
        told: dict[str, Any] = {
            "title": "拖延办理施工许可",
            "unit": self.unit,
            "persons_shown": "张某",
            "facts": FACTS,
            "decision_number": "测纪〔2026〕1号",
            "decided_on": date(2026, 1, 5),
            "body": "县纪委监委",
            **other,
        }
        return Written(**told)

    def case(self, **other: Any) -> TypicalCase:
        return cases.write_case(
            written=self.written(**other), now=at("2026-01-10T09:00"), acting_user=self.operator
        )

    def allowed(self) -> TypicalCase:
        return cases.give_leave(
            case=self.case(), agrees=True, now=at("2026-01-12T09:00"), acting_user=self.inspector
        )

    def shown(self) -> TypicalCase:
        return cases.publish_case(case=self.allowed(), now=at("2026-01-15T09:00"), acting_user=self.operator)

    def list_from(self, kind: str, day: date, text: str, now: str) -> ListVersion:
        version = conduct.begin_version(kind=kind, acting_user=self.operator)
        conduct.add_entry(version=version, entry=Entry(text, "三(一)1", True), acting_user=self.operator)
        conduct.approve_version(version=version, acting_user=self.reviewer)
        return conduct.publish_version(
            version=version,
            number=f"测办〔{day.year}〕{day.month}号",
            in_force_from=day,
            now=at(now),
            acting_user=self.operator,
        )

    def read(self, user: User, url: str) -> str:
        client = Client()
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == 200, url
        return answer.content.decode()


@pytest.fixture
def room(db: None) -> Room:
    return Room()


# --- Typical cases -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        (FACTS, True),
        ("某企业法定代表人称三次被退件。", True),
        ("某食品有限公司申请许可被退件。", True),
        ("城东食品有限公司申请许可被退件。", False),
        ("统一社会信用代码 91411121MA00000000 的企业被退件。", False),
        ("身份证号 4111211990０1010000 被泄露。", False),
        ("联系电话 138 0000 0000。", False),
        ("联系电话 0395-7121000。", False),
        ("该批次共 12345678901234567 件。", True),  # seventeen signs are no code
        ("反映人李某多次到窗口。", False),
        ("反映人多次到窗口。", True),
        ("窗口人员测试员三次退件。", False),
    ],
)
def test_what_would_tell_who_somebody_is_is_refused(room: Room, text: str, *, fits: bool) -> None:
    """WY-R7: full names of staff, codes, phone numbers, firms, the complainant even as 姓+某."""
    section = Section.objects.create(department=room.unit, name="审批科")
    StaffMember.objects.create(
        department=room.unit, section=section, name="测试员", kind=StaffKind.STAFF, post="科员"
    )
    assert bool(faults_in(text, rules().cases)) is not fits
    if not fits:
        with pytest.raises(Refused, match="不能公开"):
            room.case(facts=text)


@pytest.mark.parametrize(
    ("persons", "fits"), [("张某、李某某", True), ("", True), ("张三", False), ("张某、王五", False)]
)
def test_persons_are_written_with_their_surname_alone(room: Room, persons: str, *, fits: bool) -> None:
    """WY-R7."""
    if fits:
        assert room.case(persons_shown=persons).persons_shown == persons
        return
    with pytest.raises(Refused, match="不能公开"):
        room.case(persons_shown=persons)


def test_a_case_is_shown_only_with_the_inspectorates_leave(room: Room) -> None:
    """WY-R7: neither the writer nor the centre can give it."""
    case = room.case()
    now = at("2026-01-12T09:00")
    for user in (room.operator, room.reviewer):
        with pytest.raises(Refused, match="权限"):
            cases.give_leave(case=case, agrees=True, now=now, acting_user=user)
    with pytest.raises(Refused, match="待同意"):
        cases.publish_case(case=case, now=now, acting_user=room.operator)
    TypicalCase.objects.update(written_by=room.inspector)
    with pytest.raises(Refused, match="起草人以外"):
        cases.give_leave(case=case, agrees=True, now=now, acting_user=room.inspector)
    assert "拖延办理" not in Client().get("/cases/").content.decode()


def test_a_case_is_gone_after_twelve_months_by_its_date_alone(room: Room) -> None:
    """WY-R7: no job has to run; withdrawn earlier, it is gone at once and the reason is kept."""
    case = room.shown()
    assert case.shown_until == date(2027, 1, 15)
    assert list(cases.shown_on(date(2026, 1, 14))) == []
    assert list(cases.shown_on(date(2026, 1, 15))) == [case]
    assert list(cases.shown_on(date(2027, 1, 14))) == [case]
    assert list(cases.shown_on(date(2027, 1, 15))) == []
    with pytest.raises(Refused, match="撤下理由"):
        cases.withdraw_case(case=case, reason=" ", now=at("2026-02-02T09:00"), acting_user=room.inspector)
    case = cases.withdraw_case(
        case=case, reason="处理决定被撤销", now=at("2026-02-02T09:00"), acting_user=room.inspector
    )
    assert list(cases.shown_on(date(2026, 2, 2))) == []
    assert "处理决定被撤销" in room.read(room.operator, f"/office/matters/lists/cases/{case.pk}/")
    assert Client().get(f"/cases/{case.pk}/").status_code == 404


def test_a_shown_case_is_not_touched_any_more(room: Room) -> None:
    """WY-R7."""
    case = room.allowed()
    changed = replace(room.written(), title="另一标题")
    with pytest.raises(Refused, match="已同意公开"):
        cases.write_case(written=changed, case=case, now=at("2026-01-13T09:00"), acting_user=room.operator)


# --- Lists -------------------------------------------------------------------------------------------------


def test_an_act_is_judged_by_the_version_of_its_day(room: Room) -> None:
    """WY-R2: the day before the new version begins is the old one's; both stay public."""
    first = room.list_from("positive", date(2026, 1, 1), "参加企业座谈会", "2026-01-01T09:00")
    second = room.list_from("positive", date(2026, 7, 1), "走访园区企业", "2026-06-01T09:00")
    assert conduct.version_on("positive", date(2025, 12, 31)) is None
    assert conduct.version_on("positive", date(2026, 1, 1)) == first
    assert conduct.version_on("positive", date(2026, 6, 30)) == first
    assert conduct.version_on("positive", date(2026, 7, 1)) == second
    assert conduct.version_on("negative", date(2026, 7, 1)) is None
    assert [one.text for one in second.entries.all()] == ["参加企业座谈会", "走访园区企业"]
    pages = Client().get("/lists/").content.decode()
    assert "测办〔2026〕7号" in pages
    old = Client().get(f"/lists/{first.pk}/").content.decode()
    assert "测办〔2026〕1号" in old
    assert "走访园区企业" not in old


def test_a_list_is_published_after_anothers_approval_with_number_and_day(room: Room) -> None:
    """WY-R2."""
    version = conduct.begin_version(kind="negative", acting_user=room.reviewer)
    with pytest.raises(Refused, match="正在起草"):
        conduct.begin_version(kind="negative", acting_user=room.operator)
    with pytest.raises(Refused, match="内容或者依据"):
        conduct.add_entry(version=version, entry=Entry("收受礼品", " "), acting_user=room.reviewer)
    conduct.add_entry(version=version, entry=Entry("收受礼品", "三(一)1"), acting_user=room.reviewer)
    with pytest.raises(Refused, match="起草人以外"):
        conduct.approve_version(version=version, acting_user=room.reviewer)
    version = conduct.approve_version(version=version, acting_user=room.leader)
    now = at("2026-03-02T09:00")
    with pytest.raises(Refused, match="文号"):
        conduct.publish_version(
            version=version, number=" ", in_force_from=date(2026, 3, 2), now=now, acting_user=room.operator
        )
    with pytest.raises(Refused, match="早于今天"):
        conduct.publish_version(
            version=version,
            number="测办〔2026〕3号",
            in_force_from=date(2026, 3, 1),
            now=now,
            acting_user=room.operator,
        )
    assert "收受礼品" not in Client().get("/lists/").content.decode()


# --- Contacts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reported", "kind"),
    [
        ("2026-02-13T14:59", "before"),
        ("2026-02-13T15:00", "before"),
        ("2026-02-13T15:01", "after"),
        ("2026-02-25T23:59", "after"),  # 14, 24, 25 February are the working days that follow
        ("2026-02-26T00:00", "late"),
    ],
)
def test_a_contact_is_reported_before_or_flagged(room: Room, reported: str, kind: str) -> None:
    """WY-R2: afterwards within three working days is 事后补报, later it says so, too."""
    version = room.list_from("positive", date(2026, 1, 1), "参加企业座谈会", "2026-01-01T09:00")
    contact = Contact(at("2026-02-13T15:00"), "测试企业", "座谈会", version.entries.get(), "没有用餐")
    made = contacts.report_contact(contact=contact, now=at(reported), acting_user=room.officer)
    assert made.kind == kind


def test_a_contact_is_seen_by_its_reporter_and_the_inspectorate_alone(room: Room) -> None:
    """WY-R2: a help to decide, no watch list."""
    version = room.list_from("positive", date(2026, 1, 1), "参加企业座谈会", "2026-01-01T09:00")
    contact = Contact(at("2026-02-13T15:00"), "测试企业", "座谈会", version.entries.get(), "本人自付")
    contacts.report_contact(contact=contact, now=at("2026-02-12T09:00"), acting_user=room.officer)
    url = "/office/matters/lists/contacts/"
    for user in (room.officer, room.inspector):
        assert "测试企业" in room.read(user, url)
    for user in (room.unit_reviewer, room.operator, room.leader):
        assert "测试企业" not in room.read(user, url)
    before = replace(contact, happens_at=at("2025-12-31T15:00"))
    with pytest.raises(Refused, match="当日"):
        contacts.report_contact(contact=before, now=at("2025-12-30T09:00"), acting_user=room.officer)
    with pytest.raises(TypeError):
        ContactReport.objects.get().save()


def test_an_official_reports_a_contact_on_two_short_pages(room: Room) -> None:
    """WY-R2: first the moment, then what the list of that day asks for."""
    version = room.list_from("positive", date(2026, 1, 1), "参加企业座谈会", "2026-01-01T09:00")
    client = Client()
    client.force_login(room.officer)
    url = "/office/matters/lists/contacts/new/"
    assert "参加企业座谈会" in client.get(url, {"happens_at": "2026-02-13T15:00"}).content.decode()
    sent = {
        "happens_at": "2026-02-13T15:00",
        "firm": "测试企业",
        "occasion": "座谈会",
        "entry": version.entries.get().pk,
        "meal": "本人自付",
    }
    assert client.post(url, sent).status_code == 302
    assert ContactReport.objects.get().reported_by == room.officer
