"""Accounts and the entrance: passwords, lockout, second factor, sessions (等保 2.0)."""

from __future__ import annotations

import re
import time
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from pytest_django.fixtures import Settings

from departments.models import Department, Town
from office.accounts import services as accounts
from office.accounts import two_persons
from office.accounts.passwords import OF_THE_DEMO
from office.accounts.second_factor import reset_second_factor
from office.accounts.sessions import SEEN
from office.errors import Refused
from office.models import AccountRequest, AuditEntry, Job, Phone, Session, User
from office.roles import PRIVILEGED, Role
from tests.kit.people import PASSWORD, code_of, person, sign_in

pytestmark = pytest.mark.django_db


def is_in(client: Client) -> bool:
    return client.get("/office/").status_code == 200


def words(client: Client, url: str) -> str:
    return client.get(url, follow=True).content.decode()


# --- Lockout -----------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_fifth_wrong_password_locks_an_account() -> None:
    person(Role.DEPARTMENT_OFFICER, "patient")
    person(Role.DEPARTMENT_OFFICER, "clumsy")
    for _ in range(4):
        sign_in("patient", "wrong")
    assert is_in(sign_in("patient"))
    for _ in range(5):
        sign_in("clumsy", "wrong")
    response = Client().post("/office/login/", {"username": "clumsy", "password": PASSWORD})
    assert response.status_code == 429
    assert "暂停登录 30 分钟" in response.content.decode()
    assert not is_in(sign_in("clumsy"))
    assert AuditEntry.objects.filter(verb="登录失败次数过多，账户锁定", object_label="clumsy").count() == 1


def test_a_lock_spares_other_users_of_the_same_address() -> None:
    person(Role.DEPARTMENT_OFFICER, "clumsy")
    person(Role.DEPARTMENT_REVIEWER, "neighbor")
    for _ in range(6):
        sign_in("clumsy", "wrong")
    assert is_in(sign_in("neighbor"))


def test_guessing_from_elsewhere_does_not_lock_a_known_address() -> None:
    """Else one address could keep every official of the county out; a new place is locked as ever."""
    person(Role.DEPARTMENT_OFFICER, "worker")
    assert is_in(sign_in("worker"))
    far, unused = Client(REMOTE_ADDR="10.9.9.9"), Client(REMOTE_ADDR="10.7.7.7")

    def answers(client: Client, password: str) -> int:
        return client.post("/office/login/", {"username": "worker", "password": password}).status_code

    assert [answers(far, "wrong") for _ in range(5)] == [200] * 4 + [429]
    assert answers(far, PASSWORD) == answers(unused, PASSWORD) == 429
    here = Client()
    assert [answers(here, "wrong") for _ in range(4)] == [200] * 4
    assert is_in(sign_in("worker"))
    assert [answers(here, "wrong") for _ in range(5)] == [200] * 4 + [429]
    assert not is_in(sign_in("worker"))


def test_the_fifth_wrong_old_password_ends_the_session() -> None:
    """Whoever finds a browser open has no more tries than at the entrance."""
    person(Role.DEPARTMENT_OFFICER, "worker")
    client = sign_in("worker")
    for _ in range(4):
        change(client, "wrong", "Quite-Other-9")
    change(client, "", "Quite-Other-9")  # nothing typed is no guess
    assert is_in(client)
    assert "本次登录已结束" in change(client, "wrong", "Quite-Other-9")
    assert not is_in(client)


def test_the_administrator_unlocks_an_account() -> None:
    user = person(Role.DEPARTMENT_OFFICER, "clumsy")
    person(Role.ADMINISTRATOR, "keeper")
    for _ in range(5):
        sign_in("clumsy", "wrong")
    sign_in("keeper").post(f"/office/office/user/{user.pk}/account/", {"do": "unlock"})
    assert is_in(sign_in("clumsy"))


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer() -> None:
    person(Role.DEPARTMENT_OFFICER, "known")
    pages = [
        Client().post("/office/login/", {"username": name, "password": "wrong"}).content.decode()
        for name in ("known", "unknown")
    ]
    faults = [re.findall(r'class="errornote"[^>]*>([^<]*)<', page) for page in pages]
    assert faults[0] == faults[1] != []


