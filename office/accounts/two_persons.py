"""Privileged accounts change hands by two persons (两人办理): the administrator asks, somebody else agrees.

Whoever can give out the password of reviewer and inspectorate has both in one hand; no role may. The
machine's operator stays free at the command line, as whoever has the machine has the database.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from office import audit, roles
from office.errors import Refused
from office.models import AccountRequest, User

Act, State = AccountRequest.Act, AccountRequest.State
GOOD_FOR = timedelta(days=3)


def is_needed(user: User) -> bool:
    """Whether this account needs a second person.

    Not before the first inspector or leader is there, who could agree: a new installation begins with
    one administrator. Retired ones count, so that retiring them opens no way.
    """
    others = User.objects.filter(role__in=roles.CONFIRMERS).exclude(pk=user.pk)
    return user.role in roles.PRIVILEGED and others.exists()


def is_last_confirmer(user: User) -> bool:
    others = User.objects.filter(role__in=roles.CONFIRMERS, is_active=True).exclude(pk=user.pk)
    return not others.exists()


def requests_of(user: User) -> QuerySet[AccountRequest]:
    """What still waits for a second person, or was agreed to and not yet done."""
    open_ones = AccountRequest.objects.filter(
        user=user, state__in=(State.WAITING, State.AGREED), asked_at__gt=timezone.now() - GOOD_FOR
    )
    return open_ones.select_related("asked_by", "decided_by").order_by("pk")


def waiting() -> QuerySet[AccountRequest]:
    found = AccountRequest.objects.filter(state=State.WAITING, asked_at__gt=timezone.now() - GOOD_FOR)
    return found.select_related("user", "asked_by").order_by("pk")


@transaction.atomic
def ask(*, user: User, act: str, acting_user: User) -> AccountRequest:
    roles.require(acting_user, "account.manage")
    if requests_of(user).filter(act=act).exists():
        raise Refused("这项申请已经提交", "请等待纪检监察或领导小组人员确认，或按确认结果办理。")
    made = AccountRequest.objects.create(user=user, act=act, asked_by=acting_user, asked_at=timezone.now())
    audit.record(f"申请{made.get_act_display()}", user, acting_user=acting_user)
    return made


@transaction.atomic
def decide(*, request_id: int, agreed: bool, acting_user: User) -> AccountRequest:
    """Agree or not; nobody decides on the own account or on what they asked for."""
    roles.require(acting_user, "account.confirm")
    found = AccountRequest.objects.select_for_update(of=("self",)).select_related("user")
    one = found.filter(pk=request_id, state=State.WAITING, asked_at__gt=timezone.now() - GOOD_FOR).first()
    if one is None:
        raise Refused("这项申请已经办理或已过期", "请刷新页面。")
    if acting_user.pk in (one.user_id, one.asked_by_id):
        raise Refused("不能确认本人账户的申请", "请由其他纪检监察或领导小组人员确认。")
    one.state, one.decided_by = (State.AGREED if agreed else State.REFUSED), acting_user
    one.save(update_fields=["state", "decided_by"])
    verb = "同意" if agreed else "不同意"
    audit.record(f"{verb}{one.get_act_display()}", one.user, acting_user=acting_user)
    return one


def is_settled(user: User, act: str) -> bool:
    """Whether nobody has to be asked, or somebody has agreed."""
    return not is_needed(user) or requests_of(user).filter(act=act, state=State.AGREED).exists()


def spend(user: User, act: str) -> None:
    """Use up what somebody agreed to; refuse where nobody has. Called in the transaction of the act."""
    if not is_needed(user):
        return
    agreed = requests_of(user).filter(act=act, state=State.AGREED).select_for_update(of=("self",)).first()
    if agreed is None:
        raise Refused(
            f"{user}是{user.get_role_display()}，{Act(act).label}须由第二人确认",
            "请先提交申请，由纪检监察或领导小组人员确认后再办理。",
        )
    agreed.state = State.DONE
    agreed.save(update_fields=["state"])


@transaction.atomic
def shut_until_agreed(*, user: User, acting_user: User) -> None:
    """Close an account that was given a privileged role: its first password waits for a second person."""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    user.sessions.all().delete()
    if not requests_of(user).filter(act=Act.PASSWORD).exists():
        ask(user=user, act=Act.PASSWORD, acting_user=acting_user)
