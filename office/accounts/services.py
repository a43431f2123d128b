"""Accounts: making them, first passwords, ending sessions, unlocking (账户)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone

from office import audit, roles
from office.accounts import client, sessions, two_persons
from office.accounts.passwords import one_time_password
from office.errors import Refused
from office.models import AccountRequest, AuditEntry, Session, User

SIGNED_IN = "登录"
PASSWORD = AccountRequest.Act.PASSWORD
KNOWN_FOR = timedelta(days=30)
MOST_AT_ONCE = 40
"""A password is hashed slowly on purpose; more would outlast the minute a proxy waits for the answer."""


@transaction.atomic
def create_account(*, username: str, role: str, name: str = "", acting_user: User | None) -> tuple[User, str]:
    """Create a user and return it with a one-time password; `acting_user` None is the command line.

    The password is "" where a second person has to agree first.
    """
    if acting_user is not None:
        roles.require(acting_user, "account.manage")
    user = User(username=username, role=role, first_name=name)
    password = give_one_time_password(user)
    try:
        user.full_clean()
    except ValidationError as error:
        raise Refused("用户名或岗位角色有误", "请更正后重试。", faults=error.messages) from error
    user.save()
    audit.record(
        "新增用户",
        user,
        acting_user=acting_user,
        after={"用户名": username, "岗位角色": user.get_role_display()},
    )
    if acting_user is not None and two_persons.is_needed(user):
        two_persons.shut_until_agreed(user=user, acting_user=acting_user)
        return user, ""
    return user, password


@transaction.atomic
def issue_one_time_password(*, user: User, acting_user: User | None) -> str:
    """Give `user` a new one-time password, which is returned and kept nowhere; all sessions end."""
    if acting_user is not None:
        roles.require(acting_user, "account.manage")
        two_persons.spend(user, PASSWORD)
    password = give_one_time_password(user)
    user.save(update_fields=["password", "must_change_password"])
    user.sessions.all().delete()
    AxesProxyHandler.reset_attempts(username=user.username)
    audit.record("重设一次性密码", user, acting_user=acting_user)
    return password


@transaction.atomic
def hand_out_first_passwords(*, users: Iterable[User], acting_user: User) -> list[tuple[User, str]]:
    """Give imported users their first one-time password; who ever had a password gets none this way."""
    roles.require(acting_user, "account.manage")
    locked = User.objects.select_for_update().filter(pk__in=[user.pk for user in users])
    chosen = list(locked.order_by("username"))
    if len(chosen) > MOST_AT_ONCE:
        raise Refused(f"一次最多给{MOST_AT_ONCE}名用户发放密码", "请分几次勾选。")
    if had := [user.username for user in chosen if user.has_usable_password() or not user.is_active]:
        raise Refused(
            "所选用户中有已经领取过密码或已停用的，不能一并发放",
            "请取消勾选；忘记密码的，在“账户安全”中重设：",
            faults=had,
        )
    if waiting := [user.username for user in chosen if not two_persons.is_settled(user, PASSWORD)]:
        raise Refused(
            "所选用户中有须由第二人确认的岗位角色，不能一并发放",
            "请先在“账户安全”中提交申请，由纪检监察或领导小组人员确认，或取消勾选：",
            faults=waiting,
        )
    letters = []
    for user in chosen:
        two_persons.spend(user, PASSWORD)
        letters.append((user, give_one_time_password(user)))
        user.save(update_fields=["password", "must_change_password"])
        audit.record("发放一次性密码", user, acting_user=acting_user)
    return letters


def give_one_time_password(user: User) -> str:
    """Set, without saving, a password that must be changed after its first use; return it."""
    password = one_time_password()
    user.set_password(password)
    user.must_change_password = True
    return password


@transaction.atomic
def change_own_password(*, new_password: str, acting_user: User, session_key: str | None) -> None:
    """Change one's password; every other session of the user ends."""
    if acting_user.check_password(new_password):
        raise Refused("新密码与原密码相同", "请换一个新密码。")
    try:
        validate_password(new_password, acting_user)
    except ValidationError as error:
        raise Refused("新密码不符合要求", "请换一个新密码。", faults=error.messages) from error
    acting_user.set_password(new_password)
    acting_user.must_change_password = False
    acting_user.save(update_fields=["password", "must_change_password"])
    acting_user.sessions.exclude(session_key=session_key or "").delete()
    audit.record("修改本人密码", acting_user, acting_user=acting_user)