# --- Passwords -----------------------------------------------------------------------------------


def change(client: Client, old: str, new: str) -> str:
    data = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/office/account/password/", data, follow=True).content.decode()


@pytest.mark.parametrize(
    ("password", "accepted"),
    [
        ("Ab3-Ab3-A", False),  # nine characters
        ("Ab3-Ab3-Ab", True),  # ten
        ("abcdefgh23", False),  # two kinds
        ("abcdefgh2-", True),  # three
        ("officer-Aa1", False),  # like the user's name
        ("Password123", False),  # common
        (PASSWORD, False),  # the old one
    ],
)
def test_a_weak_password_is_refused(password: str, accepted: bool) -> None:
    user = person(Role.DEPARTMENT_OFFICER, "officer-A")
    client = sign_in("officer-A")
    page = change(client, PASSWORD, password)
    user.refresh_from_db()
    assert user.check_password(password) is (accepted or password == PASSWORD)
    assert ("密码没有更改" in page) is not accepted


def test_a_new_account_has_a_password_for_one_use() -> None:
    out = StringIO()
    call_command("create_account", "first", stdout=out)
    password = out.getvalue().strip().rsplit("：", 1)[1]
    client = sign_in("first", password)
    assert "请先设置自己的密码" in words(client, "/office/office/job/")
    assert "请先设置自己的密码" in words(client, "/office/account/")
    assert "密码没有更改" in change(client, password, password)
    change(client, password, PASSWORD)
    assert is_in(client)
    assert User.objects.get(username="first").role == Role.ADMINISTRATOR


def test_the_administrator_adds_a_user_and_sees_the_password_once() -> None:
    person(Role.ADMINISTRATOR, "keeper")
    client = sign_in("keeper")
    data = {"username": "newcomer", "first_name": "甲某", "role": Role.PAPER_CLERK}
    form = client.get("/office/office/user/add/").content.decode()
    inlines = dict(re.findall(r'name="([a-z]+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', form))
    page = client.post("/office/office/user/add/", {**data, **inlines}).content.decode()
    password = re.findall(r"<code>(.+?)</code>", page)[0]
    assert "请先设置自己的密码" in words(sign_in("newcomer", password), "/office/")
    stored = "".join(str(entry.before) + str(entry.after) for entry in AuditEntry.objects.all())
    assert password not in stored


@pytest.mark.parametrize(
    ("role", "wanted"),
    [
        (Role.DEPARTMENT_OFFICER, "department"),
        (Role.DEPARTMENT_REVIEWER, "department"),
        (Role.TOWN_ORGANIZER, "town"),
    ],
)
def test_who_works_for_a_department_or_town_is_not_added_without_it(role: Role, wanted: str) -> None:
    person(Role.ADMINISTRATOR, "keeper")
    client = sign_in("keeper")
    form = client.get("/office/office/user/add/").content.decode()
    data = dict(re.findall(r'name="([a-z]+-(?:TOTAL|INITIAL)_FORMS)" value="(\d+)"', form))
    data |= {"username": "newcomer", "first_name": "甲某", "role": role}
    refused = client.post("/office/office/user/add/", data).content.decode()
    assert f"{role.label}须填写所属" in refused
    assert not User.objects.filter(username="newcomer").exists()
    place = {
        "department": Department.objects.create(name="甲局", order=1),
        "town": Town.objects.create(name="甲镇"),
    }[wanted]
    client.post("/office/office/user/add/", {**data, f"membership-0-{wanted}": place.pk})
    assert User.objects.get(username="newcomer").membership


def test_a_new_one_time_password_ends_the_sessions() -> None:
    user = person(Role.DEPARTMENT_OFFICER, "forgetful")
    person(Role.ADMINISTRATOR, "keeper")
    before = sign_in("forgetful")
    sign_in("keeper").post(f"/office/office/user/{user.pk}/account/", {"do": "password"})
    assert not is_in(before)
    assert not is_in(sign_in("forgetful"))


