"""Close a month, and publish its notice: one closes, another publishes; later versions have a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from benefits.models import MonthNotice, NoticePublication
from benefits.notice.counting import told
from benefits.rules import rules
from casework.figures.closing import digest
from casework.figures.months import Month
from casework.models import ProcedureVersion
from casework.procedures.stored import in_use
from office import audit, roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def close_month(*, month: Month, reason: str = "", now: datetime, acting_user: User) -> MonthNotice:
    """Freeze the notice of a month that is over; once more only with a reason, as a new version."""
    roles.require(acting_user, "benefit.close_month")
    if month.ends > now:
        raise Refused(f"{month.in_words}还没有结束", "请在月末之后结账；本月的数字可以随时查看。")
    ProcedureVersion.objects.select_for_update().get(pk=in_use(rules()[0]).pk)
    former = last_closed(month)
    if former is not None and not reason.strip():
        raise Refused(f"{month.in_words}已经结账（第{former.number}版）", "确需重新结账的，请写明原因。")
    content = told(month, now)
    made = MonthNotice.objects.create(
        month=month.first,
        number=former.number + 1 if former else 1,
        content=content,
        sha256=digest(content),
        closed_at=now,
        closed_by=acting_user,
        reason=reason.strip()[:300] if former else "",
    )
    after = {"月份": str(month), "版次": made.number, "摘要": made.sha256[:16]}
    audit.record(
        "惠企月度结账",
        made,
        acting_user=acting_user,
        after=after | ({"原因": made.reason} if made.reason else {}),
    )
    return made


@transaction.atomic
def publish_notice(*, notice: MonthNotice, now: datetime, acting_user: User) -> NoticePublication:
    """Show the last version of a month to everybody; not by who closed it."""
    roles.require(acting_user, "benefit.publish")
    current = MonthNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if NoticePublication.objects.filter(notice=current).exists():
        raise Refused("这一版通报已经公布", "请刷新页面查看。")
    if current.closed_by_id == acting_user.pk:
        raise Refused("结账的人员不能公布自己结账的通报", "请由另一人核对后公布。")
    if not is_whole(current):
        raise Refused("存下的通报与结账时的摘要不一致", "请报系统管理员核查。")
    last = last_closed(Month.of(current.month))
    if last is not None and last.pk != current.pk:
        raise Refused(f"本月已有第{last.number}版", "请公布最新的一版。")
    made = NoticePublication.objects.create(notice=current, published_at=now, published_by=acting_user)
    after = {"月份": f"{current.month:%Y-%m}", "版次": current.number}
    audit.record("公布惠企兑现通报", current, acting_user=acting_user, after=after)
    return made


def last_closed(month: Month) -> MonthNotice | None:
    found = MonthNotice.objects.filter(month=month.first).select_related("closed_by", "publication")
    return found.order_by("-number").first()


def published() -> QuerySet[MonthNotice]:
    """The notices everybody may read, newest first; of a month the version published last comes first."""
    return MonthNotice.objects.filter(publication__isnull=False).order_by("-month", "-number")


def is_whole(notice: MonthNotice) -> bool:
    return digest(notice.content) == notice.sha256
