"""The second factor: a code from the phone (动态口令), and recovery codes for when it is lost."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from office import audit, roles
from office.accounts import two_persons
from office.encrypted_secrets import Unreadable, sealed
from office.errors import Refused
from office.models import AccountRequest, Phone, User

RECOVERY_CODES = 10
DIGITS = 6
SECRET_BYTES = 20


def is_required(user: User) -> bool:
    """Whether the office asks this user for a second factor (等保 2.0: privileged roles)."""
    return bool(settings.REQUIRE_TOTP) and user.role in roles.PRIVILEGED


def is_enrolled(user: User) -> bool:
    return Phone.objects.filter(user=user, confirmed=True).exists()


def recovery_codes_left(user: User) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def start_enrolment(*, acting_user: User) -> Phone:
    """Return the phone to be confirmed; the same one until it is, so that a reload changes nothing."""
    given = {"name": "手机动态口令", "key": _fresh_secret(acting_user)}
    device, _ = Phone.objects.get_or_create(user=acting_user, confirmed=False, defaults=given)
    try:
        secret_in_groups(device)
    except Unreadable:  # begun under another SECRET_KEY, and nobody has used it yet
        device.key = _fresh_secret(acting_user)
        device.save(update_fields=["key"])
    return device


def _fresh_secret(user: User) -> str:
    return sealed(secrets.token_bytes(SECRET_BYTES), owner=user.pk)


def secret_in_groups(device: Phone) -> str:
    """Return the secret for typing it in, where the camera does not work."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture(device: Phone) -> str:
    svg: str = segno.make(device.config_url, error="m", micro=False).svg_inline(
        scale=5, border=4, light="#ffffff", title="动态口令绑定二维码", svgclass=None, lineclass=None
    )
    return svg


def confirm_enrolment(*, code: str, acting_user: User) -> tuple[Phone, list[str]]:
    """Take the phone into use when its code is right; return it and fresh recovery codes.

    An earlier phone is dropped in the same transaction.
    """
    device = start_enrolment(acting_user=acting_user)
    if verify_token(acting_user, device.persistent_id, _digits(code)) is None:
        raise _wrong(device)
    with transaction.atomic():
        Phone.objects.filter(user=acting_user).exclude(pk=device.pk).delete()
        Phone.objects.filter(pk=device.pk).update(confirmed=True)
        device.refresh_from_db()
        codes = _fresh_codes(acting_user)
        audit.record("绑定动态口令", acting_user, acting_user=acting_user)
    return device, codes


@transaction.atomic
def renew_recovery_codes(*, acting_user: User) -> list[str]:
    """Replace the recovery codes; the earlier ones no longer work."""
    codes = _fresh_codes(acting_user)
    audit.record("更换恢复码", acting_user, acting_user=acting_user)
    return codes


def _fresh_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=kept(code, user.pk)) for code in codes)
    return codes


def kept(code: str, user_id: int) -> str:
    """Return the stored form of a recovery code: a keyed digest, useless to a reader of the database."""
    return salted_hmac("office.recovery-code", f"{user_id} {code}", algorithm="sha256").hexdigest()[:16]


def verify(*, code: str, acting_user: User) -> Device:
    """Return the device whose code this is: the phone's, or a recovery code, which is then used up."""
    typed = "".join(code.split()).lower()
    if len(typed) == DIGITS and typed.isdigit():
        device: Device | None = Phone.objects.filter(user=acting_user, confirmed=True).first()
    else:
        device = StaticDevice.objects.filter(user=acting_user, confirmed=True).first()
        typed = kept(typed, acting_user.pk)
    if device is None:
        raise Refused("验证码应为手机上显示的 6 位数字，或 8 位恢复码", "请核对后重新输入。")
    with transaction.atomic():
        verified: Device | None = verify_token(acting_user, device.persistent_id, typed)
        if verified is not None and isinstance(device, StaticDevice):
            audit.record(
                "使用恢复码登录",
                acting_user,
                acting_user=acting_user,
                after={"剩余恢复码": recovery_codes_left(acting_user)},
            )
    if verified is None:
        raise _wrong(device)
    return verified


def _wrong(device: Device) -> Refused:
    device.refresh_from_db()
    _, reasons = device.verify_is_allowed()
    until: datetime | None = (reasons or {}).get("locked_until")
    wait = int((until - timezone.now()).total_seconds()) + 1 if until else 0
    if wait <= 2:  # nobody types faster
        return Refused("验证码不正确或已使用过", "请重新输入手机上当前显示的验证码。")
    return Refused("验证码多次不正确", f"请等待 {wait} 秒后重新输入；如手机时间不准，请先校准。")


def _digits(code: str) -> str:
    return "".join(code.split())


@transaction.atomic
def reset_second_factor(*, user: User, acting_user: User | None) -> None:
    """Remove a user's phone and recovery codes, for when both are lost; all sessions end."""
    if acting_user is not None:
        roles.require(acting_user, "account.manage")
        two_persons.spend(user, AccountRequest.Act.PHONE)
    Phone.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    user.sessions.all().delete()
    audit.record("重置动态口令", user, acting_user=acting_user)