def test_nobody_has_a_default_password() -> None:
    """Two accounts made in the same way have different passwords."""
    first, second = StringIO(), StringIO()
    call_command("create_account", "one", stdout=first)
    call_command("create_account", "two", stdout=second)
    assert first.getvalue().rsplit("：", 1)[1] != second.getvalue().rsplit("：", 1)[1]


@pytest.mark.parametrize("demo", [True, False])
def test_the_public_password_of_the_demo_opens_nothing_else(settings: Settings, demo: bool) -> None:
    """Even where a county goes on with the data of the demo."""
    settings.DEMO = demo
    user = User(username="centre", role=Role.CENTRE_OPERATOR)
    user.set_password(OF_THE_DEMO)
    user.save()
    assert is_in(sign_in("centre", OF_THE_DEMO)) is demo


# --- Second factor -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_privileged_roles_bind_a_phone_before_they_work(role: Role, settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    person(role, "someone")
    page = words(sign_in("someone"), "/office/")
    assert ("绑定动态口令" in page and "<svg" in page) is (role in PRIVILEGED)


def test_a_privileged_user_binds_a_phone_and_signs_in_with_its_code(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    client = sign_in("reviewer")
    page = words(client, "/office/office/job/")
    assert 'style="' not in page
    assert "验证码不正确" in client.post("/office/account/phone/", {"code": "000000"}).content.decode()
    page = client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)}).content.decode()
    codes = re.findall(r"<code>([a-z2-7]{8})</code>", page)
    assert len(codes) == 10
    assert is_in(client)
    assert not set(codes) & set(StaticToken.objects.values_list("token", flat=True)), "kept as digests only"

    again = sign_in("reviewer")
    assert "输入动态口令" in words(again, "/office/")
    assert "输入动态口令" in words(again, "/office/account/phone/"), "a password alone binds no other phone"
    assert "输入动态口令" in words(again, "/office/account/password/"), "nor changes the password"
    again.post("/office/account/verify/", {"code": code_of(user)})
    assert is_in(again)

    by_paper = sign_in("reviewer")
    by_paper.post("/office/account/verify/", {"code": codes[0]})
    assert is_in(by_paper)
    assert StaticToken.objects.filter(device__user=user).count() == 9
    twice = sign_in("reviewer")
    twice.post("/office/account/verify/", {"code": codes[0]})
    assert not is_in(twice)


def bound(username: str) -> User:
    """A reviewer with a phone."""
    user = person(Role.CENTRE_REVIEWER, username)
    client = sign_in(username)
    words(client, "/office/account/phone/")
    client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)})
    return user


def test_stored_secrets_sign_nobody_in(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user, other = bound("reviewer"), bound("other")
    phone = Phone.objects.get(user=user)
    secret = phone.bin_key
    assert secret.hex() not in phone.key
    for stolen in (bytes.fromhex(phone.key), bytes.fromhex(phone.key)[16:]):
        guesser = sign_in("reviewer")
        guesser.post("/office/account/verify/", {"code": f"{totp(stolen):06d}"})
        assert not is_in(guesser)
    Phone.objects.filter(user=other).update(key=phone.key)  # somebody else's row does not help either
    guesser = sign_in("other")
    page = guesser.post("/office/account/verify/", {"code": code_of(user)}).content.decode()
    assert "请联系系统管理员重置动态口令" in page
    assert not is_in(guesser)


def test_under_another_secret_key_a_phone_is_bound_anew(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user = bound("reviewer")
    person(Role.CENTRE_OPERATOR, "newcomer")
    assert "<svg" in words(sign_in("newcomer"), "/office/account/phone/")
    settings.SECRET_KEY = "another-one-that-is-long-enough-for-everything"
    client = sign_in("reviewer")
    page = client.post("/office/account/verify/", {"code": "123456"}).content.decode()
    assert "请联系系统管理员重置动态口令" in page
    assert "<svg" in words(sign_in("newcomer"), "/office/account/phone/"), "begun, never confirmed"
    reset_second_factor(user=user, acting_user=None)
    client = sign_in("reviewer")
    words(client, "/office/")
    client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)})
    assert is_in(client)


