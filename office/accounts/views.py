"""Pages of the own account, and the steps that come before all work."""

from __future__ import annotations

import time
from typing import Any

import django_otp
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from office.accounts import client, second_factor, two_persons
from office.accounts import services as accounts
from office.accounts.passwords import RULE
from office.errors import Refused
from office.models import AccountRequest, User
from office.workbench.attempt import attempt
from office.workbench.pages import show, signed_in

NEEDS_CODE = "needs_code"
WRONG, MOST_WRONG = "wrong", 5


def begin_session(request: HttpRequest, user: User) -> None:
    accounts.record_sign_in(
        session=request.session,
        address=client.address(request),
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        now=time.time(),
        user=user,
    )
    if second_factor.is_enrolled(user):
        request.session[NEEDS_CODE] = True


def duty_of(request: HttpRequest, user: User) -> str | None:
    """Return the page that must come first: the code, a new password, binding a phone."""
    if request.session.get(NEEDS_CODE):
        return "account-verify"
    if user.must_change_password:
        return "password_change"
    if second_factor.is_required(user) and not user.is_verified():  # type: ignore[attr-defined]
        return "account-verify" if second_factor.is_enrolled(user) else "account-phone"
    return None


def wrong_again(request: HttpRequest) -> HttpResponse | None:
    """Count a wrong password or code of a signed-in user; the fifth ends the session."""
    request.session[WRONG] = request.session.get(WRONG, 0) + 1
    if request.session[WRONG] < MOST_WRONG:
        return None
    logout(request)
    messages.error(request, f"已连续 {MOST_WRONG} 次输入有误，本次登录已结束，未作任何更改。请重新登录。")
    return HttpResponseRedirect(reverse("admin:login"))


def onward(request: HttpRequest) -> HttpResponse:
    """Go where the user wanted to go, within this site, else to the start page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if safe else reverse("admin:index"))


@never_cache
@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """Give an open page the present token for its form, and say whether its user may send it.

    `first` is the page that must come first, such as the one that asks for the code.
    """
    duty = duty_of(request, signed_in(request))
    first = reverse(f"admin:{duty}") if duty else ""
    return JsonResponse({"token": get_token(request), "ready": duty is None, "first": first})


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    return show(
        request,
        "office/accounts/account.html",
        "我的账户",
        account=user,
        sessions=accounts.sessions_of(user),
        current=request.session.session_key,
        enrolled=second_factor.is_enrolled(user),
        required=second_factor.is_required(user),
        codes_left=second_factor.recovery_codes_left(user),
        end_url=reverse("admin:account-end-session"),
    )


@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    with attempt(request, "所选登录会话已结束。"):
        if handle := request.POST.get("session"):
            accounts.end_session(user=user, handle=handle, acting_user=user)
        else:
            accounts.end_sessions(user=user, keep=request.session.session_key, acting_user=user)
    return HttpResponseRedirect(reverse("admin:account"))


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PasswordChangeForm(user, request.POST or None)
    if form.has_error("old_password", "password_incorrect") and (ended := wrong_again(request)):
        return ended
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_own_password(
                new_password=form.cleaned_data["new_password1"],
                acting_user=user,
                session_key=request.session.session_key,
            )
        except Refused as refusal:
            form.add_error("new_password1", str(refusal))
        else:
            update_session_auth_hash(request, user)
            request.session.pop(WRONG, None)
            messages.success(request, "密码已修改。其他设备上的登录已全部结束。")
            return onward(request)
    return show(
        request,
        "office/accounts/change_password.html",
        "修改密码",
        form=form,
        rule=RULE,
        forced=user.must_change_password,
        next=request.GET.get("next", ""),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            device = second_factor.verify(code=request.POST.get("code", ""), acting_user=user)
        except Refused as error:
            refusal = error
            if ended := wrong_again(request):
                return ended
        else:
            django_otp.login(request, device)
            request.session.pop(NEEDS_CODE, None)
            request.session.pop(WRONG, None)
            request.session.cycle_key()
            return onward(request)
    return show(
        request,
        "office/accounts/verify.html",
        "输入动态口令",
        refusal=refusal,
        next=request.GET.get("next", ""),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Bind a phone: scan, type its code, keep the recovery codes."""
    user = signed_in(request)
    refusal: Refused | None = None
    if request.method == "POST":
        try:
            device, codes = second_factor.confirm_enrolment(
                code=request.POST.get("code", ""), acting_user=user
            )
        except Refused as error:
            refusal = error
        else:
            django_otp.login(request, device)
            request.session.pop(NEEDS_CODE, None)
            request.session.cycle_key()
            accounts.end_sessions(user=user, keep=request.session.session_key, acting_user=user)
            return show(request, "office/accounts/recovery_codes.html", "请保存恢复码", codes=codes)
    device = second_factor.start_enrolment(acting_user=user)
    return show(
        request,
        "office/accounts/phone.html",
        "绑定动态口令",
        picture=mark_safe(second_factor.picture(device)),  # noqa: S308 - drawn by segno from our address
        secret=second_factor.secret_in_groups(device),
        replaces=second_factor.is_enrolled(user),
        refusal=refusal,
    )


