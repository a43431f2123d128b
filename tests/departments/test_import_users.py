"""Users of a county from one workbook, and their first passwords as letters that are shown once."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.conf import settings
from django.test import Client

from departments.accounts.list_import import import_users, preview_users
from departments.models import Department, Town
from office.accounts import letters, two_persons
from office.accounts.services import hand_out_first_passwords
from office.errors import Refused
from office.exports import typeset
from office.models import AccountRequest, AuditEntry, User
from office.roles import Role
from tests.kit.files import table
from tests.kit.people import person

pytestmark = pytest.mark.django_db
LIST = "/office/office/user/"


@pytest.fixture(autouse=True)
def county() -> None:
    Department.objects.create(name="县市场监督管理局")
    Town.objects.create(name="东门街道")


def workbook(*rows: list[str]) -> bytes:
    return table(["用户名单"], ["用户名", "姓名", "岗位角色", "所属单位或镇（街）"], *rows)


GOOD = workbook(
    ["scjg01", "王一", "部门经办", "县市场监管局"],
    ["dm01", "李二", "镇街组织员", "东门街道"],
    ["zx01", "赵三", "评价中心复核", ""],
)


def test_users_come_in_with_role_and_unit_and_without_a_password() -> None:
    administrator = person(Role.ADMINISTRATOR)
    plan = import_users(content=GOOD, file_name="用户.xlsx", acting_user=administrator)
    assert len(plan.new) == 3
    user = User.objects.get(username="scjg01")
    assert (user.role, user.first_name) == (Role.DEPARTMENT_OFFICER, "王一")
    assert user.membership.department.name == "县市场监督管理局"
    assert User.objects.get(username="dm01").membership.town.name == "东门街道"
    assert not hasattr(User.objects.get(username="zx01"), "membership")
    assert not user.has_usable_password()
    assert AuditEntry.objects.get(verb="导入用户").after["新增"] == 3
    again = preview_users(content=GOOD, acting_user=administrator)
    assert (again.writes, again.unchanged) == (False, 3)


def test_every_fault_is_named_and_nothing_comes_in() -> None:
    administrator = person(Role.ADMINISTRATOR)
    bad = workbook(
        ["a1", "甲", "部门经办", ""],
        ["a2", "乙", "部门经办", "县某某局"],
        ["a3", "丙", "局长", ""],
        ["a3", "丙", "纪检监察", ""],
        ["a b/c", "丁", "纪检监察", ""],
        ["a5", "戊", "纪检监察", "东门街道"],
        [administrator.username, "己", "纪检监察", ""],
    )
    with pytest.raises(Refused) as refusal:
        import_users(content=bad, file_name="用户.xlsx", acting_user=administrator)
    told = "\n".join(refusal.value.faults)
    for words in ("单位空白", "没有“县某某局”", "没有“局长”这个岗位角色", "不属于某个单位", "已由"):
        assert words in told, words
    assert User.objects.count() == 1
    with pytest.raises(Refused, match="没有这项操作的权限"):
        preview_users(content=GOOD, acting_user=person(Role.CENTRE_OPERATOR))


def test_first_passwords_are_letters_that_are_shown_once() -> None:
    administrator = person(Role.ADMINISTRATOR)
    import_users(content=GOOD, file_name="用户.xlsx", acting_user=administrator)
    client = Client()
    client.force_login(administrator)
    listed = client.get(LIST).content.decode()
    for words in ("县市场监督管理局", "未发放密码", "不要求"):
        assert words in listed, words
    chosen = list(User.objects.exclude(pk=administrator.pk).values_list("pk", flat=True))
    act = {"action": "first_passwords", "_selected_action": chosen}
    answer = client.post(LIST, act)
    letters = answer.context["letters"]
    assert "no-store" in answer["Cache-Control"]
    assert sorted(user.username for user, _ in letters) == ["dm01", "scjg01", "zx01"]
    password = {user.username: given for user, given in letters}["scjg01"]
    user = User.objects.get(username="scjg01")
    assert user.check_password(password)
    assert user.must_change_password
    assert AuditEntry.objects.filter(verb="发放一次性密码").count() == 3
    assert not AuditEntry.objects.filter(after__icontains=password).exists()
    second = client.post(LIST, act, follow=True).content.decode()
    assert "已经领取过密码" in second
    assert password not in second


def test_first_passwords_come_as_one_pdf_with_half_a_page_for_each_and_are_kept_nowhere() -> None:
    administrator = person(Role.ADMINISTRATOR)
    import_users(content=GOOD, file_name="用户.xlsx", acting_user=administrator)
    client = Client()
    client.force_login(administrator)
    chosen = User.objects.exclude(pk=administrator.pk)
    act = {"action": "first_passwords_as_pdf", "_selected_action": list(chosen.values_list("pk", flat=True))}
    answer = client.post(LIST, act)
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 2
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for user in chosen:
        after = text.split(f"用户名 {user.username} 一次性密码 ")[1]
        password = after.split()[0]
        assert user.check_password(password)
        assert user.must_change_password
    assert "（县市场监督管理局）" in text
    assert AuditEntry.objects.filter(verb="发放一次性密码").count() == 3
    assert not [path for path in settings.PRIVATE_ROOT.rglob("*") if path.is_file()]
    second = client.post(LIST, act, follow=True)
    assert "已经领取过密码" in second.content.decode()


def test_more_letters_than_can_be_made_in_time_are_refused() -> None:
    administrator = person(Role.ADMINISTRATOR)
    User.objects.bulk_create(
        User(username=f"dm{n}", role=Role.TOWN_ORGANIZER, password="!") for n in range(41)
    )
    with pytest.raises(Refused, match="一次最多给40名用户"):
        hand_out_first_passwords(users=User.objects.exclude(pk=administrator.pk), acting_user=administrator)


def test_where_no_letter_can_be_made_nobody_has_been_given_a_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    administrator = person(Role.ADMINISTRATOR)
    import_users(content=GOOD, file_name="用户.xlsx", acting_user=administrator)
    fresh = User.objects.exclude(pk=administrator.pk)

    def broken(_: str) -> bytes:
        raise OSError("disk full")

    monkeypatch.setattr(typeset, "pdf", broken)
    with pytest.raises(OSError, match="disk full"):
        letters.hand_out_as_pdf(users=fresh, acting_user=administrator)
    assert not any(user.has_usable_password() for user in fresh)


def test_first_passwords_of_privileged_roles_wait_for_a_second_person() -> None:
    administrator, inspector = person(Role.ADMINISTRATOR), person(Role.INSPECTORATE)
    import_users(content=GOOD, file_name="用户.xlsx", acting_user=administrator)
    reviewer = User.objects.get(username="zx01")
    everybody = User.objects.filter(username__in=["scjg01", "dm01", "zx01"])
    with pytest.raises(Refused, match="第二人确认") as refusal:
        hand_out_first_passwords(users=everybody, acting_user=administrator)
    assert refusal.value.faults == ("zx01",)
    assert not any(user.has_usable_password() for user in everybody.all())
    asked = two_persons.ask(user=reviewer, act=AccountRequest.Act.PASSWORD, acting_user=administrator)
    two_persons.decide(request_id=asked.pk, agreed=True, acting_user=inspector)
    assert len(hand_out_first_passwords(users=everybody, acting_user=administrator)) == 3
    asked.refresh_from_db()
    assert asked.state == AccountRequest.State.DONE