def test_phones_and_recovery_codes_from_before_encryption_stay_valid(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user = bound("reviewer")
    Phone.objects.filter(user=user).update(key=Phone.objects.get(user=user).bin_key.hex())
    StaticToken.objects.update(token="abcd2345")
    import_module("office.migrations.0004_second_factor").seal(apps, None)
    assert not StaticToken.objects.filter(token="abcd2345").exists()
    for code in ("abcd 2345", code_of(user)):
        client = sign_in("reviewer")
        client.post("/office/account/verify/", {"code": code})
        assert is_in(client)


def test_the_fifth_wrong_code_ends_the_session(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    client = sign_in("reviewer")
    words(client, "/office/")
    client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)})
    guesser = sign_in("reviewer")
    for code in ("000000", "abcd2345", "000001", "abcd2346"):
        guesser.post("/office/account/verify/", {"code": code})
    assert "输入动态口令" in words(guesser, "/office/")
    assert (
        "本次登录已结束"
        in guesser.post("/office/account/verify/", {"code": "1"}, follow=True).content.decode()
    )
    assert words(guesser, "/office/").count('name="password"') == 1


@pytest.mark.both_databases
def test_a_code_works_once(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    first = sign_in("reviewer")
    words(first, "/office/")
    code = code_of(user, confirmed=False)
    first.post("/office/account/phone/", {"code": code})
    overlooked = sign_in("reviewer")
    overlooked.post("/office/account/verify/", {"code": code})
    assert not is_in(overlooked)


def test_wrong_codes_delay_the_next_attempt(settings: Settings) -> None:
    settings.REQUIRE_TOTP = True
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    client = sign_in("reviewer")
    words(client, "/office/")
    client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)})
    guesser = sign_in("reviewer")
    device = user.totpdevice_set.get()
    device.throttling_failure_count = 6
    device.throttle_increment()
    page = guesser.post("/office/account/verify/", {"code": "123456"}).content.decode()
    assert re.search(r"请等待 \d+ 秒", page)
    assert not is_in(guesser)


def test_the_administrator_resets_a_lost_phone(settings: Settings) -> None:
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    person(Role.ADMINISTRATOR, "keeper")
    client = sign_in("reviewer")
    words(client, "/office/account/phone/")
    client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)})
    assert is_in(client)
    sign_in("keeper").post(f"/office/office/user/{user.pk}/account/", {"do": "phone"})
    assert not is_in(client)
    settings.REQUIRE_TOTP = True
    assert "绑定动态口令" in words(sign_in("reviewer"), "/office/")


# --- Two persons ---------------------------------------------------------------------------------


def account_page(user: User) -> str:
    return f"/office/office/user/{user.pk}/account/"


def posted(client: Client, url: str, **sent: object) -> str:
    return client.post(url, sent, follow=True).content.decode()


def decide(who: str, do: str) -> str:
    [waits] = AccountRequest.objects.filter(state="waiting")
    return posted(sign_in(who), "/office/account-requests/", request=waits.pk, do=do)


@pytest.mark.both_databases
@pytest.mark.parametrize("role", sorted(PRIVILEGED))
def test_an_administrator_alone_gets_no_privileged_password(role: Role) -> None:
    """Asked for, agreed to by somebody else, shown once; the next one has to be agreed to again."""
    user = person(role, "holder")
    for one, name in ((Role.ADMINISTRATOR, "keeper"), (Role.INSPECTORATE, "inspector")):
        person(one, name)
    keeper = sign_in("keeper")
    for _ in range(2):
        page = posted(keeper, account_page(user), do="password")
        assert "待确认" in page
        assert 'class="secret"' not in page
        assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert sign_in("keeper").get("/office/account-requests/").status_code == 403
    assert "已同意" in decide("inspector", "agree")
    assert 'class="secret"' in posted(keeper, account_page(user), do="password")
    assert "待确认" in posted(keeper, account_page(user), do="password")
    verbs = list(
        AuditEntry.objects.filter(verb__contains="一次性密码").values_list("verb", "actor__username")
    )
    assert sorted(verbs) == [
        ("同意重设一次性密码", "inspector"),
        ("申请重设一次性密码", "keeper"),
        ("申请重设一次性密码", "keeper"),
        ("重设一次性密码", "keeper"),
    ]


