"""Take in an export of a platform above, or note the number that it gave to a matter of ours."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from casework.incoming import writing
from casework.incoming.headings import HOTLINE, PROVINCE
from casework.incoming.plan import IncomingPlan, compared, digest_of_known, known_matters
from casework.incoming.reading import LONGEST_NUMBER
from casework.incoming.rows import Export, read_export
from casework.matters import beside, numbers
from casework.matters.events import Act, note
from casework.matters.state import locked
from casework.models import Matter, ProcedureVersion
from office import audit, roles
from office.errors import Refused
from office.imports.unchanged import changed_since_preview
from office.models import User
from office.workbooks.sheets import ReportProgress, digest, silently, squeeze

WHAT = {HOTLINE: "12345热线工单", PROVINCE: "省平台事项"}


class Read(NamedTuple):
    export: Export
    plan: IncomingPlan


def importable(channel: str) -> list[ProcedureVersion]:
    """Return the procedures in use that take this export here, own intake or not."""
    found = ProcedureVersion.objects.filter(is_active=True).order_by("procedure_id")
    read = (
        (version, version.procedure) for version in found if not beside.intake_address(version.procedure_id)
    )
    return [version for version, rules in read if rules.is_readable and channel in rules.intake.channels]


def preview_incoming(
    *,
    content: bytes,
    channel: str,
    procedure_id: str,
    now: datetime,
    acting_user: User,
    progress: ReportProgress = silently,
) -> IncomingPlan:
    found = _read(content, channel, procedure_id, now=now, acting_user=acting_user, progress=progress)
    return found.plan


def import_incoming(
    *,
    content: bytes,
    file_name: str,
    channel: str,
    procedure_id: str,
    now: datetime,
    acting_user: User,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> IncomingPlan:
    """Import every row without fault, as previewed, or nothing; a second time there is nothing to do.

    Own intake that is switched off stops no import: what the platform above has is registered here once.
    """
    export, plan = _read(content, channel, procedure_id, now=now, acting_user=acting_user, progress=progress)
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    progress(plan.rows, plan.rows, "正在写入")
    try:
        with transaction.atomic():
            numbers.one_at_a_time(plan.version)
            if digest_of_known(*known_matters(export.rows)) != plan.known:
                raise changed_since_preview()
            writing.write(plan, now=now, by=acting_user)
            told = {"规程": plan.version.procedure.desk, "文件": file_name, **plan.counts()}
            after = {**told, "文件校验值": digest(content)}
            audit.record(f"导入{WHAT[channel]}", plan.version, acting_user=acting_user, after=after)
    except IntegrityError as error:
        raise changed_since_preview() from error
    return plan


def _read(
    content: bytes,
    channel: str,
    procedure_id: str,
    *,
    now: datetime,
    acting_user: User,
    progress: ReportProgress,
) -> Read:
    roles.require(acting_user, "matter.import")
    version = next((one for one in importable(channel) if one.procedure_id == procedure_id), None)
    if version is None:
        raise Refused("没有可以导入这类事项的办理规程", "请重新选择办理规程。")
    export = read_export(content, what=WHAT[channel], today=timezone.localdate(now), progress=progress)
    if not export.rows and not export.faults:
        raise Refused("工作簿中只有表头，没有事项", "请填写后重新上传。")
    progress(len(export.rows), len(export.rows), "正在比对")
    return Read(export, compared(export, version, channel))


@transaction.atomic
def enter_higher_number(*, matter: Matter, number: str, now: datetime, acting_user: User) -> Matter:
    """Note the number that the platform above gave to a matter of ours, so that its export finds it."""
    roles.require(acting_user, "matter.register")
    wanted = squeeze(number)
    if not wanted or len(wanted) > LONGEST_NUMBER:
        raise Refused("没有填写上级平台编号", f"请填写编号，不超过{LONGEST_NUMBER}个字符。")
    numbers.one_at_a_time(matter.version)
    current = locked(matter.pk)
    if current.higher_number == wanted:
        return current
    if current.higher_number and hasattr(current, "higher"):
        raise Refused("上级平台编号已经用于匹配", "请核对；确有错误的，报系统管理员。")
    other = Matter.objects.filter(higher_number=wanted).exclude(pk=current.pk).first()
    if other is not None:
        raise Refused(f"上级平台编号“{wanted}”已用于{other.number}", "确为同一件的，请将两件并案。")
    former, current.higher_number = current.higher_number, wanted
    current.save(update_fields=["higher_number"])
    text = f"上级平台编号 {f'由{former}改为' if former else ''}{wanted}"
    note(current, Act.NOTED, now=now, by=acting_user, text=text)
    return current