@never_cache
@require_POST
def recovery_codes(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not second_factor.is_enrolled(user):
        messages.error(request, "请先绑定动态口令，再领取恢复码。")
        return HttpResponseRedirect(reverse("admin:account"))
    codes = second_factor.renew_recovery_codes(acting_user=user)
    return show(request, "office/accounts/recovery_codes.html", "请保存恢复码", codes=codes)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: Any) -> HttpResponse:
    """Say that an account is locked after too many wrong passwords (called by axes)."""
    if request.axes_failures_since_start is not None:  # type: ignore[attr-defined]
        accounts.record_lockout(username=(credentials or {}).get("username") or "")
    return show(request, "office/accounts/locked.html", "暂停登录", status=429)


@sensitive_post_parameters()
def account_of(request: HttpRequest, account: User) -> HttpResponse:
    """Show another user's account to the administrator, and do what is asked there."""
    if request.method == "POST":
        return _do_for(request, account, request.POST.get("do", ""))
    return show(
        request,
        "office/accounts/account.html",
        f"账户安全：{account}",
        account=account,
        other=True,
        sessions=accounts.sessions_of(account),
        current=request.session.session_key,
        enrolled=second_factor.is_enrolled(account),
        required=second_factor.is_required(account),
        codes_left=second_factor.recovery_codes_left(account),
        requests=two_persons.requests_of(account),
        by_two=two_persons.is_needed(account),
        locked=accounts.is_locked(user=account, now=timezone.now()),
        end_url=request.path,
    )


def _do_for(request: HttpRequest, account: User, act: str) -> HttpResponse:
    administrator = signed_in(request)
    if act in AccountRequest.Act.values and _waits(account, act):
        with attempt(request, "已提交申请。请纪检监察或领导小组人员在工作台确认，确认后再次点击办理。"):
            two_persons.ask(user=account, act=act, acting_user=administrator)
    elif act == "password":
        password = accounts.issue_one_time_password(user=account, acting_user=administrator)
        return show_password(request, account, password)
    elif act == "unlock":
        with attempt(request, "登录锁定已解除，该用户可以重新登录。"):
            accounts.unlock(user=account, acting_user=administrator)
    elif act == "phone":
        with attempt(request, "动态口令已重置。该用户下次登录时重新绑定手机。"):
            second_factor.reset_second_factor(user=account, acting_user=administrator)
    elif handle := request.POST.get("session"):
        with attempt(request, "所选登录会话已结束。"):
            accounts.end_session(user=account, handle=handle, acting_user=administrator)
    else:
        with attempt(request, "该用户的登录会话已全部结束。"):
            accounts.end_sessions(user=account, acting_user=administrator)
    return HttpResponseRedirect(request.path)


def _waits(account: User, act: str) -> bool:
    """Whether a second person has to agree first and has not."""
    agreed = two_persons.requests_of(account).filter(act=act, state=AccountRequest.State.AGREED)
    return two_persons.is_needed(account) and not agreed.exists()


def show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    response = show(
        request, "office/accounts/one_time_password.html", "一次性密码", account=account, password=password
    )
    response["Cache-Control"] = "no-store"
    return response