@pytest.mark.both_databases
def test_an_administrator_alone_takes_no_phone_from_a_privileged_account() -> None:
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    for role, name in ((Role.ADMINISTRATOR, "keeper"), (Role.LEADING_GROUP, "leader")):
        person(role, name)
    client = sign_in("reviewer")
    words(client, "/office/account/phone/")
    client.post("/office/account/phone/", {"code": code_of(user, confirmed=False)})
    keeper = sign_in("keeper")
    posted(keeper, account_page(user), do="phone")
    assert "不同意" in decide("leader", "refuse")
    with pytest.raises(Refused, match="须由第二人确认"):
        reset_second_factor(user=user, acting_user=User.objects.get(username="keeper"))
    assert Phone.objects.filter(user=user).exists()
    posted(keeper, account_page(user), do="phone")
    decide("leader", "agree")
    posted(keeper, account_page(user), do="phone")
    assert not Phone.objects.filter(user=user).exists()


def test_nobody_agrees_to_the_own_account_and_agreement_passes_in_three_days() -> None:
    inspector, keeper = person(Role.INSPECTORATE, "inspector"), person(Role.ADMINISTRATOR, "keeper")
    person(Role.LEADING_GROUP, "leader")
    one = two_persons.ask(user=inspector, act="password", acting_user=keeper)
    with pytest.raises(Refused, match="本人账户"):
        two_persons.decide(request_id=one.pk, agreed=True, acting_user=inspector)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        two_persons.decide(request_id=one.pk, agreed=True, acting_user=keeper)
    leader = User.objects.get(username="leader")
    two_persons.decide(request_id=one.pk, agreed=True, acting_user=leader)
    AccountRequest.objects.update(asked_at=timezone.now() - two_persons.GOOD_FOR)
    with pytest.raises(Refused, match="须由第二人确认"):
        accounts.issue_one_time_password(user=inspector, acting_user=keeper)


@pytest.mark.parametrize("way", ["new", "promoted", "brought back"])
def test_a_privileged_account_made_otherwise_opens_only_with_a_second_person(way: str) -> None:
    """A new account, another role, an account that was retired: three other ways to the same password."""
    person(Role.INSPECTORATE, "inspector")
    person(Role.ADMINISTRATOR, "keeper")
    keeper = sign_in("keeper")
    puppet = {"username": "puppet", "first_name": "甲某", "role": Role.CENTRE_REVIEWER}
    if way == "new":
        add = "/office/office/user/add/"
        page = posted(keeper, add, **managed(keeper, add), **puppet)
        user = User.objects.get(username="puppet")
    else:
        user = person(Role.PAPER_CLERK if way == "promoted" else Role.CENTRE_REVIEWER, "puppet")
        User.objects.filter(pk=user.pk).update(is_active=way == "promoted")
        change = f"/office/office/user/{user.pk}/change/"
        page = posted(keeper, change, **{**managed(keeper, change), **puppet, "is_active": "on"})
    assert 'class="secret"' not in page
    assert "须由第二人确认" in page
    user.refresh_from_db()
    assert (user.role, user.is_active, user.has_usable_password()) == (Role.CENTRE_REVIEWER, True, False)
    decide("inspector", "agree")
    assert 'class="secret"' in posted(keeper, account_page(user), do="password")


def managed(client: Client, url: str) -> dict[str, str]:
    """The hidden numbers of forms that a page of the admin sends along."""
    page = client.get(url).content.decode()
    return dict(re.findall(r'name="([a-z_-]+-(?:TOTAL|INITIAL)_FORMS|seen_mark)" value="([^"]*)"', page))


def test_the_last_who_can_agree_stays_in_office() -> None:
    user = person(Role.INSPECTORATE, "inspector")
    person(Role.ADMINISTRATOR, "keeper")
    keeper = sign_in("keeper")
    change = f"/office/office/user/{user.pk}/change/"
    sent = {**managed(keeper, change), "username": "inspector", "role": Role.INSPECTORATE}
    assert "没有人能确认账户申请" in posted(keeper, change, **sent)
    assert User.objects.get(pk=user.pk).is_active
    person(Role.LEADING_GROUP, "leader")
    posted(keeper, change, **sent)
    assert not User.objects.get(pk=user.pk).is_active