@transaction.atomic
def record_sign_in(
    *, session: SessionBase, address: str | None, user_agent: str, now: float, user: User
) -> None:
    session.update(
        {
            sessions.BEGAN: now,
            sessions.SEEN: now,
            sessions.ADDRESS: address,
            sessions.DEVICE: sessions.device_words(user_agent),
        }
    )
    audit.record(SIGNED_IN, user, acting_user=user, after={"设备": session[sessions.DEVICE]})


@transaction.atomic
def record_sign_out(*, user: User) -> None:
    audit.record("退出登录", user, acting_user=user)


def what_a_lock_holds_for(request: HttpRequest, credentials: Any = None) -> list[str | list[str]]:
    """Say by what wrong passwords are counted (asked by axes): by name, from wherever they come.

    From an address where the user came in lately they count for that address alone: whoever guesses
    elsewhere locks the name elsewhere, not its user's own desk.
    """
    address, name = client.address(request), (credentials or {}).get("username") or ""
    lately = timezone.now() - KNOWN_FOR
    known = AuditEntry.objects.filter(
        actor__username=name, verb=SIGNED_IN, address=address, at__gt=lately
    ).exists()
    return [["username", "ip_address"]] if address and known else ["username"]


def is_locked(*, user: User, now: datetime) -> bool:
    """Return whether too many wrong passwords came from any one place."""
    attempts = AccessAttempt.objects.filter(
        username=user.username, attempt_time__gt=now - settings.AXES_COOLOFF_TIME
    )
    wrong: int = attempts.aggregate(wrong=Sum("failures_since_start"))["wrong"] or 0
    return wrong >= settings.AXES_FAILURE_LIMIT


@transaction.atomic
def record_lockout(*, username: str) -> None:
    user = User.objects.filter(username=username).first()
    if user is not None:
        audit.record("登录失败次数过多，账户锁定", user, acting_user=None)


@transaction.atomic
def end_session(*, user: User, handle: str, acting_user: User) -> None:
    """End one session of `user`; its browser must sign in again at the next click."""
    if user != acting_user:
        roles.require(acting_user, "account.manage")
    session = next((session for session in sessions_of(user) if session.handle == handle), None)
    if session is None:
        raise Refused("该登录会话已经结束", "无需再操作。")
    session.delete()
    audit.record("结束登录会话", user, acting_user=acting_user, after={"设备": session.device})


@transaction.atomic
def end_sessions(*, user: User, keep: str | None = None, acting_user: User) -> int:
    """End all sessions of `user`, but that with the key `keep`; return how many."""
    if user != acting_user:
        roles.require(acting_user, "account.manage")
    count, _ = user.sessions.exclude(session_key=keep or "").delete()
    if count:
        audit.record("结束登录会话", user, acting_user=acting_user, after={"会话数": count})
    return count


def sessions_of(user: User) -> list[Session]:
    """Return the sessions of `user` that are still valid, the latest first."""
    valid = user.get_session_auth_hash()
    return [
        session
        for session in user.sessions.filter(expire_date__gt=timezone.now()).order_by("-seen_at")
        if session.get_decoded().get(HASH_SESSION_KEY) == valid
    ]


@transaction.atomic
def unlock(*, user: User, acting_user: User) -> None:
    roles.require(acting_user, "account.manage")
    AxesProxyHandler.reset_attempts(username=user.username)
    audit.record("解除登录锁定", user, acting_user=acting_user)