def test_the_machines_operator_needs_nobody() -> None:
    user = person(Role.CENTRE_REVIEWER, "reviewer")
    person(Role.INSPECTORATE, "inspector")
    out = StringIO()
    call_command("reset_account", "reviewer", stdout=out)
    assert "一次性密码" in out.getvalue()
    assert not User.objects.get(pk=user.pk).check_password(PASSWORD)


# --- Sessions ------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_sessions_end_at_once_when_the_role_changes_or_the_user_is_retired() -> None:
    user = person(Role.DEPARTMENT_OFFICER, "mover")
    for change_it in ({"role": Role.PAPER_CLERK}, {"is_active": False}):
        client = sign_in("mover")
        assert is_in(client)
        User.objects.filter(pk=user.pk).update(**change_it)
        assert not is_in(client)


def test_the_list_of_sessions_names_the_device_and_ends_it() -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    here = sign_in("worker")
    lost = Client(
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile MicroMessenger/8"}
    )
    lost.post("/office/login/", {"username": "worker", "password": PASSWORD})
    page = words(here, "/office/account/")
    assert "安卓手机，微信" in page
    handles = re.findall(r'name="session" value="([^"]+)"', page)
    assert len(handles) == 1, "only the others can be ended"
    keys = set(Session.objects.values_list("session_key", flat=True))
    assert not any(key in page for key in keys), "the key itself would let its reader in"
    here.post("/office/account/sessions/end/", {"session": handles[0]})
    assert is_in(here)
    assert not is_in(lost)


def test_only_an_administrator_ends_the_session_of_another() -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    victim = person(Role.DEPARTMENT_REVIEWER, "victim")
    theirs = sign_in("victim")
    handle = Session.objects.get(user=victim).handle
    page = sign_in("worker").post("/office/account/sessions/end/", {"session": handle}, follow=True)
    assert "已经结束" in page.content.decode()
    assert is_in(theirs)


def test_a_new_password_ends_the_other_sessions() -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    here, there = sign_in("worker"), sign_in("worker")
    change(here, PASSWORD, "Quite-Other-9")
    assert is_in(here)
    assert not is_in(there)


def test_idle_and_overlong_sessions_end(settings: Settings) -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    client = sign_in("worker")
    remaining = client.session.get_expiry_age()
    assert 0 < remaining <= 30 * 60
    assert client.session.get_expire_at_browser_close()
    settings.SESSION_LONGEST = -1
    assert not is_in(client)


def test_automatic_requests_do_not_extend_a_session() -> None:
    """Else an open page of a long export would never let its user's session end."""
    user = person(Role.DEPARTMENT_OFFICER, "worker")
    client = sign_in("worker")
    job = Job.objects.create(kind="office.export_list", created_by=user)
    session = client.session
    session[SEEN] = time.time() - 120
    session.save()
    before = Session.objects.get(user=user).seen_at
    assert client.get(f"/office/jobs/{job.pk}/progress/").status_code == 200
    assert Session.objects.get(user=user).seen_at == before
    assert is_in(client)
    assert Session.objects.get(user=user).seen_at > before


def test_an_idle_session_is_deleted() -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    client = sign_in("worker")
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    assert not is_in(client)


def test_sign_in_and_sign_out_are_audited() -> None:
    user = person(Role.DEPARTMENT_OFFICER, "worker")
    client = sign_in("worker")
    client.post("/office/logout/")
    assert not is_in(client)
    verbs = list(AuditEntry.objects.filter(actor=user).order_by("id").values_list("verb", "address"))
    assert verbs == [("登录", "127.0.0.1"), ("退出登录", "127.0.0.1")]


def test_the_login_page_redirects_to_no_other_site() -> None:
    person(Role.DEPARTMENT_OFFICER, "worker")
    response = Client().post(
        "/office/login/", {"username": "worker", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert response.headers["Location"] == "/office/"
    client = sign_in("worker")
    response = client.post(
        "/office/account/password/?next=//evil.example/",
        {"old_password": PASSWORD, "new_password1": "Quite-Other-9", "new_password2": "Quite-Other-9"},
    )
    assert response.headers["Location"] == "/office/"
